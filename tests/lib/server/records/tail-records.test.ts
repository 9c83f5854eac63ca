import { createRecordsBatch } from '@platformatic/kafka'
import { expect, test } from 'vitest'
import { tailRecordsOf } from '../../../../lib/server/records/tail-records.ts'

const decoding = { keyDecoder: 'auto', valueDecoder: 'auto', maxText: 100, raw: false } as const

function batch(baseOffset: number, count: number, compression: 'none' | 'gzip' = 'none'): Buffer {
  const messages = Array.from({ length: count }, (_, index) => ({
    topic: 't',
    value: Buffer.from(`v${baseOffset + index}`),
    timestamp: 1_700_000_000_000n,
  }))
  const bytes = Buffer.from(createRecordsBatch(messages, { compression }).buffer)
  bytes.writeBigInt64BE(BigInt(baseOffset), 0)
  return bytes
}

function take(records: Buffer, position: number) {
  const fetched = { partition: 0, records, abortedTransactions: [] }
  const taken = tailRecordsOf(fetched, position, undefined, decoding)
  return { ...taken, records: taken.records.map(({ offset }) => offset) }
}

test('takes what lies at the position and behind it', () => {
  const records = Buffer.concat([batch(0, 3), batch(3, 2)])
  expect(take(records, 1)).toEqual({ records: [1, 2, 3, 4], skipped: 0, nextOffset: 5 })
})

test('a batch whose compressed bytes are nonsense is passed over and counted', () => {
  const bad = batch(3, 4, 'gzip')
  bad.fill(0xff, 61)
  expect(take(Buffer.concat([batch(0, 3), bad]), 0)).toEqual({
    records: [0, 1, 2],
    skipped: 4,
    nextOffset: 7,
  })
})

test('more than a person can read is counted, not decoded', () => {
  const taken = take(batch(0, 500), 0)
  expect([taken.records.length, taken.skipped, taken.nextOffset]).toEqual([200, 300, 500])
})
