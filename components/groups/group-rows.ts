import type { GroupRow } from '../../lib/contract/groups.ts'
import type { Sort } from '../ui/data-table.tsx'
import { wordFilter } from '../ui/word-filter.ts'

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
export function groupRows(groups: readonly GroupRow[], filter: string, sort: Sort): GroupRow[] {
  const holds = wordFilter(filter)
  const sign = sort.descending ? -1 : 1
  const bySortThenId = (a: GroupRow, b: GroupRow) =>
    sort.column === 'groupId'
      ? sign * a.groupId.localeCompare(b.groupId)
      : sign * compare(a, b, sort.column) || a.groupId.localeCompare(b.groupId)
  return groups
    .filter((group) => holds(`${group.groupId} ${group.topics.join(' ')} ${group.state}`))
    .sort(bySortThenId)
}
