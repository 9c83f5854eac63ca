import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { BrokerClient } from './client.tsx'

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Broker ${(await params).id}` }
}

export default async function BrokerPage({ params }: Props): Promise<ReactNode> {
  const { id } = await params
  if (!/^\d+$/.test(id)) notFound()
  return <BrokerClient brokerId={Number(id)} />
}
