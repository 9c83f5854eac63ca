import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { TopicsClient } from './client.tsx'

export const metadata: Metadata = { title: 'Topics' }

export default function TopicsPage(): ReactNode {
  return <TopicsClient />
}
