import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { GroupsClient } from './client.tsx'

export const metadata: Metadata = { title: 'Groups' }

export default function GroupsPage(): ReactNode {
  return <GroupsClient />
}
