import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { TopicClient } from './client.tsx'

type Props = { params: Promise<{ name: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) }
}

export default async function TopicPage({ params }: Props): Promise<ReactNode> {
  return <TopicClient name={decodeURIComponent((await params).name)} />
}
