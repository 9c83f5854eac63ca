import type { Timer } from '../core/clock.ts'
import { noTimestampMs } from '../records/record-batch.ts'
import { type AppendOptions, type AppendResult, duplicateAppend } from './append.ts'
import type { LeaderEpochCache } from './leader-epoch-cache.ts'
import type { LogConfig } from './log-config.ts'
import { diskCall, type LogCorruptError, LogIoError } from './log-error.ts'
import { loadLog, newCleanedSegment, newSegment, restoreProducers } from './log-loader.ts'
import type { LogOptions } from './log-options.ts'
import type { LogSegment } from './log-segment.ts'
import { assignOffsets, misplacedOffset } from './offset-assignment.ts'
import { type ActiveProducer, describeProducer } from './producer-entry.ts'
import type { ProducerSnapshots } from './producer-snapshots.ts'
import type { ProducerState, StagedProducers } from './producer-state.ts'
import type { AbortedTransaction, ReadOptions, ReadResult, RegionRead, TimestampAndOffset } from './read.ts'
import { recompressed } from './recompression.ts'
import { type Removal, removableSegments } from './retention.ts'
import { shouldRoll } from './roll.ts'
import { type RemovedSegment, type SegmentDescription, SegmentList } from './segment-list.ts'
import { abortedTransactionsIn, latestRecord, recordAtTimestamp } from './segment-lookup.ts'
import { type CheckedAppend, refused, validateAppend } from './validate-append.ts'

/**
 * One partition's log. Throws LogIoError when the disk fails and LogCorruptError when what it holds makes no
 * sense; the partition then goes offline. What a client did wrong is a value.
 */
export class Log {
  readonly topic: string
  readonly partition: number
  readonly dir: string
  config: LogConfig
  /** Bytes that recovery cut off at open; 0 after a clean start. */
  readonly truncatedBytes: number
  isClosed = false
  readonly #options: LogOptions
  readonly #segments: SegmentList
  readonly #epochs: LeaderEpochCache
  readonly #producers: ProducerState
  readonly #snapshots: ProducerSnapshots
  #logStartOffset: number
  #logEndOffset: number
  #recoveryPoint: number
  #sizeBytes: number
  #rollJitter: number
  #denseFrom: number
  #failure: LogIoError | LogCorruptError | undefined
  #flushTimer: Timer | undefined
  #isFlushingSealed = false
  /** Files were made or renamed since the folder was last fsynced. */
  #isFolderDirty = true

  private constructor(options: LogOptions) {
    const loaded = loadLog(options)
    this.#options = options
    this.topic = options.topic
    this.partition = options.partition
    this.dir = options.dir
    this.config = options.config
    this.truncatedBytes = loaded.truncatedBytes
    this.#segments = new SegmentList(options.clock, loaded.segments)
    this.#epochs = loaded.epochs
    this.#producers = loaded.producers
    this.#snapshots = loaded.snapshots
    this.#logStartOffset = loaded.logStartOffset
    this.#logEndOffset = loaded.logEndOffset
    this.#recoveryPoint = loaded.recoveryPoint
    this.#sizeBytes = this.#segments.sizeBytes
    this.#rollJitter = (options.random ?? Math.random)()
    const mayHaveGaps = options.wasCleaned || (options.mayHoldMarkers ?? true)
    this.#denseFrom = mayHaveGaps ? loaded.logEndOffset : loaded.logStartOffset
  }

  /** Opens the partition's folder, recovering it where needed. Throws LogIoError, LogCorruptError. */
  static open(options: LogOptions): Log {
    return new Log(options)
  }

  get logStartOffset(): number {
    return this.#logStartOffset
  }
  /** Where the oldest segment begins: at or below the log start. */
  get firstSegmentOffset(): number {
    return this.#segments.first.baseOffset
  }
  get logEndOffset(): number {
    return this.#logEndOffset
  }
  get sizeBytes(): number {
    return this.#sizeBytes
  }
  /**
   * From here on each offset is known to be a record that somebody produced: no marker of a transaction, and nothing
   * that compaction took out. What was found at open counts only where neither can be in it.
   */
  get denseFrom(): number {
    return this.#denseFrom
  }
  /** Everything below is fsynced. */
  get recoveryPoint(): number {
    return this.#recoveryPoint
  }
  get latestEpoch(): number {
    return this.#epochs.latestEpoch
  }
  /** Why this log takes no more appends; undefined while all is well. */
  get failure(): LogIoError | LogCorruptError | undefined {
    return this.#failure
  }

  /** For the cleaner: rising by base offset, the last one is active. */
  get allSegments(): readonly LogSegment[] {
    return this.#segments.all
  }

  /** Appends whole batches; base offsets and epochs are set in place, in the caller's buffer. */
  append(records: Buffer, options: AppendOptions): AppendResult {
    if (this.#failure) throw this.#failure
    const nowMs = this.#options.clock.nowMs()
    const valid = validateAppend(records, options, this.config, nowMs)
    if (!valid.ok) return valid
    if (options.origin === 'client' && valid.batches[0]!.hasProducerId) {
      const duplicate = this.#producers.duplicateOf(valid.batches[0]!)
      if (duplicate) return duplicateAppend(duplicate, valid.recordCount, this.#logStartOffset)
    }
    const checked = recompressed(valid, options, this.config)
    if (!checked.ok) return checked
    const misplaced = options.origin === 'replication' && misplacedOffset(checked.batches, this.#logEndOffset)
    if (misplaced) return refused('INVALID_RECORD', misplaced)
    if (checked.records.length > this.config.segmentBytes) {
      const { segmentBytes } = this.config
      const message = `the append has ${checked.records.length} bytes, a segment takes ${segmentBytes}`
      return refused('RECORD_LIST_TOO_LARGE', message)
    }
    const isLogAppendTime =
      options.origin !== 'replication' && this.config.messageTimestampType === 'LogAppendTime'
    if (options.origin !== 'replication') {
      assignOffsets(
        checked.batches,
        this.#logEndOffset,
        options.leaderEpoch,
        isLogAppendTime ? nowMs : undefined,
      )
    }
    const staged = this.#producers.stageAll(checked.batches, options.origin, nowMs)
    if ('error' in staged) return refused(staged.error, staged.message)
    const maxTimestampMs = isLogAppendTime ? nowMs : checked.maxTimestampMs
    this.#write({ ...checked, maxTimestampMs }, staged, nowMs)
    if (options.origin !== 'client' && checked.batches.some(({ isControl }) => isControl))
      this.#denseFrom = this.#logEndOffset
    return {
      ok: true,
      firstOffset: checked.batches[0]!.baseOffset,
      lastOffset: this.#logEndOffset - 1,
      logAppendTimeMs: isLogAppendTime ? nowMs : noTimestampMs,
      logStartOffset: this.#logStartOffset,
      maxTimestampMs,
      sizeBytes: checked.records.length,
      recordCount: checked.recordCount,
      duplicate: false,
    }
  }

  /** Whole batches from the one that holds `offset` on. */
  read(options: ReadOptions): ReadResult {
    const { offset, upperBoundOffset = this.#logEndOffset } = options
    if (offset < this.#logStartOffset || offset > this.#logEndOffset) {
      const message = `offset ${offset} lies outside of ${this.#logStartOffset} to ${this.#logEndOffset}`
      return { ok: false, error: 'OFFSET_OUT_OF_RANGE', message }
    }
    if (offset < upperBoundOffset) {
      const segments = this.#segments.all
      for (let index = this.#segments.indexOf(offset); index < segments.length; index++) {
        const slice = segments[index]!.read({ ...options, upperBoundOffset })
        if (slice) return { ok: true, records: slice.records, nextOffset: slice.nextOffset }
      }
    }
    return { ok: true, records: Buffer.alloc(0), nextOffset: offset }
  }

  /** As `read`, with the records left in their file; undefined where `read` is the better way. */
  region(options: ReadOptions): RegionRead | undefined {
    const { offset, upperBoundOffset = this.#logEndOffset } = options
    if (offset < this.#logStartOffset || offset >= upperBoundOffset) return undefined
    return this.#segments.region({ ...options, upperBoundOffset, endOffset: this.#logEndOffset })
  }

  /** Transactions aborted that have records within [startOffset, upperBoundOffset), for read_committed. */
  abortedTransactions(startOffset: number, upperBoundOffset: number): AbortedTransaction[] {
    return abortedTransactionsIn(this.#segments.from(startOffset), startOffset, upperBoundOffset)
  }

  /** First offset that a read_committed consumer may not see yet, at most `highWatermark`. */
  lastStableOffset(highWatermark: number): number {
    const unstable = this.#producers.firstUnstableOffset(highWatermark)
    return unstable === undefined
      ? highWatermark
      : Math.min(Math.max(unstable, this.#logStartOffset), highWatermark)
  }

  /** First record whose timestamp is at or after `timestampMs`; undefined when there is none. */
  offsetForTimestamp(timestampMs: number): TimestampAndOffset | undefined {
    return recordAtTimestamp(this.#segments.all, timestampMs, this.#logStartOffset)
  }

  /** The record with the greatest timestamp, the first of equals; undefined when no record has one. */
  maxTimestampOffset(): TimestampAndOffset | undefined {
    return latestRecord(this.#segments.all)
  }

  /** The last epoch at or below `leaderEpoch` and its end offset (KIP-101); -1 and -1 when unknown. */
  endOffsetForEpoch(leaderEpoch: number): { leaderEpoch: number; endOffset: number } {
    return this.#epochs.endOffsetFor(leaderEpoch, this.#logEndOffset)
  }

  /** The leader epoch that wrote `offset`; -1 when unknown. */
  epochAt(offset: number): number {
    return this.#epochs.epochAt(offset)
  }

  /** Notes a new leader epoch that begins at the log's end, as Kafka does when a leader takes over. */
  assignEpoch(leaderEpoch: number): void {
    this.#epochs.assign(leaderEpoch, this.#logEndOffset)
  }

  /** Moves the log start to `offset`, never back and never past the end; frees whole segments below it. */
  deleteRecordsBefore(offset: number): RemovedSegment[] {
    const target = Math.min(offset, this.#logEndOffset)
    if (target <= this.#logStartOffset) return []
    this.#moveLogStart(target)
    return this.#remove(this.#segments.wholeBelow(target))
  }

  /** Removes what retention.ms, retention.bytes and the log start let go below `highWatermark`; forgets idle producers. */
  applyRetention(highWatermark: number): RemovedSegment[] {
    if (this.#failure) return []
    const nowMs = this.#options.clock.nowMs()
    this.#producers.removeExpired(nowMs, this.config.producerIdExpirationMs)
    const removals = removableSegments({
      segments: this.#segments.all,
      config: this.config,
      logStartOffset: this.#logStartOffset,
      logEndOffset: this.#logEndOffset,
      highWatermark,
      nowMs,
    })
    if (removals.length === this.#segments.all.length) this.#roll()
    return this.#remove(removals)
  }

  /** Drops all batches that reach `offset` or above (a follower that has diverged). */
  truncateTo(offset: number): void {
    if (offset >= this.#logEndOffset) return
    this.#segments.unlinkFrom(this.#segments.indexOf(offset) + 1)
    const segment = this.#segments.active
    let endOffset = offset
    for (const { batch, position } of segment.scan(segment.offsetIndex.lookup(offset).position)) {
      if (batch.lastOffset < offset) continue
      endOffset = Math.min(offset, batch.baseOffset)
      diskCall('truncate', segment.log.path, () => segment.truncateTo(endOffset, position))
      break
    }
    this.#endAt(Math.max(endOffset, segment.baseOffset))
  }

  /** Drops everything and starts anew at `offset`. */
  truncateFullyAndStartAt(offset: number): void {
    this.#segments.unlinkFrom(0)
    this.#segments.push(newSegment(this.#options, offset))
    this.#epochs.clear()
    this.#snapshots.removeFrom(0)
    this.#logStartOffset = offset
    this.#endAt(offset)
  }

  /** Whether these segments, side by side, are still this open log's. */
  holds(segments: readonly LogSegment[]): boolean {
    return !this.isClosed && !this.#failure && this.#segments.holds(segments)
  }

  beginCleanedSegment(baseOffset: number, createdMs: number): LogSegment {
    return newCleanedSegment(this.#options, baseOffset, createdMs)
  }

  /** Puts a cleaned segment, whose files are fsynced, in the place of those that it was made of. */
  replaceSegments(cleaned: LogSegment, replaced: readonly LogSegment[]): void {
    this.#orFail(() =>
      this.#segments.swapIn(cleaned, replaced, this.config.fileDeleteDelayMs, (segment) =>
        this.#unlinkDue(segment),
      ),
    )
    this.#afterRemoval()
    this.#denseFrom = Math.max(this.#denseFrom, this.#segments.active.baseOffset)
  }

  segments(): SegmentDescription[] {
    return this.#segments.describe(this.#logEndOffset)
  }

  activeProducers(): ActiveProducer[] {
    return this.#producers.producers().map(describeProducer)
  }

  activeProducer(producerId: number): ActiveProducer | undefined {
    const producer = this.#producers.producer(producerId)
    return producer && describeProducer(producer)
  }

  /** fsyncs all that is not yet. */
  flush(): void {
    this.#flushTimer?.cancel()
    this.#flushTimer = undefined
    if (this.#recoveryPoint >= this.#logEndOffset) return
    const endOffset = this.#logEndOffset
    this.#orFail(() => {
      for (const segment of this.#segments.from(this.#recoveryPoint))
        if (segment.sizeBytes > 0) segment.flush()
      this.#fsyncFolder()
    })
    this.#recoveryPoint = endOffset
  }

  /** Writes and fsyncs everything, and closes the files. A failed log is only closed. */
  close(): void {
    try {
      if (!this.#failure) {
        const active = this.#segments.active
        active.trim()
        if (active.sizeBytes > 0) active.writeIndexes()
        this.flush()
        this.#snapshots.take(this.#producers)
      }
    } finally {
      this.abandon()
      this.#segments.unlinkDeleted()
    }
  }

  /** Closes the files and leaves them as they are: what a crash of the process does. */
  abandon(): void {
    this.isClosed = true
    this.#flushTimer?.cancel()
    this.#segments.closeFiles()
  }

  #write(checked: CheckedAppend, staged: StagedProducers, nowMs: number): void {
    const { batches, records } = checked
    const { config } = this
    const lastOffset = batches.at(-1)!.lastOffset
    const maxTimestampMs = checked.maxTimestampMs
    const appendBytes = records.length
    const roll = {
      active: this.#segments.active,
      config,
      jitter: this.#rollJitter,
      appendBytes,
      maxTimestampMs,
      lastOffset,
      nowMs,
    }
    if (shouldRoll(roll)) this.#roll()
    this.#appendOrCutBack(checked)
    this.#logEndOffset = lastOffset + 1
    this.#sizeBytes += appendBytes
    this.#producers.mapEndOffset = this.#logEndOffset
    if (staged.entries.size > 0) this.#commitProducers(staged)
    for (const batch of batches) {
      const leaderEpoch = batch.partitionLeaderEpoch
      if (leaderEpoch > this.#epochs.latestEpoch)
        this.#orFail(() => this.#epochs.assign(leaderEpoch, batch.baseOffset))
    }
    this.#flushWhereAsked()
  }

  /** After a failed write the file ends again where it did, or the log takes nothing more: never a torn batch within. */
  #appendOrCutBack({ records, batches }: CheckedAppend): void {
    const segment = this.#segments.active
    const { sizeBytes } = segment
    try {
      if (sizeBytes === 0 && this.config.preallocate) segment.preallocate(this.config.segmentBytes)
      segment.append(records, batches, this.config.indexIntervalBytes)
    } catch (error) {
      this.#orFail(() => segment.truncateTo(this.#logEndOffset, sizeBytes))
      throw error
    }
  }

  #commitProducers(staged: StagedProducers): void {
    for (const completed of this.#producers.commit(staged)) {
      if (completed.isAborted) this.#orFail(() => this.#segments.active.transactionIndex.append(completed))
    }
  }

  #flushWhereAsked(): void {
    const { flushMessages, flushMs } = this.config
    if (this.#logEndOffset - this.#recoveryPoint >= flushMessages) this.flush()
    else if (Number.isFinite(flushMs) && this.#flushTimer === undefined) {
      this.#flushTimer = this.#options.clock.schedule(flushMs, () => {
        this.#flushTimer = undefined
        if (!this.#failure) this.#swallowFailure(() => this.flush())
      })
    }
  }

  /** Seals the active segment and begins a new one at the log's end; the old one is fsynced off this thread. */
  #roll(): void {
    const sealed = this.#segments.active
    this.#orFail(() => {
      sealed.seal()
      this.#snapshots.take(this.#producers)
    })
    this.#segments.push(newSegment(this.#options, this.#logEndOffset))
    this.#rollJitter = (this.#options.random ?? Math.random)()
    this.#isFolderDirty = true
    void this.#flushSealedLater()
  }

  /** Kafka's scheduled flush after a roll: fsyncs sealed segments one by one, and moves the recovery point. */
  async #flushSealedLater(): Promise<void> {
    if (this.#isFlushingSealed) return
    this.#isFlushingSealed = true
    try {
      while (this.#recoveryPoint < this.#segments.active.baseOffset) {
        const index = this.#segments.indexOf(this.#recoveryPoint)
        const endOffset = this.#segments.all[index + 1]!.baseOffset
        if (!(await this.#segments.all[index]!.flushLater())) return
        this.#recoveryPoint = Math.max(this.#recoveryPoint, Math.min(endOffset, this.#logEndOffset))
      }
    } catch (error) {
      this.#failure ??= error instanceof LogIoError ? error : new LogIoError('fsync', this.dir, error)
    } finally {
      this.#isFlushingSealed = false
    }
  }

  #remove(removals: readonly Removal[]): RemovedSegment[] {
    if (removals.length === 0) return []
    const removed = this.#orFail(() =>
      this.#segments.remove(removals, this.config.fileDeleteDelayMs, (segment) => this.#unlinkDue(segment)),
    )
    const { baseOffset } = this.#segments.first
    if (baseOffset > this.#logStartOffset) this.#moveLogStart(baseOffset)
    this.#afterRemoval()
    return removed
  }

  #afterRemoval(): void {
    this.#sizeBytes = this.#segments.sizeBytes
    this.#isFolderDirty = true
    this.#snapshots.removeStray(new Set(this.#segments.all.map((segment) => segment.baseOffset)))
  }

  #unlinkDue(segment: LogSegment): void {
    this.#swallowFailure(() => this.#segments.unlink(segment))
  }

  #moveLogStart(offset: number): void {
    this.#logStartOffset = offset
    this.#orFail(() => this.#epochs.truncateFromStart(offset))
  }

  /** After a truncation: the end, and what depends on it. */
  #endAt(offset: number): void {
    this.#logEndOffset = offset
    this.#logStartOffset = Math.min(this.#logStartOffset, offset)
    this.#recoveryPoint = Math.min(this.#recoveryPoint, offset)
    this.#sizeBytes = this.#segments.sizeBytes
    this.#epochs.truncateFromEnd(offset)
    const state = { segments: this.#segments.all, producers: this.#producers, snapshots: this.#snapshots }
    const bounds = { logStartOffset: this.#logStartOffset, logEndOffset: offset }
    restoreProducers({ ...state, ...bounds }, offset, this.#options.clock.nowMs())
  }

  #fsyncFolder(): void {
    if (!this.#isFolderDirty) return
    diskCall('fsync', this.dir, () => this.#options.disk.fsyncDirectory(this.dir))
    this.#isFolderDirty = false
  }

  /** Runs what must not fail half-way: when it does, the log takes no more appends. */
  #orFail<T>(call: () => T): T {
    try {
      return call()
    } catch (error) {
      this.#failure ??= error instanceof LogIoError ? error : new LogIoError('write', this.dir, error)
      throw error
    }
  }

  /** For timers, which have no caller to throw to: the failure shows at the next append. */
  #swallowFailure(call: () => void): void {
    try {
      call()
    } catch (error) {
      if (!(error instanceof LogIoError)) throw error
      this.#failure ??= error
    }
  }
}
