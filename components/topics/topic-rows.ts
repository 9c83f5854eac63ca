import type { TopicColumns } from '../../lib/contract/topics.ts'
import type { Sort } from '../ui/data-table.tsx'
import { wordsOf } from '../ui/word-filter.ts'

/** A row is its position in the columns, so that ten thousand topics make no ten thousand objects. */
export type TopicRow = number

type SortKey = 'name' | 'partitions' | 'records' | 'sizeBytes' | 'recordsPerSecond' | 'groups'
const sortKeys: readonly string[] = [
  'name',
  'partitions',
  'records',
  'sizeBytes',
  'recordsPerSecond',
  'groups',
]

function isSortKey(column: string): column is SortKey {
  return sortKeys.includes(column)
}

const lowered = new WeakMap<readonly string[], string[]>()

function lowerNames(names: readonly string[]): readonly string[] {
  let lower = lowered.get(names)
  if (!lower) {
    lower = names.map((name) => name.toLowerCase())
    lowered.set(names, lower)
  }
  return lower
}

/** Positions of the topics whose names hold all words of `filter`, ordered by `sort`. */
export function topicRows(topics: TopicColumns, filter: string, sort: Sort): TopicRow[] {
  const words = wordsOf(filter)
  const names = lowerNames(topics.name)
  const rows: TopicRow[] = []
  for (let at = 0; at < names.length; at++) {
    const name = names[at]!
    if (words.every((word) => name.includes(word))) rows.push(at)
  }
  const key = isSortKey(sort.column) ? sort.column : 'name'
  if (key === 'name') return sort.descending ? rows.reverse() : rows
  const values = topics[key]
  const sign = sort.descending ? -1 : 1
  return rows.sort((a, b) => sign * ((values[a] ?? -1) - (values[b] ?? -1)) || a - b)
}
