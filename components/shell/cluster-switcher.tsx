'use client'

import { Check, ChevronsUpDown } from 'lucide-react'
import dynamic from 'next/dynamic'
import type { ReactNode } from 'react'
import type { Cluster } from '../../lib/contract/clusters.ts'
import { StateDot } from '../ui/badge.tsx'
import { Select } from '../ui/input.tsx'
import { useCluster } from './use-cluster.ts'

const Menu = dynamic(() => import('../ui/menu.tsx').then((module) => module.Menu))
const MenuItem = dynamic(() => import('../ui/menu.tsx').then((module) => module.MenuItem))

const tones = { online: 'flow', connecting: 'neutral', offline: 'warm' } as const

function ClusterName({ cluster }: { cluster: Cluster | undefined }): ReactNode {
  return (
    <span className="flex min-w-0 flex-1 flex-col items-start text-left">
      <span className="max-w-full truncate text-sm font-medium text-text">{cluster?.name ?? 'Millrace'}</span>
      <span className="max-w-full truncate font-mono text-2xs text-faint">
        {cluster?.bootstrapServers[0] ?? '\u00a0'}
      </span>
    </span>
  )
}

/** The same on phones, as the platform's own list; not there while there is one cluster only. */
export function ClusterSelect(): ReactNode {
  const { id, clusters, choose } = useCluster()
  if (clusters.length < 2) return null
  return (
    <Select
      aria-label="Cluster"
      className="!w-36"
      value={id}
      onChange={(event) => choose(event.target.value)}
    >
      {clusters.map((cluster) => (
        <option key={cluster.id} value={cluster.id}>
          {cluster.name}
        </option>
      ))}
    </Select>
  )
}

/** Which cluster is on the screen; a menu when there is more than one. */
export function ClusterSwitcher(): ReactNode {
  const { cluster, clusters, choose } = useCluster()
  const dot = cluster ? (
    <StateDot tone={tones[cluster.state]}>{<span className="sr-only">{cluster.state}</span>}</StateDot>
  ) : null
  if (clusters.length < 2)
    return (
      <div className="flex h-11 items-center gap-2 rounded-md px-2">
        <ClusterName cluster={cluster} />
        {dot}
      </div>
    )
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          aria-label={`Cluster: ${cluster?.name ?? 'unknown'}. Change`}
          className="flex h-11 w-full items-center gap-2 rounded-md border border-line bg-panel px-2 hover:bg-hover"
        >
          <ClusterName cluster={cluster} />
          {dot}
          <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-faint" />
        </button>
      }
    >
      {clusters.map((other) => (
        <MenuItem key={other.id} onSelect={() => choose(other.id)}>
          <Check aria-hidden className={other.id === cluster?.id ? 'size-3.5' : 'invisible size-3.5'} />
          <span className="flex-1">{other.name}</span>
          <span className="font-mono text-2xs text-faint">{other.bootstrapServers[0]}</span>
          <StateDot tone={tones[other.state]}>
            <span className="sr-only">{other.state}</span>
          </StateDot>
        </MenuItem>
      ))}
    </Menu>
  )
}
