'use client'

import { Copy, EllipsisVertical, Trash2 } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import type { TopicColumns } from '../../lib/contract/topics.ts'
import { formatBytes } from '../format/bytes.ts'
import { formatCount } from '../format/count.ts'
import { Badge } from '../ui/badge.tsx'
import { IconButton } from '../ui/button.tsx'
import { ClusterLink, topicPath } from '../ui/cluster-link.tsx'
import { type Column, DataTable, type Sort } from '../ui/data-table.tsx'
import { FlowRate } from '../ui/flow-rate.tsx'
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import type { TopicRow } from './topic-rows.ts'

export type TopicActions = { clone: (topic: string) => void; remove: (row: TopicRow) => void }

function Name({ topics, row }: { topics: TopicColumns; row: TopicRow }): ReactNode {
  const name = topics.name[row]!
  const offline = topics.offlinePartitions[row] ?? 0
  const underReplicated = topics.underReplicatedPartitions[row] ?? 0
  return (
    <span className="flex min-w-0 items-center gap-2">
      <ClusterLink
        href={topicPath(name)}
        className="min-w-0 truncate font-medium hover:underline"
        title={name}
      >
        {name}
      </ClusterLink>
      {topics.internal[row] && <Badge>internal</Badge>}
      {topics.cleanupPolicy[row]?.includes('compact') && <Badge title="cleanup.policy">compact</Badge>}
      {offline > 0 && <Badge tone="loss">{offline} offline</Badge>}
      {underReplicated > 0 && <Badge tone="warm">{underReplicated} under-replicated</Badge>}
    </span>
  )
}

function RowMenu({
  topics,
  row,
  actions,
}: {
  topics: TopicColumns
  row: TopicRow
  actions: TopicActions
}): ReactNode {
  const name = topics.name[row]!
  const [used, setUsed] = useState(false)
  const button = (
    <IconButton label={`Actions of ${name}`} size="sm" aria-haspopup="menu" onClick={() => setUsed(true)}>
      <EllipsisVertical aria-hidden className="size-4" />
    </IconButton>
  )
  // Forty menus in wait make typing and scrolling slow; a row's is made when it is asked for.
  if (!used) return button
  return (
    <Menu defaultOpen trigger={button}>
      <MenuItem onSelect={() => actions.clone(name)}>
        <Copy aria-hidden className="size-4" />
        Clone…
      </MenuItem>
      <MenuSeparator />
      <MenuItem tone="danger" disabled={topics.internal[row] ?? false} onSelect={() => actions.remove(row)}>
        <Trash2 aria-hidden className="size-4" />
        Delete…
      </MenuItem>
    </Menu>
  )
}

function figureColumns(topics: TopicColumns): Column<TopicRow>[] {
  return [
    {
      id: 'partitions',
      header: 'Partitions',
      width: '5.5rem',
      align: 'right',
      sortable: true,
      wideOnly: true,
      cell: (row) => formatCount(topics.partitions[row]),
    },
    {
      id: 'replicationFactor',
      header: 'Replicas',
      width: '4.5rem',
      align: 'right',
      wideOnly: true,
      cell: (row) => formatCount(topics.replicationFactor[row]),
    },
    {
      id: 'records',
      header: 'Records',
      width: '6.5rem',
      align: 'right',
      sortable: true,
      cell: (row) => formatCount(topics.records[row]),
    },
    {
      id: 'sizeBytes',
      header: 'Size',
      width: '5.5rem',
      align: 'right',
      sortable: true,
      wideOnly: true,
      cell: (row) => formatBytes(topics.sizeBytes[row]),
    },
    {
      id: 'recordsPerSecond',
      header: 'Rate',
      width: '5.5rem',
      align: 'right',
      sortable: true,
      cell: (row) => <FlowRate perSecond={topics.recordsPerSecond[row]} />,
    },
    {
      id: 'groups',
      header: 'Read by',
      width: '5rem',
      align: 'right',
      sortable: true,
      wideOnly: true,
      cell: (row) => formatCount(topics.groups[row]),
    },
  ]
}

function columnsOf(topics: TopicColumns, actions: TopicActions): Column<TopicRow>[] {
  return [
    {
      id: 'name',
      header: 'Topic',
      width: 'minmax(0,1fr)',
      sortable: true,
      cell: (row) => <Name topics={topics} row={row} />,
    },
    ...figureColumns(topics),
    {
      id: 'actions',
      header: 'Actions',
      quietHeader: true,
      width: '2rem',
      wideOnly: true,
      cell: (row) => <RowMenu topics={topics} row={row} actions={actions} />,
    },
  ]
}

/** All topics that the filter left, one row each, figures live. */
export function TopicsTable({
  topics,
  rows,
  sort,
  onSort,
  actions,
  empty,
}: {
  topics: TopicColumns
  rows: readonly TopicRow[]
  sort: Sort
  onSort: (sort: Sort) => void
  actions: TopicActions
  empty: ReactNode
}): ReactNode {
  const columns = useMemo(() => columnsOf(topics, actions), [topics, actions])
  return (
    <DataTable
      label="Topics"
      columns={columns}
      rows={rows}
      rowKey={(row) => topics.name[row]!}
      sort={sort}
      onSort={onSort}
      empty={empty}
      className="rounded-lg border border-line bg-panel"
    />
  )
}
