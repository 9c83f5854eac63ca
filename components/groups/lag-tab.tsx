'use client'

import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { type ReactNode, useMemo } from 'react'
import type { Point } from '../../lib/contract/figures.ts'
import type { Group, GroupHistory, GroupPartition } from '../../lib/contract/groups.ts'
import { TimeSeries } from '../charts/time-series.tsx'
import { partitionColour } from '../format/colour.ts'
import { formatCompact, formatCount, formatRate } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'
import { ClusterLink, topicPath } from '../ui/cluster-link.tsx'
import { Segmented } from '../ui/field.tsx'
import { Panel } from '../ui/panel.tsx'
import { PartitionMark } from '../ui/partition-mark.tsx'
import { Sparkline } from '../ui/sparkline.tsx'
import { Empty } from '../ui/states.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { isBehind } from './behind.ts'
import { Trend } from './trend.tsx'

const charts = ['records', 'seconds', 'partitions'] as const
type Chart = (typeof charts)[number]

const drawnPartitions = 12
const keyOf = (row: { topic: string; partition: number }) => `${row.topic}/${row.partition}`

function seriesOf(chart: Chart, history: GroupHistory, severalTopics: boolean) {
  switch (chart) {
    case 'records':
      return [{ label: 'Lag', colour: 'var(--warm-mark)', points: history.lag, fill: true }]
    case 'seconds':
      return [{ label: 'Behind by', colour: 'var(--warm-mark)', points: history.lagSeconds, fill: true }]
    case 'partitions':
      return history.partitions.slice(0, drawnPartitions).map((entry) => ({
        label: severalTopics ? keyOf(entry) : `Partition ${entry.partition}`,
        colour: partitionColour(entry.partition),
        points: entry.lag,
      }))
  }
}

function LagChart({ group, history }: { group: Group; history: GroupHistory }): ReactNode {
  const [chart, setChart] = useQueryState('chart', parseAsStringLiteral(charts).withDefault('records'))
  const severalTopics = new Set(group.partitions.map((partition) => partition.topic)).size > 1
  const series = useMemo(() => seriesOf(chart, history, severalTopics), [chart, history, severalTopics])
  return (
    <Panel
      title="Lag, last 30 minutes"
      flush
      aside={
        <Segmented
          label="Lag in"
          value={chart}
          options={[
            { value: 'records', label: 'Records' },
            { value: 'seconds', label: 'Seconds' },
            { value: 'partitions', label: 'By partition' },
          ]}
          onChange={(value) => void setChart(value)}
        />
      }
    >
      <TimeSeries
        label={`Lag of ${group.groupId}`}
        series={series}
        format={
          chart === 'seconds' ? (value) => formatDuration(value * 1000) : (value) => formatCompact(value)
        }
      />
    </Panel>
  )
}

function PartitionRow({
  row,
  points,
  client,
}: {
  row: GroupPartition
  points: readonly Point[]
  client: string | undefined
}): ReactNode {
  return (
    <Tr>
      <Td className="max-w-52 truncate">
        <ClusterLink href={topicPath(row.topic, 'partitions')} className="hover:underline">
          {row.topic}
        </ClusterLink>
      </Td>
      <Td>
        <PartitionMark partition={row.partition} />
      </Td>
      <Td numeric>{formatCount(row.committedOffset)}</Td>
      <Td numeric>{formatCount(row.highWatermark)}</Td>
      <Td numeric className={isBehind(row.lag, row.lagSeconds) ? 'font-medium text-warm' : ''}>
        {formatCount(row.lag)}
      </Td>
      <Td numeric className="w-28">
        {row.lagSeconds === null ? '–' : formatDuration(row.lagSeconds * 1000)}
      </Td>
      <Td className="max-md:hidden">
        <Sparkline points={points} width={88} height={20} colour="var(--warm-mark)" />
      </Td>
      <Td numeric className="w-28">
        <Trend perSecond={row.trend} />
      </Td>
      <Td numeric className="text-muted">
        {formatRate(row.consumedPerSecond)}/s
      </Td>
      <Td className="max-w-44 truncate text-muted">{client ?? <span className="text-faint">nobody</span>}</Td>
    </Tr>
  )
}

/** Lag as a history and partition by partition. */
export function LagTab({ group, history }: { group: Group; history: GroupHistory }): ReactNode {
  const clients = useMemo(
    () => new Map(group.members.map((member) => [member.memberId, member.clientId])),
    [group.members],
  )
  const pointsOf = useMemo(
    () => new Map(history.partitions.map((entry) => [keyOf(entry), entry.lag])),
    [history.partitions],
  )
  if (group.partitions.length === 0)
    return (
      <Empty title="No committed offset">
        Lag is the distance from the committed offset to the high watermark; it appears with the group’s first
        commit.
      </Empty>
    )
  return (
    <div className="flex flex-col gap-5">
      <LagChart group={group} history={history} />
      <Panel flush title="By partition">
        <Table label={`Offsets and lag of ${group.groupId}`}>
          <thead>
            <tr>
              <Th>Topic</Th>
              <Th>Partition</Th>
              <Th numeric>Committed</Th>
              <Th numeric>High watermark</Th>
              <Th numeric>Lag</Th>
              <Th numeric>Behind by</Th>
              <Th className="max-md:hidden">History</Th>
              <Th numeric>Trend</Th>
              <Th numeric>Reads</Th>
              <Th>Client</Th>
            </tr>
          </thead>
          <tbody>
            {group.partitions.map((row) => (
              <PartitionRow
                key={keyOf(row)}
                row={row}
                points={pointsOf.get(keyOf(row)) ?? []}
                client={row.memberId === null ? undefined : clients.get(row.memberId)}
              />
            ))}
          </tbody>
        </Table>
      </Panel>
    </div>
  )
}
