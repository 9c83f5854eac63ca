import { describe, expect, test } from 'vitest'
import { type CleanerConfig, LogCleaner } from '../../../broker/log/cleaner/log-cleaner.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { LogFixture, startMs, values } from './log-fixture.ts'

/* Configs whose whole effect is a limit: each once on either side of it. */

const segmentCount = ({ log }: LogFixture) => log.segments().length

describe('segment.index.bytes', () => {
  test('rolls when the offset index has no room for another entry', () => {
    const countWith = (segmentIndexBytes: number) => {
      const fixture = new LogFixture({ segmentIndexBytes, indexIntervalBytes: 0 })
      for (let count = 0; count < 6; count++) fixture.append(1)
      return segmentCount(fixture)
    }
    expect(countWith(12 * 100)).toBe(1)
    expect(countWith(12 * 2)).toBeGreaterThan(1)
  })
})

describe('segment.jitter.ms', () => {
  test('rolls earlier than segment.ms by the log’s share of it', () => {
    const rolledAfter = (ageMs: number) => {
      const fixture = new LogFixture({ segmentMs: 10_000, segmentJitterMs: 4000 })
      fixture.log.abandon()
      fixture.log = fixture.open({ random: () => 0.5 })
      fixture.append(1)
      fixture.append(values(1, startMs + ageMs))
      return segmentCount(fixture) > 1
    }
    expect([rolledAfter(8000), rolledAfter(8001)]).toEqual([false, true])
  })
})

describe('message.timestamp.after.max.ms', () => {
  test('refuses what lies further in the future', () => {
    const fixture = new LogFixture({ messageTimestampAfterMaxMs: 1000 })
    const at = (timestampMs: number) =>
      fixture.log.append(encodeRecordBatch(values(1, timestampMs)), { origin: 'client', leaderEpoch: 0 })
    expect(at(startMs + 1000)).toMatchObject({ ok: true })
    expect(at(startMs + 1001)).toMatchObject({ ok: false, error: 'INVALID_TIMESTAMP' })
  })
})

describe('the cleaner’s configs', () => {
  function dirtyLog(config: Partial<CleanerConfig> = {}) {
    const fixture = new LogFixture({
      cleanupPolicy: ['compact'],
      segmentBytes: 1000,
      minCleanableDirtyRatio: 0,
    })
    for (let count = 0; count < 40; count++)
      fixture.append({ records: [{ key: `k${count % 4}`, value: 'x'.repeat(100), timestampMs: startMs }] })
    let elapsedMs = 0
    const cleaned: number[] = []
    const cleaner = new LogCleaner({
      clock: fixture.clock,
      config: () => ({
        isEnabled: true,
        backoffMs: 1000,
        dedupeBufferBytes: 1024 * 1024,
        loadFactor: 0.9,
        maxBytesPerSecond: Number.POSITIVE_INFINITY,
        ...config,
      }),
      logs: () => [{ log: fixture.log, highWatermark: fixture.log.logEndOffset }],
      cleanedOffset: () => cleaned.at(-1),
      checkpoint: (_, offset) => void cleaned.push(offset),
      onCleaned: () => {},
      onFailed: (_, error) => {
        throw error
      },
      elapsedMs: () => elapsedMs,
    })
    const advance = async (milliseconds: number, stepMs: number) => {
      for (let past = 0; past < milliseconds; past += stepMs) {
        elapsedMs += stepMs
        fixture.clock.advance(stepMs)
        for (let turn = 0; turn < 20; turn++) await Promise.resolve()
      }
    }
    return { fixture, cleaner, cleaned, advance }
  }

  test('log.cleaner.backoff.ms passes before the first look', async () => {
    const { fixture, cleaner, advance } = dirtyLog()
    const { sizeBytes } = fixture.log
    cleaner.start()
    await advance(900, 100)
    expect(fixture.log.sizeBytes).toBe(sizeBytes)
    await advance(2000, 100)
    expect(fixture.log.sizeBytes).toBeLessThan(sizeBytes / 2)
    cleaner.stop()
  })

  test('log.cleaner.enable=false leaves every log as it is', async () => {
    const { fixture, cleaner, advance } = dirtyLog({ isEnabled: false })
    const { sizeBytes } = fixture.log
    cleaner.start()
    await advance(10_000, 100)
    expect(fixture.log.sizeBytes).toBe(sizeBytes)
    cleaner.stop()
  })

  test('log.cleaner.io.max.bytes.per.second stretches a pass', async () => {
    const { fixture, cleaner, cleaned, advance } = dirtyLog({ maxBytesPerSecond: 1000 })
    const { sizeBytes } = fixture.log
    cleaner.start()
    await advance(2000, 50)
    expect(fixture.log.sizeBytes).toBe(sizeBytes)
    expect(cleaned.length).toBeLessThanOrEqual(1)
    await advance(30_000, 50)
    expect(fixture.log.sizeBytes).toBeLessThan(sizeBytes / 2)
    cleaner.stop()
  })

  test.each([
    [0.9, 1],
    [0.1, 2],
  ])('log.cleaner.io.buffer.load.factor %d: one pass holds so many keys', async (loadFactor, passes) => {
    // 24 bytes a key: room for 20, of which the load factor lets a share be used; there are 4.
    const { cleaner, cleaned, advance } = dirtyLog({ loadFactor, dedupeBufferBytes: 24 * 20 })
    cleaner.start()
    await advance(1500, 10)
    cleaner.stop()
    const advanced = new Set(cleaned)
    if (passes === 1) expect(advanced.size).toBe(2)
    else expect(advanced.size).toBeGreaterThan(2)
  })
})
