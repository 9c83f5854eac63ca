'use client'

import { parseAsString, useQueryState } from 'nuqs'
import type { Cluster } from '../../lib/contract/clusters.ts'
import { useClusters } from '../../lib/queries/clusters.ts'

/** The id that the server gives the broker in its own process; what the page asks for before it knows better. */
const assumedCluster = 'embedded'

/**
 * The cluster on the screen: `?cluster=` or the server's first. `id` is known at once, so that a page's own query
 * need not wait for the list; `cluster` comes with it.
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
    id: chosen ?? clusters[0]?.id ?? assumedCluster,
    cluster,
    clusters,
    choose: (id) => void setChosen(id === clusters[0]?.id ? null : id),
  }
}
