import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { BrokersClient } from './client.tsx'

export const metadata: Metadata = { title: 'Brokers' }

export default function BrokersPage(): ReactNode {
  return <BrokersClient />
}
