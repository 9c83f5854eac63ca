'use client'

import type { ReactNode } from 'react'
import { useConnection } from '../../lib/live/provider.tsx'
import { StateDot } from '../ui/badge.tsx'
import { Offline } from '../ui/states.tsx'
import { useCluster } from './use-cluster.ts'

/** One dot that tells whether the figures on the page are moving by themselves. */
export function ConnectionDot(): ReactNode {
  const { status, roundTripMs } = useConnection()
  if (status === 'live')
    return (
      <StateDot tone="flow">
        <span title={roundTripMs === null ? undefined : `Round trip ${roundTripMs} ms`}>Live</span>
      </StateDot>
    )
  if (status === 'connecting') return <StateDot tone="neutral">Connecting</StateDot>
  return <StateDot tone="warm">Reconnecting</StateDot>
}

/** A line under the top edge while something is away; the page below keeps its last known figures. */
export function ConnectionBanner(): ReactNode {
  const { status, attempts } = useConnection()
  const { cluster } = useCluster()
  if (status === 'offline' && attempts > 1)
    return (
      <Offline title="Millrace does not answer.">The figures are the last known; connecting again.</Offline>
    )
  if (cluster?.state === 'offline')
    return (
      <Offline title={`${cluster.name} is offline.`}>
        {cluster.problem ?? 'The broker does not answer.'} The figures are the last known.
      </Offline>
    )
  return null
}
