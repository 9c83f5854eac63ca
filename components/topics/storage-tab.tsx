'use client'

import type { ReactNode } from 'react'
import type { PartitionStorage, Segment } from '../../lib/contract/topics.ts'
import { useTopicStorage } from '../../lib/queries/topics.ts'
import { formatBytes } from '../format/bytes.ts'
import { formatCount, plural } from '../format/count.ts'
import { formatDuration, formatTimestamp } from '../format/time.ts'
import { Badge, Fidelity } from '../ui/badge.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Panel } from '../ui/panel.tsx'
import { PartitionMark } from '../ui/partition-mark.tsx'
import { Empty, Pending } from '../ui/states.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'

const reasons = { time: 'retention time', size: 'retention size', logStart: 'log start offset' }

function removalText(removal: NonNullable<Segment['removal']>): string {
  if (removal.at === null) return `next, by ${reasons[removal.reason]}`
  const inMs = removal.at - Date.now()
  return inMs <= 0
    ? `now, by ${reasons[removal.reason]}`
    : `in ${formatDuration(inMs)}, by ${reasons[removal.reason]}`
}

const soonMs = 24 * 3_600_000

function isSoon({ at }: NonNullable<Segment['removal']>): boolean {
  return at === null || at - Date.now() < soonMs
}

/** The segments of a partition as blocks in proportion to their size, oldest at the left, what goes next hatched. */
function SegmentBar({ segments, partition }: { segments: readonly Segment[]; partition: number }): ReactNode {
  return (
    <div aria-hidden className="flex h-1.5 gap-px px-4 pt-3 pb-0 [box-sizing:content-box]">
      {segments.map((segment) => (
        <span
          key={segment.baseOffset}
          className="min-w-1 rounded-[1px]"
          style={{
            flexGrow: Math.max(1, segment.sizeBytes),
            background: `var(--p${partition % 12})`,
            opacity: segment.active ? 1 : segment.removal ? 0.25 : 0.55,
          }}
        />
      ))}
    </div>
  )
}

function Segments({ segments, partition }: { segments: readonly Segment[]; partition: number }): ReactNode {
  return (
    <>
      <SegmentBar segments={segments} partition={partition} />
      <Table label={`Segments of partition ${partition}`}>
        <thead>
          <tr>
            <Th numeric>Base offset</Th>
            <Th numeric className="max-md:hidden">
              Next offset
            </Th>
            <Th numeric>Log</Th>
            <Th numeric className="max-md:hidden">
              Offset index
            </Th>
            <Th numeric className="max-md:hidden">
              Time index
            </Th>
            <Th className="max-md:hidden">Newest record</Th>
            <Th>Removed</Th>
          </tr>
        </thead>
        <tbody>
          {segments.map((segment) => (
            <Tr key={segment.baseOffset}>
              <Td numeric className="font-medium">
                {formatCount(segment.baseOffset)}
              </Td>
              <Td numeric className="max-md:hidden">
                {formatCount(segment.nextOffset)}
              </Td>
              <Td numeric>{formatBytes(segment.sizeBytes)}</Td>
              <Td numeric className="max-md:hidden">
                {formatBytes(segment.offsetIndexBytes)}
              </Td>
              <Td numeric className="max-md:hidden">
                {formatBytes(segment.timeIndexBytes)}
              </Td>
              <Td className="font-mono text-xs whitespace-nowrap text-muted max-md:hidden">
                {formatTimestamp(segment.largestTimestamp)}
              </Td>
              <Td className="whitespace-nowrap">
                {segment.removal ? (
                  <Badge tone={isSoon(segment.removal) ? 'warm' : 'neutral'}>
                    {removalText(segment.removal)}
                  </Badge>
                ) : segment.active ? (
                  <span className="text-faint">active, being written</span>
                ) : (
                  <span className="text-faint">not in sight</span>
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </>
  )
}

function PartitionPanel({ storage }: { storage: PartitionStorage }): ReactNode {
  return (
    <Panel
      flush
      title={
        <>
          <span className="sr-only">Partition </span>
          <PartitionMark partition={storage.partition} />
        </>
      }
      aside={
        <>
          <span>broker {storage.broker}</span>
          <span className="font-medium text-text tabular-nums">{formatBytes(storage.sizeBytes)}</span>
          {storage.segments && <span>{plural(storage.segments.length, 'segment')}</span>}
          <span className="flex min-w-0 items-center">
            <code className="max-w-72 truncate text-2xs max-md:max-w-40" title={storage.logDir}>
              {storage.logDir}
            </code>
            <CopyButton text={storage.logDir} label="Copy folder" />
          </span>
        </>
      }
    >
      {storage.segments ? (
        <Segments segments={storage.segments} partition={storage.partition} />
      ) : (
        <p className="px-4 py-3 text-sm text-faint">This cluster does not tell of its segment files.</p>
      )}
    </Panel>
  )
}

/** Files on disk: segments, indexes, and what retention removes next. */
export function StorageTab({ cluster, topic }: { cluster: string; topic: string }): ReactNode {
  const { data, error, refetch } = useTopicStorage(cluster, topic)
  if (!data) return <Pending what="storage" error={error} onRetry={() => void refetch()} />
  if (data.partitions.length === 0) return <Empty title="Nothing on disk" />
  const total = data.partitions.reduce((sum, partition) => sum + partition.sizeBytes, 0)
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center justify-between text-sm text-muted">
        <span>
          <span className="font-medium text-text tabular-nums">{formatBytes(total)}</span> in{' '}
          {plural(data.partitions.length, 'log')}
        </span>
        <Fidelity exact={data.precision === 'exact'} />
      </div>
      {data.partitions.map((storage) => (
        <PartitionPanel key={`${storage.partition} ${storage.broker}`} storage={storage} />
      ))}
    </div>
  )
}
