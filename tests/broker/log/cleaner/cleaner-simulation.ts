import { expect } from 'vitest'
import type { MemoryDisk } from '../../../../broker/core/memory-disk.ts'
import { seededRandom } from '../../../../broker/core/random.ts'
import { LogIoError } from '../../../../broker/log/log-error.ts'
import { encodeEndTransactionMarker } from '../../../../broker/records/control-record.ts'
import { encodeRecordBatch } from '../../../../broker/records/record-batch-builder.ts'
import { LogFixture, readAll } from '../log-fixture.ts'
import { CleanerFixture, readCommitted } from './cleaner-fixture.ts'

const deleteRetentionMs = 5_000
const codecs = ['none', 'none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

type Written = { offset: number; key: string; value: string | null; timestampMs: number }
type Producer = { id: number; sequence: number; pending: Written[] | undefined }

/** A compacted log under random load, and beside it the list of what was committed, in which nothing is forgotten. */
export class CleanerSimulation {
  readonly random: () => number
  readonly logs: LogFixture
  readonly cleaner: CleanerFixture
  committed: Written[] = []
  readonly #producers: Producer[]
  readonly #keys: number
  #next = 0
  #hasCrashed = false

  constructor(seed: number) {
    this.random = seededRandom(seed)
    this.#keys = 2 + this.#upTo(20)
    this.logs = new LogFixture({
      cleanupPolicy: ['compact'],
      segmentBytes: 600 + this.#upTo(3000),
      indexIntervalBytes: 200,
      minCleanableDirtyRatio: 0,
      deleteRetentionMs,
    })
    this.cleaner = new CleanerFixture(this.logs)
    if (this.random() < 0.3) this.cleaner.dedupeBufferBytes = 24 * (3 + this.#upTo(10))
    this.#producers = [11, 12, 13].map((id) => ({ id, sequence: 0, pending: undefined }))
  }

  /** One thing that may happen; cleaning is the caller's. */
  step(): void {
    const dice = this.random()
    if (dice < 0.55) this.#appendPlain()
    else if (dice < 0.8) this.#appendTransactional()
    else if (dice < 0.92) this.#endTransaction()
    else this.logs.clock.advance(this.#upTo(4000))
  }

  /** Everything that a reader may rely on after any number of cleanings and restarts. */
  check(what: string): void {
    const { log } = this.logs
    const found = readCommitted(log)
    const byOffset = new Map(this.committed.map((each) => [each.offset, each]))
    for (const { offset, key, value, timestampMs } of found) {
      const expected = byOffset.get(offset)
      const text = value === null ? null : value.toString()
      expect({ offset, key: key!.toString(), value: text, timestampMs }, what).toEqual(expected)
    }
    const offsets = new Set(found.map(({ offset }) => offset))
    const stable = this.committed.filter(({ offset }) => offset < log.lastStableOffset(log.logEndOffset))
    const latest = new Map(stable.map((each) => [each.key, each]))
    // A crash may come after a segment was swapped in and before the checkpoint says so.
    const cleanedOffset = this.#hasCrashed ? log.logEndOffset : (this.cleaner.cleanedOffset ?? 0)
    for (const each of latest.values()) {
      const mayBeGone = each.value === null && each.offset < cleanedOffset
      if (!mayBeGone) expect(offsets.has(each.offset), `${what}: ${each.offset} ${each.key}`).toBe(true)
    }
    for (const { offset } of stable)
      if (offset >= cleanedOffset) expect(offsets.has(offset), `${what}: ${offset} is dirty`).toBe(true)
    this.#checkTombstones(what, found)
    let next = 0
    for (const batch of readAll(log)) {
      expect(batch.hasValidCrc(), what).toBe(true)
      expect(batch.baseOffset, what).toBeGreaterThanOrEqual(next)
      next = batch.nextOffset
    }
    expect(next, what).toBe(log.logEndOffset)
  }

  /** A key has one record below the cleaned offset, once no transaction is open and no write is lost. */
  checkUnique(what: string): void {
    const seen = new Set<string>()
    for (const { offset, key } of readCommitted(this.logs.log)) {
      if (offset >= (this.cleaner.cleanedOffset ?? 0)) continue
      expect(seen.has(key!.toString()), `${what}: ${key} twice`).toBe(false)
      seen.add(key!.toString())
    }
  }

  /** What is known of each producer: its last sequence and whether a transaction is open. */
  producers(): unknown {
    return this.logs.log.activeProducers().map((producer) => ({
      id: producer.producerId,
      lastSequence: producer.lastSequence,
      open: producer.currentTransactionStartOffset,
    }))
  }

  /** Cleans until the disk fails at its `failsAt`-th call from now, then loses the power. */
  async crashWhileCleaning(failsAt: number): Promise<void> {
    const { disk, log } = this.logs
    this.#hasCrashed = true
    log.flush()
    const { logStartOffset, recoveryPoint } = log
    // The checkpoint is a file that is renamed later than the segments: never on disk before them.
    const { cleanedOffset } = this.cleaner
    const lastCall = disk.callCount + failsAt
    disk.fault = ({ count }) => (count > lastCall ? { code: 'EIO' } : undefined)
    try {
      await this.cleaner.clean()
    } catch (error) {
      if (!(error instanceof LogIoError)) throw error
    }
    disk.fault = undefined
    log.abandon()
    this.cleaner.cleanedOffset = cleanedOffset
    this.#reopen(disk.crashed(this.random), { logStartOffset, recoveryPoint, wasCleaned: true })
  }

  #reopen(disk: MemoryDisk, options: { logStartOffset: number; recoveryPoint: number; wasCleaned: boolean }) {
    this.logs.disk = disk
    this.logs.log = this.logs.open(options)
  }

  #checkTombstones(what: string, found: readonly { offset: number; value: Buffer | null }[]): void {
    const { log, clock } = this.logs
    for (const batch of readAll(log)) {
      const isDue = batch.hasDeleteHorizon && batch.baseTimestampMs < clock.nowMs() - 1_000_000
      const tombstone = found.find(
        ({ offset, value }) => value === null && offset >= batch.baseOffset && offset <= batch.lastOffset,
      )
      if (isDue) expect(tombstone, `${what}: a tombstone outlived its horizon`).toBeUndefined()
    }
  }

  #appendPlain(): void {
    const isIdempotent = this.random() < 0.4
    const producer = this.#producers[this.#upTo(this.#producers.length)]!
    if (!isIdempotent || producer.pending) this.committed.push(...this.#append({}))
    else this.committed.push(...this.#append(this.#identityOf(producer)))
  }

  #appendTransactional(): void {
    const producer = this.#producers[this.#upTo(this.#producers.length)]!
    producer.pending ??= []
    producer.pending.push(...this.#append({ ...this.#identityOf(producer), isTransactional: true }))
  }

  #endTransaction(): void {
    const producer = this.#producers.find(({ pending }) => pending)
    if (!producer) return
    const type = this.random() < 0.5 ? 'abort' : 'commit'
    const timestampMs = this.logs.clock.nowMs()
    const marker = {
      type,
      producerId: producer.id,
      producerEpoch: 0,
      coordinatorEpoch: 0,
      timestampMs,
    } as const
    const result = this.logs.log.append(encodeEndTransactionMarker(marker), {
      origin: 'coordinator',
      leaderEpoch: 0,
    })
    if (!result.ok) throw new Error(result.message)
    if (type === 'commit')
      this.committed = [...this.committed, ...producer.pending!].sort((a, b) => a.offset - b.offset)
    producer.pending = undefined
  }

  #identityOf(producer: Producer) {
    return { producerId: producer.id, producerEpoch: 0, baseSequence: producer.sequence, producer }
  }

  #append(identity: { producer?: Producer; isTransactional?: boolean }): Written[] {
    const { producer, ...fields } = identity
    const records = Array.from({ length: 1 + this.#upTo(4) }, () => ({
      key: `key ${this.#upTo(this.#keys)}`,
      value: this.random() < 0.2 ? null : `value ${this.#next++} ${'x'.repeat(this.#upTo(60))}`,
      timestampMs: this.logs.clock.nowMs() - this.#upTo(1000),
    }))
    const compression = codecs[this.#upTo(codecs.length)]!
    const bytes = encodeRecordBatch({ records, compression, ...fields })
    const result = this.logs.log.append(bytes, { origin: 'client', leaderEpoch: 0 })
    if (!result.ok) throw new Error(result.message)
    if (producer) producer.sequence += records.length
    return records.map((record, index) => ({ offset: result.firstOffset + index, ...record }))
  }

  #upTo(limit: number): number {
    return Math.floor(this.random() * limit)
  }
}
