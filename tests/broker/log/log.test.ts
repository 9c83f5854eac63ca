import { describe, expect, test } from 'vitest'
import type { MemoryDisk } from '../../../broker/core/memory-disk.ts'
import { encodeEndTransactionMarker } from '../../../broker/records/control-record.ts'
import { recordsOf } from '../../../broker/records/record.ts'
import { batchField, RecordBatch } from '../../../broker/records/record-batch.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { LogFixture, readAll, startMs, values } from './log-fixture.ts'

const client = { origin: 'client', leaderEpoch: 0 } as const

function names(disk: MemoryDisk): string[] {
  return disk
    .readdir('/data/t-0')
    .map((entry) => entry.name)
    .sort()
}

describe('append', () => {
  test('assigns offsets and the leader epoch in place, and keeps the CRC', () => {
    const { log } = new LogFixture()
    const bytes = encodeRecordBatch(values(3))
    const crc = new RecordBatch(bytes).crc
    log.append(encodeRecordBatch(values(2)), client)
    expect(log.append(bytes, { origin: 'client', leaderEpoch: 5 })).toMatchObject({
      ok: true,
      firstOffset: 2,
      lastOffset: 4,
      logAppendTimeMs: -1,
      maxTimestampMs: startMs,
      recordCount: 3,
      duplicate: false,
    })
    const batch = readAll(log)[1]!
    expect([batch.baseOffset, batch.partitionLeaderEpoch, batch.crc]).toEqual([2, 5, crc])
    expect(log.latestEpoch).toBe(5)
  })

  test('LogAppendTime: all records get the time of the append, under a good CRC', () => {
    const fixture = new LogFixture({ messageTimestampType: 'LogAppendTime' })
    fixture.clock.advance(5000)
    const result = fixture.append(values(2, 1))
    expect(result).toMatchObject({ logAppendTimeMs: startMs + 5000, maxTimestampMs: startMs + 5000 })
    const batch = readAll(fixture.log)[0]!
    expect(batch.hasValidCrc()).toBe(true)
    expect([...recordsOf(batch)].map((record) => record.timestampMs)).toEqual([
      startMs + 5000,
      startMs + 5000,
    ])
    expect(fixture.log.offsetForTimestamp(startMs)).toEqual({
      timestampMs: startMs + 5000,
      offset: 0,
      leaderEpoch: 0,
    })
  })

  test('a client that claims LogAppendTime on a CreateTime topic keeps its own times', () => {
    const fixture = new LogFixture()
    fixture.append({ ...values(1), logAppendTimeMs: startMs - 9 })
    const batch = readAll(fixture.log)[0]!
    expect([batch.isLogAppendTime, batch.hasValidCrc()]).toEqual([false, true])
  })

  const refusals: [string, string, () => Buffer][] = [
    ['too large', 'MESSAGE_TOO_LARGE', () => encodeRecordBatch(values(30))],
    ['a flipped bit', 'CORRUPT_MESSAGE', () => flipped(encodeRecordBatch(values(2)), 80)],
    ['a base offset', 'INVALID_RECORD', () => encodeRecordBatch({ ...values(1), baseOffset: 7 })],
    [
      'two batches',
      'INVALID_RECORD',
      () => Buffer.concat([encodeRecordBatch(values(1)), encodeRecordBatch(values(1))]),
    ],
    ['nothing', 'INVALID_RECORD', () => Buffer.alloc(0)],
    ['half a batch', 'INVALID_RECORD', () => encodeRecordBatch(values(2)).subarray(0, 100)],
    ['magic 1', 'INVALID_RECORD', () => flipped(encodeRecordBatch(values(1)), batchField.magic, 3)],
    [
      'a negative length',
      'CORRUPT_MESSAGE',
      () => flipped(encodeRecordBatch(values(1)), batchField.batchLength, 0x80),
    ],
    ['a control batch', 'INVALID_RECORD', () => marker('commit', 1)],
    [
      'no sequence',
      'INVALID_RECORD',
      () => encodeRecordBatch({ ...values(1), producerId: 1, producerEpoch: 0 }),
    ],
    ['counts that differ', 'INVALID_RECORD', () => encodeRecordBatch({ records: [{ offsetDelta: 3 }] })],
    ['a time too late', 'INVALID_TIMESTAMP', () => encodeRecordBatch(values(1, startMs + 3_700_000))],
  ]
  test.each(refusals)('%s is refused with %s', (_name, error, bytes) => {
    const { log } = new LogFixture({ maxMessageBytes: 2000 })
    expect(log.append(bytes(), client)).toMatchObject({ ok: false, error })
    expect(log.logEndOffset).toBe(0)
  })

  test('an append larger than a segment is refused', () => {
    const { log } = new LogFixture({ segmentBytes: 500 })
    expect(log.append(encodeRecordBatch(values(10)), client)).toMatchObject({
      error: 'RECORD_LIST_TOO_LARGE',
    })
  })

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)(
    'a compacted topic names records without a key, %s',
    (compression) => {
      const { log } = new LogFixture({ cleanupPolicy: ['compact'] })
      const records = [{ key: 'a' }, { value: 'no key' }, { key: '' }]
      const result = log.append(encodeRecordBatch({ records, compression, timestampMs: startMs }), client)
      expect(result).toMatchObject({ error: 'INVALID_RECORD', recordErrors: [{ batchIndex: 1 }] })
    },
  )

  test('message.timestamp.before.max.ms looks at each record', () => {
    const { log } = new LogFixture({ messageTimestampBeforeMaxMs: 1000 })
    const records = [{ timestampMs: startMs }, { timestampMs: startMs - 2000 }]
    const result = log.append(encodeRecordBatch({ records }), client)
    expect(result).toMatchObject({ error: 'INVALID_TIMESTAMP', recordErrors: [{ batchIndex: 1 }] })
  })
})

function flipped(bytes: Buffer, at: number, mask = 1): Buffer {
  bytes[at]! ^= mask
  return bytes
}

function marker(type: 'commit' | 'abort', producerId: number): Buffer {
  return encodeEndTransactionMarker({
    type,
    producerId,
    producerEpoch: 0,
    coordinatorEpoch: 0,
    timestampMs: startMs,
  })
}

describe('read', () => {
  test('a mid-batch offset returns the whole batch', () => {
    const fixture = new LogFixture()
    for (let index = 0; index < 5; index++) fixture.append(10)
    const result = fixture.log.read({ offset: 23, maxBytes: 1_000_000 })
    expect(result.ok && new RecordBatch(result.records).baseOffset).toBe(20)
    expect(result).toMatchObject({ nextOffset: 50 })
  })

  test('maxBytes is kept but for the first batch where one is demanded', () => {
    const fixture = new LogFixture()
    for (let index = 0; index < 3; index++) fixture.append(10)
    expect(fixture.log.read({ offset: 0, maxBytes: 10 })).toMatchObject({ records: Buffer.alloc(0) })
    expect(fixture.log.read({ offset: 0, maxBytes: 10, minOneBatch: true })).toMatchObject({ nextOffset: 10 })
    expect(fixture.log.read({ offset: 0, maxBytes: 2500 })).toMatchObject({ nextOffset: 20 })
  })

  test('nothing at or above the upper bound, nothing at the end, an error outside', () => {
    const fixture = new LogFixture()
    for (let index = 0; index < 3; index++) fixture.append(10)
    const { log } = fixture
    expect(log.read({ offset: 0, maxBytes: 1e6, upperBoundOffset: 20 })).toMatchObject({ nextOffset: 20 })
    expect(log.read({ offset: 20, maxBytes: 1e6, upperBoundOffset: 20 })).toMatchObject({
      records: Buffer.alloc(0),
    })
    expect(log.read({ offset: 30, maxBytes: 1e6 })).toMatchObject({ ok: true, nextOffset: 30 })
    expect(log.read({ offset: 31, maxBytes: 1e6 })).toMatchObject({ error: 'OFFSET_OUT_OF_RANGE' })
    log.deleteRecordsBefore(5)
    expect(log.read({ offset: 4, maxBytes: 1e6 })).toMatchObject({ error: 'OFFSET_OUT_OF_RANGE' })
    expect(log.read({ offset: 5, maxBytes: 1e6 })).toMatchObject({ ok: true })
  })

  test('time and offset lookups across segments', () => {
    const fixture = new LogFixture({ segmentBytes: 3000, indexIntervalBytes: 500 })
    for (let index = 0; index < 40; index++) fixture.append(values(5, startMs + index * 1000))
    const { log } = fixture
    expect(log.segments().length).toBeGreaterThan(5)
    for (const check of [() => log, () => fixture.reopen(), () => fixture.kill()]) {
      const opened = check()
      for (let index = 0; index < 40; index++) {
        expect(opened.offsetForTimestamp(startMs + index * 1000 - 1)?.offset).toBe(index * 5)
      }
      expect(opened.offsetForTimestamp(startMs + 40_000)).toBeUndefined()
      expect(opened.maxTimestampOffset()).toEqual({
        timestampMs: startMs + 39_000,
        offset: 195,
        leaderEpoch: 0,
      })
    }
  })

  test('the exact record within a compressed batch is found by its time', () => {
    const fixture = new LogFixture()
    const records = [5, 1, 9, 7].map((seconds) => ({ timestampMs: startMs + seconds }))
    fixture.append({ records, compression: 'zstd' })
    expect(fixture.log.offsetForTimestamp(startMs + 6)).toMatchObject({ offset: 2, timestampMs: startMs + 9 })
    expect(fixture.log.maxTimestampOffset()).toMatchObject({ offset: 2 })
  })

  test('records that make no sense inside a good batch answer as a batch', () => {
    const fixture = new LogFixture()
    const bytes = encodeRecordBatch(values(2))
    bytes.fill(0xff, 61)
    bytes.writeUInt32BE(new RecordBatch(bytes).computeCrc(), batchField.crc)
    expect(fixture.log.append(bytes, client)).toMatchObject({ ok: true })
    expect(fixture.log.offsetForTimestamp(startMs)).toMatchObject({ offset: 0 })
  })
})

describe('segments', () => {
  test('roll by size, by time of the records, and by the clock when they have none', () => {
    const fixture = new LogFixture({ segmentMs: 10_000 })
    fixture.append(values(1, startMs))
    fixture.append(values(1, startMs + 10_000))
    expect(fixture.log.segments()).toHaveLength(1)
    fixture.append(values(1, startMs + 10_001))
    expect(fixture.log.segments()).toHaveLength(2)
    fixture.clock.advance(20_000)
    fixture.append(values(1, -1))
    expect(fixture.log.segments()).toHaveLength(3)
    fixture.log.config = { ...fixture.config, segmentBytes: 200 }
    fixture.append(values(1, startMs))
    expect(fixture.log.segments().map((segment) => segment.baseOffset)).toEqual([0, 2, 3, 4])
  })

  test('an empty log has no files but those of its folder', () => {
    const fixture = new LogFixture()
    expect([names(fixture.disk), fixture.disk.openCount]).toEqual([[], 0])
    fixture.append(1)
    fixture.log.close()
    expect(names(fixture.disk)).toEqual([
      '00000000000000000000.index',
      '00000000000000000000.log',
      '00000000000000000000.timeindex',
      '00000000000000000001.snapshot',
      'leader-epoch-checkpoint',
    ])
    expect(fixture.disk.openCount).toBe(0)
  })

  test('retention by size keeps the newest, and never crosses the high watermark', () => {
    const fixture = new LogFixture({ segmentBytes: 1500, retentionBytes: 3000, fileDeleteDelayMs: 1000 })
    for (let index = 0; index < 10; index++) fixture.append(10)
    expect(fixture.log.applyRetention(0)).toEqual([])
    const removed = fixture.log.applyRetention(100)
    expect(removed.map(({ baseOffset, reason }) => [baseOffset, reason])).toEqual(
      [0, 10, 20, 30, 40, 50, 60, 70].slice(0, removed.length).map((offset) => [offset, 'size']),
    )
    expect(fixture.log.sizeBytes).toBeLessThanOrEqual(3000 + 1500)
    expect(fixture.log.logStartOffset).toBe(removed.length * 10)
    expect(names(fixture.disk).filter((name) => name.endsWith('.deleted'))).not.toEqual([])
    fixture.clock.advance(1000)
    expect(names(fixture.disk).filter((name) => name.endsWith('.deleted'))).toEqual([])
    expect(readAll(fixture.reopen())[0]!.baseOffset).toBe(removed.length * 10)
  })

  test('retention by time empties the log when all of it is old; offsets go on', () => {
    const fixture = new LogFixture({ retentionMs: 60_000 })
    fixture.append(10)
    fixture.clock.advance(60_000)
    expect(fixture.log.applyRetention(10)).toEqual([])
    fixture.clock.advance(1)
    expect(fixture.log.applyRetention(10)).toMatchObject([{ baseOffset: 0, nextOffset: 10, reason: 'time' }])
    expect([fixture.log.logStartOffset, fixture.log.logEndOffset, fixture.log.sizeBytes]).toEqual([10, 10, 0])
    expect(fixture.reopen().logEndOffset).toBe(10)
    expect(fixture.append(1).firstOffset).toBe(10)
  })

  test('compacted topics are not trimmed by retention, but deleted records go', () => {
    const fixture = new LogFixture({ segmentBytes: 1500, retentionBytes: 0, cleanupPolicy: ['compact'] })
    const keyed = {
      records: Array.from({ length: 10 }, () => ({ key: 'k', value: 'x'.repeat(100), timestampMs: startMs })),
    }
    for (let index = 0; index < 5; index++) fixture.append(keyed)
    expect(fixture.log.applyRetention(50)).toEqual([])
    expect(fixture.log.deleteRecordsBefore(25)).toMatchObject([{ baseOffset: 0 }, { baseOffset: 10 }])
    expect(fixture.log.logStartOffset).toBe(25)
    expect(fixture.reopen().logStartOffset).toBe(25)
  })

  test('truncation drops whole batches, indexes and epochs with them', () => {
    const fixture = new LogFixture({ segmentBytes: 3000, indexIntervalBytes: 200 })
    for (let index = 0; index < 10; index++) fixture.append(values(10, startMs + index), 'client', index)
    fixture.log.truncateTo(34)
    expect([fixture.log.logEndOffset, fixture.log.latestEpoch]).toEqual([30, 2])
    expect(fixture.log.maxTimestampOffset()).toMatchObject({ offset: 20 })
    expect(fixture.append(values(1), 'client', 11).firstOffset).toBe(30)
    expect(readAll(fixture.kill()).at(-1)!.lastOffset).toBe(30)
    fixture.log.truncateFullyAndStartAt(500)
    expect(fixture.append(1).firstOffset).toBe(500)
    expect(fixture.reopen().logStartOffset).toBe(500)
  })

  test('epochs answer where they end', () => {
    const fixture = new LogFixture()
    for (const epoch of [0, 0, 2, 5]) fixture.append(values(10), 'client', epoch)
    for (const log of [fixture.log, fixture.reopen(), fixture.kill()]) {
      expect([0, 1, 2, 3, 5, 6].map((epoch) => log.endOffsetForEpoch(epoch))).toEqual([
        { leaderEpoch: 0, endOffset: 20 },
        { leaderEpoch: 0, endOffset: 20 },
        { leaderEpoch: 2, endOffset: 30 },
        { leaderEpoch: 2, endOffset: 30 },
        { leaderEpoch: 5, endOffset: 40 },
        { leaderEpoch: -1, endOffset: -1 },
      ])
      expect([0, 25, 39].map((offset) => log.epochAt(offset))).toEqual([0, 2, 5])
    }
  })

  test('flush.messages and flush.ms move the recovery point', () => {
    const fixture = new LogFixture({ flushMessages: 3, flushMs: 1000 })
    fixture.append(2)
    expect(fixture.log.recoveryPoint).toBe(0)
    fixture.append(1)
    expect(fixture.log.recoveryPoint).toBe(3)
    fixture.append(1)
    fixture.clock.advance(1000)
    expect(fixture.log.recoveryPoint).toBe(4)
  })

  test('after a roll the sealed segments are fsynced in the background', async () => {
    const fixture = new LogFixture({ segmentBytes: 1500 })
    for (let index = 0; index < 5; index++) fixture.append(10)
    await expect.poll(() => fixture.log.recoveryPoint).toBe(40)
  })
})

describe('producers', () => {
  const batch = (baseSequence: number, producerEpoch = 0, count = 1) => ({
    ...values(count),
    producerId: 9,
    producerEpoch,
    baseSequence,
  })
  const send = (fixture: LogFixture, ...args: Parameters<typeof batch>) =>
    fixture.log.append(encodeRecordBatch(batch(...args)), client)

  test('each of the last five batches is a duplicate with its own first offset; older ones are out of order', () => {
    const fixture = new LogFixture()
    for (let index = 0; index < 7; index++) fixture.append(batch(index * 3, 0, 3))
    for (let index = 2; index < 7; index++) {
      expect(send(fixture, index * 3, 0, 3)).toMatchObject({
        duplicate: true,
        firstOffset: index * 3,
        sizeBytes: 0,
      })
    }
    expect(send(fixture, 3, 0, 3)).toMatchObject({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
    expect(send(fixture, 22)).toMatchObject({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
    expect(fixture.log.logEndOffset).toBe(21)
  })

  test('sequences wrap to 0 after 2^31-1', () => {
    const fixture = new LogFixture()
    fixture.append(batch(0x7fffffff - 1, 0, 4))
    expect(fixture.log.activeProducers()[0]!.lastSequence).toBe(1)
    expect(send(fixture, 0x7fffffff - 1, 0, 4)).toMatchObject({ duplicate: true })
    expect(send(fixture, 2)).toMatchObject({ ok: true, duplicate: false })
    const other = new LogFixture()
    other.append(batch(0x7fffffff))
    expect(send(other, 0)).toMatchObject({ ok: true, firstOffset: 1 })
  })

  test('a new epoch starts at 0, an old one is fenced', () => {
    const fixture = new LogFixture()
    fixture.append(batch(0))
    expect(send(fixture, 5, 1)).toMatchObject({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
    expect(send(fixture, 0, 1)).toMatchObject({ ok: true, duplicate: false })
    expect(send(fixture, 1, 0)).toMatchObject({ error: 'INVALID_PRODUCER_EPOCH' })
  })

  test('the memory survives a clean stop, a kill and a removed snapshot', () => {
    const fixture = new LogFixture({ segmentBytes: 800 })
    for (let index = 0; index < 20; index++) fixture.append(batch(index))
    fixture.reopen()
    expect(send(fixture, 19)).toMatchObject({ duplicate: true, firstOffset: 19 })
    fixture.kill()
    for (let index = 15; index < 20; index++) expect(send(fixture, index)).toMatchObject({ duplicate: true })
    fixture.log.abandon()
    for (const name of names(fixture.disk)) {
      if (name.endsWith('.snapshot')) fixture.disk.unlink(`/data/t-0/${name}`)
    }
    fixture.log = fixture.open()
    expect(send(fixture, 19)).toMatchObject({ duplicate: true })
  })

  test('an idle producer is forgotten and may go on; one of old timestamps is not idle', () => {
    const fixture = new LogFixture({ producerIdExpirationMs: 1000 })
    fixture.append({ ...batch(0), records: [{ timestampMs: 5 }] })
    fixture.clock.advance(999)
    fixture.log.applyRetention(0)
    expect(fixture.log.activeProducers()).toHaveLength(1)
    fixture.clock.advance(1)
    fixture.log.applyRetention(0)
    expect(fixture.log.activeProducers()).toHaveLength(0)
    expect(send(fixture, 1)).toMatchObject({ ok: true })
  })

  test('transactions hold the last stable offset back, and aborted ones are found', () => {
    const fixture = new LogFixture()
    const inTransaction = (producerId: number) => ({
      ...values(2),
      producerId,
      producerEpoch: 0,
      baseSequence: 0,
      isTransactional: true,
    })
    fixture.append(1)
    fixture.append(inTransaction(1))
    fixture.append(inTransaction(2))
    expect(fixture.log.lastStableOffset(5)).toBe(1)
    expect(fixture.log.append(marker('abort', 1), { origin: 'coordinator', leaderEpoch: 0 })).toMatchObject({
      ok: true,
    })
    expect([fixture.log.lastStableOffset(5), fixture.log.lastStableOffset(6)]).toEqual([1, 3])
    expect(send(fixture, 0)).toMatchObject({ ok: true })
    expect(fixture.log.append(marker('commit', 2), { origin: 'coordinator', leaderEpoch: 0 })).toMatchObject({
      ok: true,
    })
    const aborted = [{ producerId: 1, firstOffset: 1, lastOffset: 5, lastStableOffset: 3 }]
    for (const log of [fixture.log, fixture.reopen(), fixture.kill()]) {
      expect(log.lastStableOffset(8)).toBe(8)
      expect(log.abortedTransactions(0, 8)).toMatchObject(aborted)
      expect(log.abortedTransactions(6, 8)).toEqual([])
    }
  })

  test('a batch outside of the open transaction is refused', () => {
    const fixture = new LogFixture()
    fixture.append({ ...batch(0), isTransactional: true })
    expect(send(fixture, 1)).toMatchObject({ error: 'INVALID_TXN_STATE' })
    expect(fixture.reopen().lastStableOffset(1)).toBe(0)
  })
})
