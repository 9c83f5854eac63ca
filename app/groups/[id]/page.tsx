import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { GroupClient } from './client.tsx'

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).id) }
}

export default async function GroupPage({ params }: Props): Promise<ReactNode> {
  return <GroupClient groupId={decodeURIComponent((await params).id)} />
}
