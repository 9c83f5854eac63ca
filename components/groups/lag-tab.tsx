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
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Segmented } from '../ui/field.tsx'
import { Panel } from '../ui/panel.tsx'
import { PartitionMark } from '../ui/partition-mark.tsx'
import { Sparkline } from '../ui/sparkline.tsx'
import { Empty } from '../ui/states.tsx'
import { behindBy, LagFigure } from './lag-figure.tsx'
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

type PointsOf = ReadonlyMap<string, readonly Point[]>

const offsetColumns: readonly Column<GroupPartition>[] = [
  {
    id: 'topic',
    header: 'Topic',
    width: 'minmax(0,1fr)',
    cell: (row) => (
      <ClusterLink href={topicPath(row.topic, 'partitions')} className="hover:underline">
        {row.topic}
      </ClusterLink>
    ),
  },
  {
    id: 'partition',
    header: 'Partition',
    width: '4.5rem',
    phoneWidth: '3.75rem',
    cell: (row) => <PartitionMark partition={row.partition} />,
  },
  {
    id: 'committed',
    header: 'Committed',
    width: '6rem',
    align: 'right',
    wideOnly: true,
    cell: (row) => formatCount(row.committedOffset),
  },
  {
    id: 'highWatermark',
    header: 'High watermark',
    width: '6.5rem',
    align: 'right',
    wideOnly: true,
    cell: (row) => formatCount(row.highWatermark),
  },
  {
    id: 'lag',
    header: 'Lag',
    width: '5.5rem',
    phoneWidth: '4.5rem',
    align: 'right',
    cell: (row) => <LagFigure {...row} />,
  },
  {
    id: 'behindBy',
    header: 'Behind by',
    width: '5.5rem',
    phoneWidth: '4.5rem',
    align: 'right',
    cell: behindBy,
  },
]

const rateColumns: readonly Column<GroupPartition>[] = [
  {
    id: 'trend',
    header: 'Trend',
    width: '5.5rem',
    align: 'right',
    wideOnly: true,
    cell: (row) => <Trend perSecond={row.trend} />,
  },
  {
    id: 'reads',
    header: 'Reads',
    width: '4.5rem',
    align: 'right',
    wideOnly: true,
    cell: (row) => <span className="text-muted">{formatRate(row.consumedPerSecond)}/s</span>,
  },
]

function columnsOf(
  pointsOf: PointsOf,
  clients: ReadonlyMap<string, string>,
): readonly Column<GroupPartition>[] {
  return [
    ...offsetColumns,
    {
      id: 'history',
      header: 'History',
      width: '6.5rem',
      wideOnly: true,
      cell: (row) => (
        <Sparkline points={pointsOf.get(keyOf(row)) ?? []} width={88} height={20} colour="var(--warm-mark)" />
      ),
    },
    ...rateColumns,
    {
      id: 'client',
      header: 'Client',
      width: 'minmax(0,0.8fr)',
      wideOnly: true,
      cell: (row) => (
        <span className="text-muted">
          {clients.get(row.memberId ?? '') ?? <span className="text-faint">nobody</span>}
        </span>
      ),
    },
  ]
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
  const columns = useMemo(() => columnsOf(pointsOf, clients), [pointsOf, clients])
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
        <DataTable
          label={`Offsets and lag of ${group.groupId}`}
          columns={columns}
          rows={group.partitions}
          rowKey={keyOf}
        />
      </Panel>
    </div>
  )
}
