import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergeByTime } from '../../../../lib/server/records/merge.ts'
import type { RawRecord } from '../../../../lib/server/records/record-reader.ts'

const record = (partition: number, offset: number, timestamp: number) =>
  ({ partition, offset, timestamp }) as RawRecord

test('partitions are merged by time, both ways', () => {
  const partitions = [
    [record(0, 0, 10), record(0, 1, 30)],
    [record(1, 5, 20), record(1, 6, 30)],
  ]
  const offsets = (records: RawRecord[]) => records.map(({ partition, offset }) => `${partition}:${offset}`)
  expect(offsets(mergeByTime(partitions, 9, 'oldestFirst'))).toEqual(['0:0', '1:5', '0:1', '1:6'])
  expect(offsets(mergeByTime(partitions, 3, 'newestFirst'))).toEqual(['1:6', '0:1', '1:5'])
})

test('whatever the timestamps, a page is a contiguous piece of every partition', () => {
  const partitionsOf = fc.array(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 8 }), { maxLength: 4 })
  fc.assert(
    fc.property(partitionsOf, fc.integer({ min: 0, max: 20 }), fc.boolean(), (times, limit, newest) => {
      const partitions = times.map((of, p) => of.map((timestamp, offset) => record(p, offset, timestamp)))
      const merged = mergeByTime(partitions, limit, newest ? 'newestFirst' : 'oldestFirst')
      expect(merged).toHaveLength(Math.min(limit, times.flat().length))
      for (const [p, all] of partitions.entries()) {
        const taken = merged.filter(({ partition }) => partition === p)
        const expected = newest ? all.slice(all.length - taken.length).reverse() : all.slice(0, taken.length)
        expect(taken).toEqual(expected)
      }
    }),
  )
})
