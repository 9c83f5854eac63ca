import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { ClientsClient } from './client.tsx'

export const metadata: Metadata = { title: 'Clients' }

export default function ClientsPage(): ReactNode {
  return <ClientsClient />
}
