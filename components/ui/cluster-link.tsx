'use client'

import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import type { ComponentProps, ReactNode } from 'react'

/** `path` with the cluster that is on the screen kept in the query. */
export function withCluster(path: string, cluster: string | null): string {
  if (cluster === null) return path
  return `${path}${path.includes('?') ? '&' : '?'}cluster=${encodeURIComponent(cluster)}`
}

/** A link within the dashboard that stays on the cluster on the screen. */
export function ClusterLink({
  href,
  ...rest
}: Omit<ComponentProps<typeof Link>, 'href'> & { href: string }): ReactNode {
  const cluster = useSearchParams().get('cluster')
  return <Link href={withCluster(href, cluster)} prefetch={false} {...rest} />
}

export const topicPath = (topic: string, tab?: string) =>
  `/topics/${encodeURIComponent(topic)}${tab ? `?tab=${tab}` : ''}`
export const groupPath = (group: string) => `/groups/${encodeURIComponent(group)}`
