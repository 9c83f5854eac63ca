'use client'

import { type ReactNode, useMemo } from 'react'
import type { GroupRow } from '../../lib/contract/groups.ts'
import { formatCount } from '../format/count.ts'
import { Badge, StateDot } from '../ui/badge.tsx'
import { ClusterLink, groupPath } from '../ui/cluster-link.tsx'
import { type Column, DataTable, type Sort } from '../ui/data-table.tsx'
import { groupRows } from './group-rows.ts'
import { behindBy, LagFigure } from './lag-figure.tsx'
import { stateTone } from './state-tone.ts'
import { Trend } from './trend.tsx'

const columns: Column<GroupRow>[] = [
  {
    id: 'groupId',
    header: 'Group',
    width: 'minmax(0,1fr)',
    sortable: true,
    cell: (row) => (
      <span className="flex min-w-0 items-center gap-2">
        <ClusterLink
          href={groupPath(row.groupId)}
          title={row.groupId}
          className="min-w-0 truncate font-medium hover:underline"
        >
          {row.groupId}
        </ClusterLink>
        {row.type !== 'classic' && <Badge title="Group type">{row.type}</Badge>}
      </span>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: '10.5rem',
    sortable: true,
    wideOnly: true,
    cell: (row) => <StateDot tone={stateTone(row.state)}>{row.state}</StateDot>,
  },
  {
    id: 'members',
    header: 'Members',
    width: '5rem',
    align: 'right',
    sortable: true,
    wideOnly: true,
    cell: (row) => formatCount(row.members),
  },
  {
    id: 'topics',
    header: 'Topics',
    width: 'minmax(0,0.7fr)',
    wideOnly: true,
    cell: (row) => (
      <span className="text-muted" title={row.topics.join(', ')}>
        {row.topics.join(', ')}
      </span>
    ),
  },
  {
    id: 'lag',
    header: 'Lag',
    width: '6rem',
    align: 'right',
    sortable: true,
    cell: (row) => <LagFigure {...row} />,
  },
  {
    id: 'lagSeconds',
    header: 'Behind by',
    width: '6.5rem',
    align: 'right',
    sortable: true,
    cell: behindBy,
  },
  {
    id: 'trend',
    header: 'Trend',
    width: '6.5rem',
    align: 'right',
    sortable: true,
    wideOnly: true,
    cell: (row) => <Trend perSecond={row.trend} />,
  },
]

/** All groups, lag live. */
export function GroupsTable({
  groups,
  filter,
  sort,
  onSort,
  empty,
}: {
  groups: readonly GroupRow[]
  filter: string
  sort: Sort
  onSort: (sort: Sort) => void
  empty: ReactNode
}): ReactNode {
  const rows = useMemo(() => groupRows(groups, filter, sort), [groups, filter, sort])
  return (
    <DataTable
      label="Consumer groups"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.groupId}
      sort={sort}
      onSort={onSort}
      empty={empty}
      className="rounded-lg border border-line bg-panel"
    />
  )
}
