import { describe, expect, test } from 'vitest'
import { defaultLogConfig, type LogConfig } from '../../../../broker/log/log-config.ts'
import { encodeEndTransactionMarker } from '../../../../broker/records/control-record.ts'
import { recordsOf } from '../../../../broker/records/record.ts'
import type { NewRecordBatch } from '../../../../broker/records/record-batch-builder.ts'
import { LogFixture, readAll, startMs } from '../log-fixture.ts'
import { CleanerFixture, readCommitted, texts } from './cleaner-fixture.ts'

const compacted: Partial<LogConfig> = {
  cleanupPolicy: ['compact'],
  segmentBytes: 400,
  minCleanableDirtyRatio: 0,
  indexIntervalBytes: 100,
}

function fixture(config: Partial<LogConfig> = {}) {
  const logs = new LogFixture({ ...compacted, ...config })
  return { logs, cleaner: new CleanerFixture(logs) }
}

function put(
  logs: LogFixture,
  key: string,
  value: string | null,
  batch: Partial<NewRecordBatch> = {},
): number {
  return logs.append({ records: [{ key, value, timestampMs: logs.clock.nowMs() }], ...batch }).firstOffset
}

/** Seals the active segment: the next append is larger than what fits beside anything. */
function roll(logs: LogFixture): void {
  logs.log.config = { ...logs.log.config, segmentBytes: 300 }
  put(logs, 'roll', 'x'.repeat(190))
  logs.log.config = logs.config
}

function kept(logs: LogFixture): string[] {
  return texts(readAll(logs.log).flatMap((batch) => [...recordsOf(batch)])).filter(
    (each) => !each.includes(' roll='),
  )
}

function endTransaction(logs: LogFixture, type: 'abort' | 'commit', producerId: number): void {
  const marker = { type, producerId, producerEpoch: 0, coordinatorEpoch: 0, timestampMs: logs.clock.nowMs() }
  const result = logs.log.append(encodeEndTransactionMarker(marker), {
    origin: 'coordinator',
    leaderEpoch: 0,
  })
  if (!result.ok) throw new Error(result.message)
}

const transactional = (producerId: number, baseSequence = 0) => ({
  producerId,
  producerEpoch: 0,
  baseSequence,
  isTransactional: true,
})

describe('keys', () => {
  test('only the latest record of a key stays, at its offset', async () => {
    const { logs, cleaner } = fixture()
    put(logs, 'a', '1')
    put(logs, 'b', '2')
    put(logs, 'a', '3')
    roll(logs)
    const { logEndOffset } = logs.log
    expect(await cleaner.clean()).toBe(true)
    expect(kept(logs)).toEqual(['1 b=2', '2 a=3'])
    expect(logs.log.logEndOffset).toBe(logEndOffset)
    expect(logs.log.logStartOffset).toBe(0)
  })

  test('records of one batch go and its offsets stay', async () => {
    const { logs, cleaner } = fixture()
    const records = ['a', 'b', 'a', 'c'].map((key, index) => ({
      key,
      value: String(index),
      timestampMs: startMs,
    }))
    for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)
      logs.append({ records, compression })
    roll(logs)
    await cleaner.clean()
    expect(kept(logs)).toEqual(['17 b=1', '18 a=2', '19 c=3'])
    const batch = readAll(logs.log)[0]!
    expect([batch.baseOffset, batch.lastOffset, batch.recordCount, batch.compression]).toEqual([
      16,
      19,
      3,
      'zstd',
    ])
    expect(batch.hasValidCrc()).toBe(true)
  })

  test('the active segment is not touched', async () => {
    const { logs, cleaner } = fixture()
    put(logs, 'a', '1')
    roll(logs)
    put(logs, 'a', '2')
    await cleaner.clean()
    expect(kept(logs)).toEqual(['0 a=1', '2 a=2'])
  })

  test('records without a key, from before the policy, are dropped', async () => {
    const { logs, cleaner } = fixture({ cleanupPolicy: ['delete'] })
    logs.append({
      records: [
        { value: 'no key', timestampMs: startMs },
        { key: 'a', value: '1' },
      ],
    })
    roll(logs)
    logs.log.config = { ...logs.config, cleanupPolicy: ['compact'] }
    await cleaner.clean()
    expect(kept(logs)).toEqual(['1 a=1'])
  })

  test('a map that is full cleans a part, and the rest the next time', async () => {
    const { logs, cleaner } = fixture()
    cleaner.dedupeBufferBytes = 24 * 4
    for (let index = 0; index < 20; index++) put(logs, `k${index % 10}`, String(index))
    roll(logs)
    await cleaner.clean()
    const expected = Array.from({ length: 10 }, (_, index) => `${10 + index} k${index}=${10 + index}`)
    expect(kept(logs)).toEqual(expected)
  })
})

describe('tombstones', () => {
  test('stay until delete.retention.ms after their first cleaning', async () => {
    const { logs, cleaner } = fixture({ deleteRetentionMs: 1000 })
    put(logs, 'a', '1')
    put(logs, 'a', null)
    put(logs, 'b', '1')
    roll(logs)
    await cleaner.clean()
    expect(kept(logs)).toEqual(['1 a=null', '2 b=1'])
    const tombstone = readAll(logs.log)[0]!
    expect([tombstone.hasDeleteHorizon, tombstone.baseTimestampMs]).toEqual([true, startMs + 1000])
    expect([...recordsOf(tombstone)][0]!.timestampMs).toBe(startMs)

    logs.clock.advance(999)
    put(logs, 'c', '1')
    roll(logs)
    await cleaner.clean()
    expect(kept(logs)).toContain('1 a=null')

    logs.clock.advance(1)
    put(logs, 'd', '1')
    roll(logs)
    await cleaner.clean()
    expect(kept(logs)).not.toContain('1 a=null')
    expect(kept(logs)).toContain('2 b=1')
  })
})

describe('transactions', () => {
  test('aborted data goes at once, its marker after it', async () => {
    const { logs, cleaner } = fixture({ deleteRetentionMs: 1000 })
    put(logs, 'a', 'committed')
    put(logs, 'a', 'aborted', transactional(5))
    endTransaction(logs, 'abort', 5)
    // Another batch of the producer, so that the first is not its last.
    put(logs, 'b', 'committed', transactional(5, 1))
    endTransaction(logs, 'commit', 5)
    roll(logs)
    await cleaner.clean()
    expect(texts(readCommitted(logs.log)).filter((each) => !each.includes('roll'))).toEqual([
      '0 a=committed',
      '3 b=committed',
    ])
    expect(readAll(logs.log).filter((batch) => batch.isControl)).toHaveLength(2)
    for (const _ of [1, 2, 3]) {
      logs.clock.advance(1001)
      put(logs, 'x', 'y')
      roll(logs)
      await cleaner.clean()
    }
    expect(logs.log.abortedTransactions(0, logs.log.logEndOffset)).toEqual([])
    const markers = readAll(logs.log).filter((batch) => batch.isControl)
    expect(markers.map((batch) => batch.baseOffset)).toEqual([4])
  })

  test('an open transaction stops the cleaner', async () => {
    const { logs, cleaner } = fixture()
    put(logs, 'a', '1')
    put(logs, 'a', '2')
    roll(logs)
    put(logs, 'a', '3', transactional(5))
    roll(logs)
    put(logs, 'a', '4')
    roll(logs)
    await cleaner.clean()
    expect(kept(logs)).toEqual(['1 a=2', '3 a=3', '5 a=4'])
    expect(cleaner.cleanedOffset).toBe(3)
  })

  test('the last sequence of a live producer stays, in an empty batch', async () => {
    const { logs, cleaner } = fixture()
    put(logs, 'a', '1', { producerId: 5, producerEpoch: 0, baseSequence: 0 })
    put(logs, 'a', '2')
    roll(logs)
    await cleaner.clean()
    const batches = readAll(logs.log)
    expect(batches.map((batch) => [batch.baseOffset, batch.recordCount])).toEqual([
      [0, 0],
      [1, 1],
      [2, 1],
    ])
    logs.log.close()
    logs.log = logs.open({ hadCleanShutdown: true })
    expect(logs.log.activeProducers()).toMatchObject([{ producerId: 5, lastSequence: 0 }])
  })
})

describe('when', () => {
  test('the dirty ratio decides', async () => {
    const { logs, cleaner } = fixture({ minCleanableDirtyRatio: 0.5 })
    for (let index = 0; index < 10; index++) put(logs, `a${index}`, 'x'.repeat(100))
    expect(await cleaner.clean()).toBe(true)
    put(logs, 'a0', 'x'.repeat(100))
    roll(logs)
    expect(await cleaner.clean()).toBe(false)
    logs.log.config = { ...logs.config, minCleanableDirtyRatio: 0.01 }
    expect(await cleaner.clean()).toBe(true)
  })

  test('min.compaction.lag.ms keeps what is young', async () => {
    const { logs, cleaner } = fixture({ minCompactionLagMs: 10_000 })
    put(logs, 'a', '1')
    put(logs, 'a', '2')
    roll(logs)
    expect(await cleaner.clean()).toBe(false)
    logs.clock.advance(10_001)
    expect(await cleaner.clean()).toBe(true)
    expect(kept(logs)).toEqual(['1 a=2'])
  })

  test('max.compaction.lag.ms goes before the ratio', async () => {
    const { logs, cleaner } = fixture({ minCleanableDirtyRatio: 1, maxCompactionLagMs: 10_000 })
    put(logs, 'a', '1')
    put(logs, 'a', '2')
    roll(logs)
    expect(await cleaner.clean()).toBe(false)
    logs.clock.advance(10_001)
    expect(await cleaner.clean()).toBe(true)
  })

  test('a policy of delete is none of its business', async () => {
    const { logs, cleaner } = fixture({ ...defaultLogConfig, segmentBytes: 400 })
    put(logs, 'a', '1')
    put(logs, 'a', '2')
    roll(logs)
    expect(await cleaner.clean()).toBe(false)
  })
})

describe('files', () => {
  test('neighbours that fit into one segment become one, and all comes back after a restart', async () => {
    const { logs, cleaner } = fixture()
    for (let index = 0; index < 40; index++) put(logs, `k${index % 3}`, 'x'.repeat(50))
    const before = logs.log.allSegments.length
    await cleaner.clean()
    // By their sizes before: what shrank now is merged by the next cleaning, as in Kafka.
    put(logs, 'again', 'x')
    roll(logs)
    await cleaner.clean()
    const after = kept(logs)
    expect(logs.log.allSegments.length).toBeLessThan(before / 2)
    expect(logs.log.sizeBytes).toBe(logs.log.allSegments.reduce((sum, each) => sum + each.sizeBytes, 0))
    logs.reopen()
    expect(kept(logs)).toEqual(after)
    logs.kill()
    expect(kept(logs)).toEqual(after)
    logs.clock.advance(60_000)
    const names = logs.disk.readdir('/data/t-0').map(({ name }) => name)
    expect(names.filter((name) => /deleted|cleaned|swap/.test(name))).toEqual([])
  })

  test('what retention takes away meanwhile ends the cleaning and leaves nothing behind', async () => {
    const { logs, cleaner } = fixture({ cleanupPolicy: ['compact', 'delete'] })
    for (let index = 0; index < 40; index++) put(logs, `k${index}`, 'x'.repeat(50))
    const running = cleaner.clean()
    logs.log.deleteRecordsBefore(logs.log.logEndOffset - 3)
    await running
    const names = logs.disk.readdir('/data/t-0').map(({ name }) => name)
    expect(names.filter((name) => /cleaned|swap/.test(name))).toEqual([])
    expect(readAll(logs.log).at(-1)!.nextOffset).toBe(logs.log.logEndOffset)
  })

  test('a damaged batch leaves the log as it is, and says so', async () => {
    const { logs, cleaner } = fixture()
    put(logs, 'a', '1')
    put(logs, 'a', '2')
    roll(logs)
    const file = logs.disk.open('/data/t-0/00000000000000000000.log', 'append')
    logs.disk.writev(file, [Buffer.from('damage')], 62)
    logs.disk.close(file)
    expect(await cleaner.clean()).toBe(false)
    expect(cleaner.failures).toMatchObject([{ name: 'LogCorruptError' }])
    expect(logs.log.failure).toBeUndefined()
  })
})
