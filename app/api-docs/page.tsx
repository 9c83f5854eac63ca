import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { ApiDocsClient } from './client.tsx'

export const metadata: Metadata = { title: 'API' }

export default function ApiDocsPage(): ReactNode {
  return <ApiDocsClient />
}
