import { QueryClient } from '@tanstack/react-query'
import { describe, expect, test } from 'vitest'
import type { Point } from '../../../lib/contract/figures.ts'
import type { TopicColumns } from '../../../lib/contract/topics.ts'
import { appendPoints, cacheListener, mergeRows, patchTopics } from '../../../lib/live/apply.ts'
import { keys } from '../../../lib/queries/keys.ts'

describe('appendPoints', () => {
  const minute = 60_000

  test('adds what is new and drops what is older than half an hour', () => {
    const history: Point[] = [
      [0, 1],
      [5 * minute, 2],
    ]
    expect(appendPoints(history, [[31 * minute, 3]])).toEqual([
      [5 * minute, 2],
      [31 * minute, 3],
    ])
  })

  test('a point that is there already is not added again', () => {
    const history: Point[] = [
      [1000, 1],
      [2000, 2],
    ]
    expect(
      appendPoints(history, [
        [2000, 2],
        [3000, 3],
      ]),
    ).toEqual([
      [1000, 1],
      [2000, 2],
      [3000, 3],
    ])
  })

  test('the newest point may still change until its step is over', () => {
    expect(appendPoints([[1000, 1]], [[1000, 4]])).toEqual([[1000, 4]])
  })

  test('nothing new is the same array', () => {
    const history: Point[] = [[1000, 1]]
    expect(appendPoints(history, [])).toBe(history)
  })
})

test('mergeRows replaces in place, adds at the end, leaves out the removed', () => {
  const rows = [
    { id: 'a', lag: 1 },
    { id: 'b', lag: 2 },
    { id: 'c', lag: 3 },
  ]
  const merged = mergeRows(
    rows,
    [
      { id: 'd', lag: 4 },
      { id: 'b', lag: 9 },
    ],
    (row) => row.id,
    ['a'],
  )
  expect(merged).toEqual([
    { id: 'b', lag: 9 },
    { id: 'c', lag: 3 },
    { id: 'd', lag: 4 },
  ])
})

describe('patchTopics', () => {
  const topics: TopicColumns = {
    name: ['a', 'b'],
    internal: [false, false],
    partitions: [1, 1],
    replicationFactor: [1, 1],
    records: [1, 2],
    precision: ['exact', 'exact'],
    sizeBytes: [10, 20],
    recordsPerSecond: [5, 6],
    groups: [0, 0],
    offlinePartitions: [0, 0],
    underReplicatedPartitions: [0, 0],
    cleanupPolicy: [null, null],
  }

  test('an update touches only its topics; one that is not in the list is left for the next load', () => {
    const patched = patchTopics(
      topics,
      [
        { name: 'b', records: 3, precision: 'estimate', sizeBytes: 30, recordsPerSecond: 1 },
        { name: 'new', records: 1, precision: 'exact', sizeBytes: 1, recordsPerSecond: 1 },
      ],
      false,
    )
    expect(patched.records).toEqual([1, 3])
    expect(patched.precision).toEqual(['exact', 'estimate'])
    expect(patched.recordsPerSecond).toEqual([5, 1])
    expect(patched.name).toBe(topics.name)
  })

  test('a snapshot names all that move, so the others are at rest', () => {
    const patched = patchTopics(
      topics,
      [{ name: 'b', records: 3, precision: 'estimate', sizeBytes: 30, recordsPerSecond: 1 }],
      true,
    )
    expect(patched.recordsPerSecond).toEqual([0, 1])
  })
})

test.each(['exact', 'estimate'])(
  'a snapshot never says how exact a list is: %s by REST alone',
  (precision) => {
    const client = new QueryClient()
    const key = keys.groups('one')
    const { snapshot } = cacheListener<'groups'>(client, { channel: 'groups', cluster: 'one' })
    snapshot({ groups: [] })
    expect(client.getQueryData(key)).toBeUndefined()
    client.setQueryData(key, { precision, groups: [{ groupId: 'old' }] })
    snapshot({ groups: [] })
    expect(client.getQueryData(key)).toEqual({ precision, groups: [] })
  },
)
