'use client'

import { Eraser, Rows3 } from 'lucide-react'
import dynamic from 'next/dynamic'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import type { Partition, Topic } from '../../lib/contract/topics.ts'
import { onAppends } from '../../lib/live/appends.ts'
import { formatBytes } from '../format/bytes.ts'
import { partitionColour } from '../format/colour.ts'
import { formatCount, formatRate } from '../format/count.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { FlowRate } from '../ui/flow-rate.tsx'
import { LiveRegion } from '../ui/live-region.tsx'
import { PartitionMark } from '../ui/partition-mark.tsx'
import { Hint } from '../ui/tooltip.tsx'
import { Lane } from './lane.tsx'
import { LaneFeed } from './lane-feed.ts'

const AddPartitionsDialog = dynamic(
  () => import('./add-partitions-dialog.tsx').then((module) => module.AddPartitionsDialog),
  { ssr: false },
)
const DeleteRecordsDialog = dynamic(
  () => import('./delete-records-dialog.tsx').then((module) => module.DeleteRecordsDialog),
  { ssr: false },
)

function useLaneFeed(cluster: string, topic: string): LaneFeed {
  const feed = useMemo(() => new LaneFeed(), [])
  useEffect(
    () => onAppends(cluster, topic, (appends) => feed.add(appends, performance.now())),
    [cluster, topic, feed],
  )
  return feed
}

/** A partition's share of the records against the largest one. */
function Share({ partition, largest }: { partition: Partition; largest: number }): ReactNode {
  const records = partition.records ?? 0
  return (
    <span className="flex items-center justify-between gap-2">
      <span aria-hidden className="h-1.5 w-12 overflow-hidden rounded-[1px] bg-sunken">
        <span
          className="block h-full"
          style={{
            width: `${largest === 0 ? 0 : (records / largest) * 100}%`,
            background: partitionColour(partition.partition),
          }}
        />
      </span>
      <span>{formatCount(partition.records)}</span>
    </span>
  )
}

function Replicas({ partition }: { partition: Partition }): ReactNode {
  const outOfSync = partition.replicas.filter((replica) => !partition.isr.includes(replica))
  if (partition.problem !== null)
    return (
      <Hint label={partition.problem} className="cursor-help">
        <Badge tone="loss">offline</Badge>
      </Hint>
    )
  return (
    <span title={`Replicas ${partition.replicas.join(', ')}; in sync ${partition.isr.join(', ')}`}>
      {partition.replicas.length}
      {outOfSync.length > 0 && <span className="text-warm"> ({outOfSync.length} out)</span>}
    </span>
  )
}

const rateAndOffsets: readonly Column<Partition>[] = [
  {
    id: 'rate',
    header: 'Rate',
    width: '4.5rem',
    phoneWidth: '3.25rem',
    align: 'right',
    cell: (row) => <FlowRate perSecond={row.recordsPerSecond} />,
  },
  {
    id: 'start',
    header: 'Start offset',
    width: '5.25rem',
    align: 'right',
    wideOnly: true,
    cell: (row) => formatCount(row.logStartOffset),
  },
  {
    id: 'end',
    header: 'End offset',
    width: '6rem',
    phoneWidth: '4.5rem',
    align: 'right',
    cell: (row) => formatCount(row.highWatermark),
  },
]

const sizeAndReplicas: readonly Column<Partition>[] = [
  {
    id: 'size',
    header: 'Size',
    width: '4.5rem',
    align: 'right',
    wideOnly: true,
    cell: (row) => formatBytes(row.sizeBytes),
  },
  {
    id: 'leader',
    header: 'Leader',
    width: '3.5rem',
    align: 'right',
    wideOnly: true,
    cell: (row) => (row.leader < 0 ? <span className="text-loss">none</span> : row.leader),
  },
  {
    id: 'replicas',
    header: 'Replicas',
    width: '4rem',
    align: 'right',
    wideOnly: true,
    cell: (row) => <Replicas partition={row} />,
  },
]

function columnsOf(feed: LaneFeed, largest: number): Column<Partition>[] {
  return [
    {
      id: 'partition',
      header: 'Partition',
      width: '4.5rem',
      phoneWidth: '3.25rem',
      cell: (row) => <PartitionMark partition={row.partition} />,
    },
    {
      id: 'lane',
      header: 'Last 12 seconds',
      width: 'minmax(0,1fr)',
      cell: (row) => <Lane feed={feed} partition={row.partition} />,
    },
    ...rateAndOffsets,
    {
      id: 'records',
      header: 'Records',
      width: '7.5rem',
      align: 'right',
      wideOnly: true,
      cell: (row) => <Share partition={row} largest={largest} />,
    },
    ...sizeAndReplicas,
  ]
}

function Skew({ topic }: { topic: Topic }): ReactNode {
  if (topic.skew === null || topic.partitions.length < 2) return null
  return (
    <Hint label="Records in the fullest partition over the mean: 1 is even; a hot key pushes it up.">
      Skew <span className="font-medium tabular-nums">{topic.skew.toFixed(2)}</span>
    </Hint>
  )
}

/** Each partition a lane that moves as records arrive, with its offsets, share, size and replicas. */
export function PartitionsTab({ cluster, topic }: { cluster: string; topic: Topic }): ReactNode {
  const [open, setOpen] = useState<'add' | 'delete' | null>(null)
  const feed = useLaneFeed(cluster, topic.name)
  const largest = topic.partitions.reduce((most, partition) => Math.max(most, partition.records ?? 0), 0)
  const columns = useMemo(() => columnsOf(feed, largest), [feed, largest])
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-sm text-muted max-md:basis-full">
          <Skew topic={topic} />
        </span>
        <span className="flex-1" />
        {!topic.internal && (
          <>
            <Button onClick={() => setOpen('delete')}>
              <Eraser aria-hidden className="size-4" />
              Delete records
            </Button>
            <Button onClick={() => setOpen('add')}>
              <Rows3 aria-hidden className="size-4" />
              Add partitions
            </Button>
          </>
        )}
      </div>
      <DataTable
        label={`Partitions of ${topic.name}`}
        columns={columns}
        rows={topic.partitions}
        rowKey={(row) => row.partition}
        className="rounded-lg border border-line bg-panel"
      />
      <LiveRegion
        text={`${topic.name}: ${formatCount(topic.records)} records, ${formatRate(topic.recordsPerSecond)} a second`}
      />
      {open === 'add' && (
        <AddPartitionsDialog cluster={cluster} topic={topic} onClose={() => setOpen(null)} />
      )}
      {open === 'delete' && (
        <DeleteRecordsDialog cluster={cluster} topic={topic} onClose={() => setOpen(null)} />
      )}
    </div>
  )
}
