'use client'

import { type ReactNode, useMemo } from 'react'
import type { GroupRow } from '../../lib/contract/groups.ts'
import { formatCount } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'
import { Badge, StateDot } from '../ui/badge.tsx'
import { ClusterLink, groupPath } from '../ui/cluster-link.tsx'
import { type Column, DataTable, type Sort } from '../ui/data-table.tsx'
import { isBehind } from './behind.ts'
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
    cell: (row) => (
      <span className={isBehind(row.lag, row.lagSeconds) ? 'font-medium text-warm' : ''}>
        {formatCount(row.lag)}
      </span>
    ),
  },
  {
    id: 'lagSeconds',
    header: 'Behind by',
    width: '6.5rem',
    align: 'right',
    sortable: true,
    cell: (row) => (row.lagSeconds === null ? '–' : formatDuration(row.lagSeconds * 1000)),
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

function compare(a: GroupRow, b: GroupRow, column: string): number {
  switch (column) {
    case 'state':
      return a.state.localeCompare(b.state)
    case 'members':
      return a.members - b.members
    case 'lag':
      return (a.lag ?? -1) - (b.lag ?? -1)
    case 'lagSeconds':
      return (a.lagSeconds ?? -1) - (b.lagSeconds ?? -1)
    case 'trend':
      return (a.trend ?? 0) - (b.trend ?? 0)
    default:
      return 0
  }
}

/** Rows whose id or topics hold all words of `filter`, ordered by `sort`, then by id. */
function groupRows(groups: readonly GroupRow[], filter: string, sort: Sort): GroupRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const sign = sort.descending ? -1 : 1
  const bySortThenId = (a: GroupRow, b: GroupRow) =>
    sort.column === 'groupId'
      ? sign * a.groupId.localeCompare(b.groupId)
      : sign * compare(a, b, sort.column) || a.groupId.localeCompare(b.groupId)
  return groups
    .filter((group) => {
      const text = `${group.groupId} ${group.topics.join(' ')} ${group.state}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    .sort(bySortThenId)
}

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
