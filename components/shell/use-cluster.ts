'use client'

import { parseAsString, useQueryState } from 'nuqs'
import type { Cluster } from '../../lib/contract/clusters.ts'
import { useClusters } from '../../lib/queries/clusters.ts'

/**
 * The cluster on the screen: `?cluster=` or the server's first. The shell draws no page before `id` is known.
 */
export function useCluster(): {
  id: string
  cluster: Cluster | undefined
  clusters: readonly Cluster[]
  choose: (id: string) => void
} {
  const [chosen, setChosen] = useQueryState('cluster', parseAsString.withOptions({ history: 'push' }))
  const { data } = useClusters()
  const clusters = data?.clusters ?? []
  const cluster = chosen === null ? clusters[0] : clusters.find((other) => other.id === chosen)
  return {
    id: chosen ?? clusters[0]?.id ?? '',
    cluster,
    clusters,
    choose: (id) => void setChosen(id === clusters[0]?.id ? null : id),
  }
}
