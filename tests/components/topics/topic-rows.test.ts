import { expect, test } from 'vitest'
import { busiestTopics } from '../../../components/overview/busiest-panel.tsx'
import { topicRows } from '../../../components/topics/topic-rows.ts'
import type { TopicColumns } from '../../../lib/contract/topics.ts'

function columns(rates: Record<string, number>): TopicColumns {
  const name = Object.keys(rates).sort()
  const zeros = name.map(() => 0)
  return {
    name,
    internal: name.map(() => false),
    partitions: zeros,
    replicationFactor: zeros,
    records: name.map((one) => rates[one]!),
    precision: name.map(() => 'exact' as const),
    sizeBytes: zeros,
    recordsPerSecond: name.map((one) => rates[one]!),
    groups: zeros,
    offlinePartitions: zeros,
    underReplicatedPartitions: zeros,
    cleanupPolicy: name.map(() => null),
  }
}

const topics = columns({ 'orders.eu': 5, 'orders.us': 9, 'payments.eu': 0, audit: 1 })
const namesOf = (rows: number[]) => rows.map((row) => topics.name[row])

test('every word must be in the name, in any order and case', () => {
  expect(namesOf(topicRows(topics, 'EU ord', { column: 'name', descending: false }))).toEqual(['orders.eu'])
})

test('ordered by a figure, equal ones by name', () => {
  const rows = topicRows(topics, '', { column: 'records', descending: true })
  expect(namesOf(rows)).toEqual(['orders.us', 'orders.eu', 'audit', 'payments.eu'])
})

test('filtering ten thousand names takes some milliseconds', () => {
  const many = columns(Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`topic.${n}.eu`, n])))
  topicRows(many, 'topic', { column: 'name', descending: false })
  const begun = performance.now()
  expect(topicRows(many, '99 eu', { column: 'records', descending: true }).length).toBeGreaterThan(100)
  expect(performance.now() - begun).toBeLessThan(50)
})

test('busiest: by rate, at rest left out, no more than asked for', () => {
  expect(namesOf(busiestTopics(topics, 2))).toEqual(['orders.us', 'orders.eu'])
  expect(namesOf(busiestTopics(topics, 9))).toEqual(['orders.us', 'orders.eu', 'audit'])
})
