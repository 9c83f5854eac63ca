import type { Allocate } from '../core/buffer-pool.ts'
import type { AppendOrigin, AppendResult } from '../log/append.ts'
import type { Log } from '../log/log.ts'
import { LogCorruptError, LogIoError } from '../log/log-error.ts'
import type { ActiveProducer } from '../log/producer-entry.ts'
import type { AbortedTransaction, ReadResult, RegionRead, TimestampAndOffset } from '../log/read.ts'
import type { RemovedSegment } from '../log/segment-list.ts'
import type { PartitionImage } from './metadata-image.ts'

/**
 * `empty`: nothing was ever written, so there is no folder yet; the first append makes it. `offline`: the disk failed
 * or holds nonsense; `reason` is for a person, and requests get KAFKA_STORAGE_ERROR.
 */
export type PartitionState =
  | { readonly status: 'empty' }
  | { readonly status: 'online'; readonly log: Log }
  | { readonly status: 'offline'; readonly reason: string; readonly sinceMs: number }

/** An operation on a partition whose disk failed, now or before. */
export type StorageFailure = {
  readonly ok: false
  readonly error: 'KAFKA_STORAGE_ERROR'
  readonly message: string
}

/** What a fetch may see: everything for followers, up to the high watermark, or to the last stable offset. */
export type ReadBound = 'logEnd' | 'highWatermark' | 'lastStable'

export type PartitionReadOptions = { offset: number; maxBytes: number; bound: ReadBound }

/** Somebody who waits for more records; told how many bytes came, or 0 when only an offset moved. */
export type PartitionWatcher = { advanced(partition: Partition, sizeBytes: number): void }

/** What a partition tells its node. */
export type PartitionListener = {
  appended(partition: Partition, recordCount: number, sizeBytes: number): void
  /** Its log start moved or segments were dropped. */
  trimmed(partition: Partition): void
  wentOffline(partition: Partition, reason: string): void
}

export type PartitionOptions = {
  readonly topic: string
  readonly topicId: string
  readonly nodeId: number
  readonly image: PartitionImage
  readonly listener: PartitionListener
  readonly nowMs: () => number
  /** Makes or opens the log. Throws LogIoError, LogCorruptError. */
  readonly openLog: () => Log
}

/** The disk's fault; anything else that a log throws is a bug of ours. */
export function isStorageError(error: unknown): error is LogIoError | LogCorruptError {
  return error instanceof LogIoError || error instanceof LogCorruptError
}

const nothingToRead: ReadResult = { ok: true, records: Buffer.alloc(0), nextOffset: 0 }

function outOfRange(offset: number): ReadResult {
  const message = `Offset ${offset} lies outside the log, which is empty and begins at 0.`
  return { ok: false, error: 'OFFSET_OUT_OF_RANGE', message }
}

/** One replica of a partition on this node: its log, its place in the cluster, and those who wait for it. */
export class Partition {
  readonly topic: string
  readonly topicId: string
  readonly index: number
  readonly #nodeId: number
  readonly #listener: PartitionListener
  readonly #nowMs: () => number
  readonly #openLog: () => Log
  readonly #watchers = new Set<PartitionWatcher>()
  #image: PartitionImage
  #state: PartitionState = { status: 'empty' }
  #highWatermark = 0

  constructor(options: PartitionOptions) {
    this.topic = options.topic
    this.topicId = options.topicId
    this.index = options.image.partition
    this.#nodeId = options.nodeId
    this.#listener = options.listener
    this.#nowMs = options.nowMs
    this.#openLog = options.openLog
    this.#image = options.image
  }

  get leader(): number {
    return this.#image.leader
  }
  get leaderEpoch(): number {
    return this.#image.leaderEpoch
  }
  get isr(): readonly number[] {
    return this.#image.isr
  }
  get isLeader(): boolean {
    return this.#image.leader === this.#nodeId
  }
  get state(): PartitionState {
    return this.#state
  }
  get highWatermark(): number {
    return this.#highWatermark
  }
  /** The offsets and size of an offline partition are 0: nobody can say. */
  get logStartOffset(): number {
    return this.#state.status === 'online' ? this.#state.log.logStartOffset : 0
  }
  get logEndOffset(): number {
    return this.#state.status === 'online' ? this.#state.log.logEndOffset : 0
  }
  get lastStableOffset(): number {
    return this.#state.status === 'online' ? this.#state.log.lastStableOffset(this.#highWatermark) : 0
  }
  /** From here on each offset is a record (Log); what is not online has none. */
  get denseFrom(): number {
    return this.#state.status === 'online' ? this.#state.log.denseFrom : 0
  }
  get sizeBytes(): number {
    return this.#state.status === 'online' ? this.#state.log.sizeBytes : 0
  }

  /** Opens what lies on the disk, with the high watermark of the last checkpoint; offline when that fails. */
  open(checkpointedHighWatermark: number): void {
    try {
      const log = this.#openLog()
      this.#state = { status: 'online', log }
      this.#highWatermark = Math.min(
        Math.max(checkpointedHighWatermark, log.logStartOffset),
        log.logEndOffset,
      )
      this.#advanceHighWatermark(0)
    } catch (error) {
      this.#fail(error)
    }
  }

  /** The log stays with its owner, who closes it. */
  takeOffline(reason: string): void {
    if (this.#state.status === 'offline' && this.#state.reason === reason) return
    this.#state = { status: 'offline', reason, sinceMs: this.#nowMs() }
    this.#wake(0)
    this.#listener.wentOffline(this, reason)
  }

  /** The topic is gone: those who wait get their answer, and nobody is told of a fault. */
  retire(): void {
    this.#state = {
      status: 'offline',
      reason: `The topic ${this.topic} was deleted.`,
      sinceMs: this.#nowMs(),
    }
    this.#wake(0)
  }

  changeImage(image: PartitionImage): void {
    this.#image = image
    this.#advanceHighWatermark(0)
  }

  /** Appends and, when this is the only in-sync replica, commits; wakes those who wait for records. */
  append(records: Buffer, origin: AppendOrigin): AppendResult | StorageFailure {
    if (this.#state.status === 'empty') this.open(0)
    if (this.#state.status !== 'online') return this.#offline()
    const { log } = this.#state
    let result: AppendResult
    try {
      result = log.append(records, { origin, leaderEpoch: this.#image.leaderEpoch })
    } catch (error) {
      return this.#fail(error)
    }
    if (result.ok && result.sizeBytes > 0) {
      // The end of a transaction lets readers see more than its own bytes: they look again, whatever they wait for.
      this.#advanceHighWatermark(origin === 'coordinator' ? 0 : result.sizeBytes)
      this.#listener.appended(this, result.recordCount, result.sizeBytes)
    }
    return result
  }

  read(
    options: PartitionReadOptions & { minOneBatch: boolean; allocate?: Allocate },
  ): ReadResult | StorageFailure {
    if (this.#state.status === 'empty')
      return options.offset === 0 ? nothingToRead : outOfRange(options.offset)
    if (this.#state.status !== 'online') return this.#offline()
    const { log } = this.#state
    const upperBoundOffset = this.upperBound(options.bound)
    try {
      return log.read({ ...options, upperBoundOffset })
    } catch (error) {
      return this.#fail(error)
    }
  }

  /** As `read`, with the records left in their file; undefined where `read` is the better way, or will say what is. */
  region(options: PartitionReadOptions): RegionRead | StorageFailure | undefined {
    if (this.#state.status !== 'online') return undefined
    const { log } = this.#state
    try {
      return log.region({ ...options, upperBoundOffset: this.upperBound(options.bound) })
    } catch (error) {
      return this.#fail(error)
    }
  }

  /** First offset that a reader with this bound may not see. */
  upperBound(bound: ReadBound): number {
    if (bound === 'highWatermark') return this.#highWatermark
    return bound === 'logEnd' ? this.logEndOffset : this.lastStableOffset
  }

  /** First record with a timestamp at or after `timestampMs`; undefined when there is none. */
  offsetForTimestamp(timestampMs: number): TimestampAndOffset | undefined | StorageFailure {
    return this.#withLog<TimestampAndOffset | undefined>(undefined, (log) =>
      log.offsetForTimestamp(timestampMs),
    )
  }

  /** The record with the greatest timestamp; undefined when there is none. */
  maxTimestampOffset(): TimestampAndOffset | undefined | StorageFailure {
    return this.#withLog<TimestampAndOffset | undefined>(undefined, (log) => log.maxTimestampOffset())
  }

  /** The last epoch at or below `leaderEpoch` and its end offset (KIP-101); -1 and -1 when unknown. */
  endOffsetForEpoch(leaderEpoch: number): { leaderEpoch: number; endOffset: number } | StorageFailure {
    // Kafka notes an epoch when it begins, we with its first batch.
    const isCurrent = this.isLeader && leaderEpoch === this.leaderEpoch
    const unwritten = isCurrent
      ? { leaderEpoch, endOffset: this.logEndOffset }
      : { leaderEpoch: -1, endOffset: -1 }
    return this.#withLog(unwritten, (log) => (isCurrent ? unwritten : log.endOffsetForEpoch(leaderEpoch)))
  }

  /** Transactions aborted within [startOffset, upperBoundOffset). */
  abortedTransactions(startOffset: number, upperBoundOffset: number): AbortedTransaction[] | StorageFailure {
    return this.#withLog<AbortedTransaction[]>([], (log) =>
      log.abortedTransactions(startOffset, upperBoundOffset),
    )
  }

  activeProducers(): ActiveProducer[] | StorageFailure {
    return this.#withLog<ActiveProducer[]>([], (log) => log.activeProducers())
  }

  /** What is known here of one producer; undefined when it has not written, or so long ago that it is forgotten. */
  activeProducer(producerId: number): ActiveProducer | undefined {
    return this.#state.status === 'online' ? this.#state.log.activeProducer(producerId) : undefined
  }

  /** Moves the log start and frees whole segments below it. `offset` is at most the high watermark. */
  deleteRecordsBefore(offset: number): RemovedSegment[] | StorageFailure {
    const before = this.logStartOffset
    const removed = this.#withLog<RemovedSegment[]>([], (log) => log.deleteRecordsBefore(offset))
    if (this.logStartOffset !== before) this.#trimmed()
    return removed
  }

  applyRetention(): RemovedSegment[] | StorageFailure {
    const removed = this.#withLog<RemovedSegment[]>([], (log) => log.applyRetention(this.#highWatermark))
    if (Array.isArray(removed) && removed.length > 0) this.#trimmed()
    return removed
  }

  watch(watcher: PartitionWatcher): void {
    this.#watchers.add(watcher)
  }

  unwatch(watcher: PartitionWatcher): void {
    this.#watchers.delete(watcher)
  }

  /** Runs `work` on the log; a disk error takes the partition offline and is the result. */
  #withLog<T>(whenEmpty: T, work: (log: Log) => T): T | StorageFailure {
    if (this.#state.status === 'empty') return whenEmpty
    if (this.#state.status !== 'online') return this.#offline()
    try {
      return work(this.#state.log)
    } catch (error) {
      return this.#fail(error)
    }
  }

  #trimmed(): void {
    this.#wake(0)
    this.#listener.trimmed(this)
  }

  /** One in-sync replica commits what it has written. */
  #advanceHighWatermark(sizeBytes: number): void {
    if (this.#image.isr.length === 1 && this.#image.isr[0] === this.#nodeId) {
      this.#highWatermark = this.logEndOffset
    }
    this.#wake(sizeBytes)
  }

  #wake(sizeBytes: number): void {
    if (this.#watchers.size === 0) return
    for (const watcher of this.#watchers) watcher.advanced(this, sizeBytes)
  }

  #offline(): StorageFailure {
    const message = this.#state.status === 'offline' ? this.#state.reason : ''
    return { ok: false, error: 'KAFKA_STORAGE_ERROR', message }
  }

  #fail(error: unknown): StorageFailure {
    if (!isStorageError(error)) throw error
    this.takeOffline(error.message)
    return this.#offline()
  }
}
