import { describe, expect, test } from 'vitest'
import type { MemoryDisk } from '../../../broker/core/memory-disk.ts'
import { seededRandom } from '../../../broker/core/random.ts'
import { LogIoError } from '../../../broker/log/log-error.ts'
import { recordsOf } from '../../../broker/records/record.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { LogFixture, readAll, startMs } from './log-fixture.ts'

type Written = { offset: number; value: string }

/** Appends, flushes, rolls and trims at random, remembering what was acknowledged and what was flushed. */
class Run {
  readonly random: () => number
  readonly fixture: LogFixture
  acked: Written[] = []
  flushedEnd = 0
  #sequence = 0
  #next = 0

  constructor(seed: number) {
    this.random = seededRandom(seed)
    this.fixture = new LogFixture({
      segmentBytes: 2000 + Math.floor(this.random() * 4000),
      indexIntervalBytes: 300,
    })
  }

  step(): void {
    const { log } = this.fixture
    const dice = this.random()
    if (dice < 0.85) this.append()
    else if (dice < 0.95) {
      log.flush()
      this.flushedEnd = log.logEndOffset
    } else if (dice < 0.97) log.deleteRecordsBefore(Math.floor(log.logStartOffset + this.random() * 10))
    else this.fixture.clock.advance(60_000)
  }

  append(): void {
    const count = 1 + Math.floor(this.random() * 5)
    const records = Array.from({ length: count }, () => ({
      value: `value ${this.#next++} ${'x'.repeat(this.random() * 200)}`,
    }))
    const isIdempotent = this.random() < 0.5
    const producer = isIdempotent ? { producerId: 7, producerEpoch: 0, baseSequence: this.#sequence } : {}
    const bytes = encodeRecordBatch({ records, timestampMs: startMs, ...producer })
    const result = this.fixture.log.append(bytes, {
      origin: 'client',
      leaderEpoch: Math.floor(this.random() * 3),
    })
    if (!result.ok) throw new Error(result.message)
    if (isIdempotent) this.#sequence += count
    for (const [index, { value }] of records.entries())
      this.acked.push({ offset: result.firstOffset + index, value })
  }

  crash(): void {
    const { logStartOffset, recoveryPoint } = this.fixture.log
    this.fixture.log.abandon()
    this.fixture.disk = this.fixture.disk.crashed(this.random)
    this.fixture.log = this.fixture.open({ recoveryPoint, logStartOffset })
    // A producer whose batches were lost goes on where the log's memory of it ends.
    this.#sequence = (this.fixture.log.activeProducers()[0]?.lastSequence ?? -1) + 1
  }
}

function check(run: Run, seed: number): void {
  const { log } = run.fixture
  expect(log.logEndOffset, `seed ${seed}: flushed records were lost`).toBeGreaterThanOrEqual(run.flushedEnd)
  const expected = run.acked.filter(({ offset }) => offset < log.logEndOffset)
  const found: Written[] = []
  let next = log.logStartOffset
  for (const batch of readAll(log)) {
    expect(batch.hasValidCrc(), `seed ${seed}`).toBe(true)
    expect(batch.baseOffset, `seed ${seed}: a gap`).toBeLessThanOrEqual(next)
    next = batch.nextOffset
    for (const record of recordsOf(batch))
      found.push({ offset: record.offset, value: record.value!.toString() })
  }
  expect(next).toBe(log.logEndOffset)
  const firstFound = found[0]?.offset ?? log.logEndOffset
  expect(found, `seed ${seed}`).toEqual(expected.filter(({ offset }) => offset >= firstFound))
}

describe('crashes', () => {
  test.each(Array.from({ length: 150 }, (_, index) => index + 1))('power loss, seed %i', (seed) => {
    const run = new Run(seed)
    for (let round = 0; round < 4; round++) {
      const steps = Math.floor(run.random() * 60)
      for (let step = 0; step < steps; step++) run.step()
      try {
        run.crash()
      } catch (error) {
        // A sealed segment that was not yet fsynced may be torn below later ones: it is told, nothing is cut.
        expect(String(error), `seed ${seed}`).toContain('Later segments hold records')
        return
      }
      check(run, seed)
      run.acked = run.acked.filter(({ offset }) => offset < run.fixture.log.logEndOffset)
      run.flushedEnd = Math.min(run.flushedEnd, run.fixture.log.logEndOffset)
    }
  })

  test.each(Array.from({ length: 60 }, (_, index) => index + 1))('kill -9 loses nothing, seed %i', (seed) => {
    const run = new Run(seed)
    for (let round = 0; round < 4; round++) {
      for (let step = 0; step < 40; step++) run.step()
      const { logEndOffset, recoveryPoint } = run.fixture.log
      run.fixture.kill(recoveryPoint)
      expect(run.fixture.log.logEndOffset).toBe(logEndOffset)
      expect(run.fixture.log.truncatedBytes).toBe(0)
      check(run, seed)
    }
  })
})

describe('a disk that fails', () => {
  /** Runs with the fault at the nth write until no write is left to fail. */
  function atEachWrite(code: string, writtenBytes: number): void {
    for (let nth = 1; nth < 400; nth++) {
      const run = new Run(nth)
      let writes = 0
      let failed = false
      run.fixture.disk.fault = ({ operation }) => {
        if (operation !== 'write' || ++writes !== nth) return undefined
        failed = true
        return { code, writtenBytes }
      }
      for (let step = 0; step < 40; step++) tryStep(run)
      run.fixture.disk.fault = undefined
      run.fixture.kill(run.fixture.log.recoveryPoint)
      check(run, nth)
      if (!failed) return
    }
  }

  function tryStep(run: Run): void {
    try {
      run.step()
    } catch (error) {
      expect(error).toBeInstanceOf(LogIoError)
    }
  }

  test.each([0, 1, 30, 70, 150])('EIO at the nth write, %i bytes of it written', (bytes) =>
    atEachWrite('EIO', bytes),
  )

  test('a write that was cut back does not return when the power goes', () => {
    const run = new Run(1)
    run.append()
    run.fixture.log.flush()
    const { disk, log } = run.fixture
    const end = log.logEndOffset
    disk.fault = ({ operation }) =>
      operation === 'write' ? { code: 'EIO', writtenBytes: 10_000 } : undefined
    expect(() => run.append()).toThrow(LogIoError)
    // Of what was not fsynced, the first write stays.
    run.fixture.disk = disk.crashed(() => 0.4)
    expect(run.fixture.open({ recoveryPoint: end }).logEndOffset).toBe(end)
  })

  test('a full disk: appends fail, what was acknowledged stays, and there is room again', () => {
    const run = new Run(1)
    const disk: MemoryDisk = run.fixture.disk
    disk.capacityBytes = 5000
    let failures = 0
    for (let step = 0; step < 60; step++) {
      try {
        run.append()
      } catch (error) {
        expect(error).toMatchObject({ name: 'LogIoError', code: 'ENOSPC' })
        expect(String(error)).toContain('disk is full')
        failures++
      }
    }
    expect(failures).toBeGreaterThan(0)
    check(run, 1)
    disk.capacityBytes = Number.POSITIVE_INFINITY
    run.fixture.kill()
    run.append()
    check(run, 1)
  })
})
