import { expect, test } from 'vitest'
import { groupRows } from '../../../components/groups/group-rows.ts'
import type { GroupRow } from '../../../lib/contract/groups.ts'

/** A row with only the fields that filter and order look at. */
function group(groupId: string, rest: Partial<GroupRow>): GroupRow {
  return {
    groupId,
    topics: [],
    state: 'Stable',
    members: 0,
    lag: null,
    lagSeconds: null,
    trend: null,
    ...rest,
  } as GroupRow
}

test('groups by words of id, topics and state; unknown lag is least, ties by id', () => {
  const groups = [
    group('b', { topics: ['orders'], lag: 3 }),
    group('c', { topics: ['orders'], state: 'Empty' }),
    group('a', { topics: ['Orders'], lag: 3 }),
    group('d', { topics: ['flights'], lag: 9 }),
  ]
  const byLag = { column: 'lag', descending: true }
  expect(groupRows(groups, 'orders', byLag).map((row) => row.groupId)).toEqual(['a', 'b', 'c'])
  expect(groupRows(groups, 'empty orders', byLag).map((row) => row.groupId)).toEqual(['c'])
})
