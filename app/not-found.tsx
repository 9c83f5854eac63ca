import type { ReactNode } from 'react'
import { ClusterLink } from '../components/ui/cluster-link.tsx'
import { Empty } from '../components/ui/states.tsx'

export default function NotFound(): ReactNode {
  return (
    <Empty
      page
      title="There is no such page"
      className="flex-1"
      action={
        <ClusterLink href="/" className="underline">
          Overview
        </ClusterLink>
      }
    />
  )
}
