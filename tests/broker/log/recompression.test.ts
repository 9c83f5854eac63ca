import { describe, expect, test } from 'vitest'
import { encodeEndTransactionMarker } from '../../../broker/records/control-record.ts'
import { recordsOf } from '../../../broker/records/record.ts'
import { batchField, RecordBatch } from '../../../broker/records/record-batch.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { LogFixture, readAll, startMs } from './log-fixture.ts'

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
const records = Array.from({ length: 20 }, (_, index) => ({
  key: `key ${index}`,
  value: index % 5 === 0 ? null : 'value '.repeat(index),
  headers: [{ key: 'h', value: String(index) }],
  timestampMs: startMs + index,
}))

describe.each(codecs)('compression.type %s', (codec) => {
  test.each(codecs)('a batch that comes as %s', (compression) => {
    const logs = new LogFixture({ compression: { codec } })
    const sent = encodeRecordBatch({ records, compression, producerId: 7, producerEpoch: 1, baseSequence: 3 })
    const before = [...recordsOf(new RecordBatch(Buffer.from(sent)))]
    const result = logs.log.append(sent, { origin: 'client', leaderEpoch: 4 })
    expect(result).toMatchObject({ ok: true, firstOffset: 0, lastOffset: 19, recordCount: 20 })
    const [batch] = readAll(logs.log)
    expect(batch!.compression).toBe(codec)
    expect(batch!.hasValidCrc()).toBe(true)
    expect([batch!.producerId, batch!.producerEpoch, batch!.baseSequence]).toEqual([7, 1, 3])
    expect([...recordsOf(batch!)]).toEqual(before)
    expect(logs.log.sizeBytes).toBe(batch!.sizeBytes)
  })
})

test('the level is the topic’s', () => {
  const value = Array.from({ length: 3000 }, (_, index) => String((index * 7919) % 1013)).join(' ')
  const sizeAt = (level: number, codec: 'gzip' | 'zstd') => {
    const logs = new LogFixture({ compression: { codec, level } })
    logs.append({ records: [{ value, timestampMs: startMs }] })
    return logs.log.sizeBytes
  }
  expect(sizeAt(9, 'gzip')).toBeLessThan(sizeAt(1, 'gzip'))
  expect(sizeAt(19, 'zstd')).toBeLessThan(sizeAt(-50, 'zstd'))
})

test('a change acts on the next append', () => {
  const logs = new LogFixture()
  logs.append({ records })
  logs.log.config = { ...logs.config, compression: { codec: 'zstd', level: 3 } }
  logs.append({ records })
  expect(readAll(logs.log).map((batch) => batch.compression)).toEqual(['none', 'zstd'])
})

test('markers stay as they are, and so does what a follower gets', () => {
  const logs = new LogFixture({ compression: { codec: 'gzip', level: 6 } })
  const marker = {
    type: 'commit',
    producerId: 1,
    producerEpoch: 0,
    coordinatorEpoch: 0,
    timestampMs: startMs,
  } as const
  logs.log.append(encodeEndTransactionMarker(marker), { origin: 'coordinator', leaderEpoch: 0 })
  logs.log.append(encodeRecordBatch({ records, baseOffset: 1 }), { origin: 'replication', leaderEpoch: 0 })
  expect(readAll(logs.log).map((batch) => batch.compression)).toEqual(['none', 'none'])
})

test('a batch that outgrows max.message.bytes is refused, and one that is no batch', () => {
  const logs = new LogFixture({ compression: { codec: 'none' }, maxMessageBytes: 5000 })
  const big = encodeRecordBatch({ records: [{ value: 'x'.repeat(10_000) }], compression: 'gzip' })
  const tooLarge = logs.log.append(big, { origin: 'client', leaderEpoch: 0 })
  expect(tooLarge).toMatchObject({ ok: false, error: 'MESSAGE_TOO_LARGE' })
  const nonsense = encodeRecordBatch({ records: [{ value: 'x' }], compression: 'gzip' })
  nonsense.fill(7, batchField.records)
  nonsense.writeUInt32BE(new RecordBatch(nonsense).computeCrc(), batchField.crc)
  const corrupt = logs.log.append(nonsense, { origin: 'client', leaderEpoch: 0 })
  expect(corrupt).toMatchObject({ ok: false, error: 'CORRUPT_MESSAGE' })
  expect(logs.log.logEndOffset).toBe(0)
})

test('a retry of a batch that was compressed anew is a duplicate', () => {
  const logs = new LogFixture({ compression: { codec: 'zstd', level: 3 } })
  const batch = { records, producerId: 7, producerEpoch: 0, baseSequence: 0 }
  logs.append(batch)
  expect(logs.append(batch)).toMatchObject({ duplicate: true, firstOffset: 0 })
})
