import type { RawRecord } from './record-reader.ts'

/**
 * Merges partitions by timestamp, each kept in its own offset order even where its timestamps are not, so that
 * a page is a contiguous piece of every partition. Each list is in offset order; ties go by partition.
 */
export function mergeByTime(
  partitions: readonly (readonly RawRecord[])[],
  limit: number,
  order: 'newestFirst' | 'oldestFirst',
): RawRecord[] {
  const newest = order === 'newestFirst'
  const heads = partitions
    .filter((records) => records.length > 0)
    .map((records) => ({ records, at: newest ? records.length - 1 : 0 }))
  const step = newest ? -1 : 1
  const merged: RawRecord[] = []
  while (merged.length < limit && heads.length > 0) {
    let best = 0
    for (let i = 1; i < heads.length; i++) {
      const a = heads[i]!.records[heads[i]!.at]!
      const b = heads[best]!.records[heads[best]!.at]!
      const before = a.timestamp === b.timestamp ? a.partition < b.partition : a.timestamp < b.timestamp
      if (before !== newest) best = i
    }
    const head = heads[best]!
    merged.push(head.records[head.at]!)
    head.at += step
    if (head.at < 0 || head.at >= head.records.length) heads.splice(best, 1)
  }
  return merged
}
