import { type Allocate, allocateFresh } from '../core/buffer-pool.ts'
import type { FileRegion } from '../core/file-region.ts'
import { CorruptRecordError, DecompressedTooLargeError } from '../records/corrupt-record-error.ts'
import { recordPreamblesOf } from '../records/record.ts'
import type { BatchFault } from '../records/record-batch.ts'
import {
  batchesOf,
  batchFaultAt,
  batchHeaderBytes,
  noTimestampMs,
  RecordBatch,
} from '../records/record-batch.ts'
import { type ScannedBatch, scanBatches } from './batch-scanner.ts'
import type { FileCache, LogFile } from './file-cache.ts'
import { LogCorruptError } from './log-error.ts'
import { OffsetIndex } from './offset-index.ts'
import type { ReadOptions, RegionOptions, TimestampAndOffset } from './read.ts'
import { type SegmentFileKind, type SegmentSuffix, segmentPath } from './segment-files.ts'
import { TimeIndex, type TimestampOffset } from './time-index.ts'
import { TransactionIndex } from './transaction-index.ts'

/** Offsets in an index are relative to the base offset and take 32 bits. */
const maxRelativeOffset = 0x7fffffff
const maxIndexedPosition = 0x7fffffff

/** Below, one read costs less than what it takes to send from the file. */
const smallestRegionBytes = 64 * 1024

const noRecords = Buffer.alloc(0)

export type SegmentOptions = {
  dir: string
  baseOffset: number
  fileCache: FileCache
  nowMs: number
  /** Size of the .log file found; undefined for a new segment, whose files are made when first written. */
  foundBytes?: number
  hasTransactionIndex?: boolean
  /** Default: a segment of the log, not one that the cleaner writes. */
  suffix?: SegmentSuffix
}

export type SegmentSlice = { records: Buffer; nextOffset: number }
type SegmentRegion = { records: FileRegion; nextOffset: number }

/** One .log file with its indexes. The last of a log is active and appended to; the others are sealed. */
export class LogSegment {
  readonly baseOffset: number
  readonly log: LogFile
  readonly offsetIndex: OffsetIndex
  readonly timeIndex: TimeIndex
  readonly transactionIndex: TransactionIndex
  sizeBytes: number
  /** When the segment was begun or found; decides about segment.ms while no record has a timestamp. */
  readonly createdMs: number
  #maxTimestamp: TimestampOffset | undefined
  #firstBatchTimestampMs: number | undefined
  #bytesSinceIndexEntry = 0
  #isClosed = false
  /** The file is longer than what is in it. */
  #isPreallocated = false
  /** Where the last read ended, so that a consumer in sequence needs no lookup. */
  #readHint = { offset: -1, position: 0 }

  constructor(options: SegmentOptions) {
    const { dir, baseOffset, fileCache, foundBytes } = options
    const isNew = foundBytes === undefined
    const file = (kind: SegmentFileKind) => fileCache.file(segmentPath(dir, baseOffset, kind, options.suffix))
    this.baseOffset = baseOffset
    this.log = file('log')
    this.offsetIndex = new OffsetIndex(file('index'), baseOffset, isNew)
    this.timeIndex = new TimeIndex(file('timeindex'), baseOffset, isNew)
    this.transactionIndex = new TransactionIndex(file('txnindex'), options.hasTransactionIndex ?? false)
    this.sizeBytes = foundBytes ?? 0
    this.createdMs = options.nowMs
    if (this.sizeBytes === 0) this.#maxTimestamp = { timestampMs: noTimestampMs, offset: baseOffset }
  }

  /** The greatest timestamp and the last offset of the batch that has it; -1 when no record has one. */
  get maxTimestamp(): TimestampOffset {
    this.#maxTimestamp ??= this.timeIndex.last() ?? { timestampMs: noTimestampMs, offset: this.baseOffset }
    return this.#maxTimestamp
  }

  /** Timestamp that segment.ms counts from: the first batch's, -1 when it has none. */
  get firstBatchTimestampMs(): number {
    if (this.#firstBatchTimestampMs === undefined && this.sizeBytes > 0) {
      for (const { batch } of scanBatches(this.log, 0, this.sizeBytes, 'header')) {
        this.#firstBatchTimestampMs = batch.maxTimestampMs
        break
      }
    }
    return this.#firstBatchTimestampMs ?? noTimestampMs
  }

  /** Whether an index entry can hold `offset`. */
  canHold(offset: number): boolean {
    return offset - this.baseOffset <= maxRelativeOffset && this.sizeBytes <= maxIndexedPosition
  }

  /** Takes the file's room on disk at once; what stays unused is given back by `trim`, or at the next recovery. */
  preallocate(sizeBytes: number): void {
    this.#isPreallocated = true
    this.log.truncate(sizeBytes)
  }

  /** Gives back what was preallocated and not used. */
  trim(): void {
    if (!this.#isPreallocated) return
    this.log.truncate(this.sizeBytes)
    this.#isPreallocated = false
  }

  /** Writes whole batches at the end. Throws LogIoError with the file cut back where that is possible. */
  append(records: Buffer, batches: readonly RecordBatch[], indexIntervalBytes: number): void {
    this.log.writev([records], this.sizeBytes)
    const start = this.sizeBytes
    for (const batch of batches) this.index(batch, start + batch.start, indexIntervalBytes)
    this.sizeBytes = start + records.length
  }

  /** Accounts for a batch at `position`: greatest timestamp, and an index entry every so many bytes. */
  index(batch: RecordBatch, position: number, indexIntervalBytes: number): void {
    const timestampMs = batch.maxTimestampMs
    if (position === 0) this.#firstBatchTimestampMs = timestampMs
    if (timestampMs > this.maxTimestamp.timestampMs) {
      this.#maxTimestamp = { timestampMs, offset: batch.lastOffset }
    }
    if (this.#bytesSinceIndexEntry > indexIntervalBytes) {
      this.offsetIndex.append(batch.lastOffset, position)
      this.timeIndex.maybeAppend(this.maxTimestamp.timestampMs, this.maxTimestamp.offset)
      this.#bytesSinceIndexEntry = 0
    }
    this.#bytesSinceIndexEntry += batch.sizeBytes
  }

  /** Whole batches from the one that holds `offset` on; undefined when all of them are below it. */
  read(options: ReadOptions & { upperBoundOffset: number }): SegmentSlice | undefined {
    const { offset, maxBytes, upperBoundOffset, minOneBatch = false, allocate = allocateFresh } = options
    const position = this.#positionOf(offset)
    if (position === undefined || position >= this.sizeBytes) return undefined
    const empty = { records: noRecords, nextOffset: offset }
    let bytes = this.#bytesAt(position, Math.max(maxBytes, batchHeaderBytes), allocate)
    const first = this.#batchAt(bytes, position)
    const firstBytes = first.sizeBytes
    if (first.baseOffset >= upperBoundOffset || (firstBytes > maxBytes && !minOneBatch)) return empty
    if (firstBytes > bytes.length) bytes = this.#bytesAt(position, firstBytes, allocate)
    let last: RecordBatch | undefined
    for (const batch of batchesOf(bytes)) {
      if (batch.baseOffset >= upperBoundOffset) break
      last = batch
    }
    if (last === undefined) throw this.#corrupt(position, 'the batch is not whole')
    const { nextOffset } = last
    const end = last.start + last.sizeBytes
    this.#readHint = { offset: nextOffset, position: position + end }
    return { records: bytes.subarray(0, end), nextOffset }
  }

  /**
   * As `read`, but the records stay in the file, and they end where the index knows that a batch begins: no byte of
   * them is looked at. Undefined where little is to be had that way. `endOffset`: where the next segment begins.
   */
  region(options: RegionOptions): SegmentRegion | undefined {
    const { offset, maxBytes, upperBoundOffset, endOffset } = options
    const position =
      Math.min(maxBytes, this.sizeBytes) < smallestRegionBytes ? undefined : this.#positionOf(offset)
    if (position === undefined || this.sizeBytes - position < smallestRegionBytes) return undefined
    const end =
      position + maxBytes >= this.sizeBytes && upperBoundOffset >= endOffset
        ? { offset: endOffset, position: this.sizeBytes }
        : this.#lastBatchStart(position + maxBytes, upperBoundOffset)
    if (end === undefined || end.position - position < smallestRegionBytes) return undefined
    const records = this.log.region(position, end.position - position)
    if (!records) return undefined
    this.#readHint = end
    return { records, nextOffset: end.offset }
  }

  /** Of the batches that the index knows, the last that begins at or before `position` and ends by `offset`. */
  #lastBatchStart(position: number, offset: number): { offset: number; position: number } | undefined {
    const entry = this.offsetIndex.lookupPosition(position, offset)
    if (!entry) return undefined
    const header = this.#bytesAt(entry.position, batchHeaderBytes, Buffer.allocUnsafe)
    return { offset: this.#batchAt(header, entry.position).baseOffset, position: entry.position }
  }

  #positionOf(offset: number): number | undefined {
    return this.#readHint.offset === offset ? this.#readHint.position : this.#locate(offset)
  }

  /** Position of the batch that holds `offset`, or of the next one where compaction left a gap. */
  #locate(offset: number): number | undefined {
    for (const { batch, position } of this.scan(this.offsetIndex.lookup(offset).position)) {
      if (batch.lastOffset >= offset) return position
    }
    return undefined
  }

  #bytesAt(position: number, maxBytes: number, allocate: Allocate): Buffer {
    const length = Math.min(maxBytes, this.sizeBytes - position)
    const bytes = allocate(length)
    const count = this.log.read(bytes, 0, length, position)
    return count === length ? bytes : bytes.subarray(0, count)
  }

  #batchAt(bytes: Buffer, position: number): RecordBatch {
    const fault = batchFaultAt(bytes, 0, this.sizeBytes - position)
    if (fault) throw this.#corrupt(position, fault.message)
    return new RecordBatch(bytes)
  }

  /** Headers of all batches from `position` on; a fault is a LogCorruptError. */
  *scan(position = 0, extent: 'header' | 'whole' = 'header'): Generator<ScannedBatch> {
    const fault: BatchFault | undefined = yield* scanBatches(this.log, position, this.sizeBytes, extent)
    if (fault) throw this.#corrupt(fault.at, fault.message)
  }

  /** First record from `startOffset` on with this timestamp or a later one. */
  findOffsetByTimestamp(timestampMs: number, startOffset: number): TimestampAndOffset | undefined {
    const from = Math.max(this.timeIndex.offsetBelow(timestampMs), startOffset)
    for (const { batch, position } of this.scan(this.offsetIndex.lookup(from).position)) {
      if (batch.maxTimestampMs < timestampMs || batch.lastOffset < startOffset) continue
      const found = recordFrom(this.wholeBatch(position, batch.sizeBytes), timestampMs, startOffset)
      if (found) return found
    }
    return undefined
  }

  /** The record with the greatest timestamp. */
  recordWithMaxTimestamp(): TimestampAndOffset | undefined {
    const { timestampMs, offset } = this.maxTimestamp
    if (timestampMs === noTimestampMs) return undefined
    for (const { batch, position } of this.scan(this.offsetIndex.lookup(offset).position)) {
      if (batch.maxTimestampMs < timestampMs) continue
      return recordFrom(this.wholeBatch(position, batch.sizeBytes), timestampMs, 0)
    }
    return undefined
  }

  /**
   * Cuts the file at `position`, a batch boundary whose batch would have been `offset`. fsynced, since nothing flushes
   * this file again once the next batch goes into a new segment.
   */
  truncateTo(offset: number, position: number): void {
    this.log.truncate(position)
    this.log.fsync()
    this.#isPreallocated = false
    this.sizeBytes = position
    this.offsetIndex.truncateTo(offset)
    this.timeIndex.truncateTo(offset)
    this.transactionIndex.truncateTo(offset)
    this.#readHint = { offset: -1, position: 0 }
    this.reloadTail()
  }

  /** Takes up greatest timestamp and index spacing from where the indexes end; returns the next offset. */
  reloadTail(): number {
    const lastTime = this.timeIndex.last()
    const lastIndexed =
      this.offsetIndex.count > 0 ? this.offsetIndex.entry(this.offsetIndex.count - 1) : undefined
    this.#maxTimestamp = lastTime ?? { timestampMs: noTimestampMs, offset: this.baseOffset }
    this.#bytesSinceIndexEntry = 0
    let nextOffset = this.baseOffset
    for (const { batch } of this.scan(lastIndexed?.position ?? 0)) {
      const timestampMs = batch.maxTimestampMs
      if (timestampMs > this.#maxTimestamp.timestampMs)
        this.#maxTimestamp = { timestampMs, offset: batch.lastOffset }
      this.#bytesSinceIndexEntry += batch.sizeBytes
      nextOffset = batch.nextOffset
    }
    return nextOffset
  }

  /** Empties the indexes; `index` then fills them again. */
  resetIndexes(): void {
    this.offsetIndex.reset()
    this.timeIndex.reset()
    this.transactionIndex.reset()
    this.#maxTimestamp = { timestampMs: noTimestampMs, offset: this.baseOffset }
    this.#bytesSinceIndexEntry = 0
  }

  /** Writes what the indexes hold in memory, the last timestamp too, so that the next start needs no scan. */
  writeIndexes(): void {
    this.timeIndex.maybeAppend(this.maxTimestamp.timestampMs, this.maxTimestamp.offset)
    this.offsetIndex.write()
    this.timeIndex.write()
  }

  /** No more appends: the file ends where its records do, the indexes are written and leave memory. */
  seal(): void {
    this.trim()
    this.writeIndexes()
    this.offsetIndex.release()
    this.timeIndex.release()
  }

  flush(): void {
    this.log.fsync()
    this.writeIndexes()
    this.offsetIndex.file.fsync()
    this.timeIndex.file.fsync()
    if (this.transactionIndex.all().length > 0) this.transactionIndex.file.fsync()
  }

  /** `flush` off this thread, for a sealed segment; false when it was closed before that was done. */
  async flushLater(): Promise<boolean> {
    const aborted = this.transactionIndex.all().length > 0 ? [this.transactionIndex.file] : []
    for (const file of [this.log, this.offsetIndex.file, this.timeIndex.file, ...aborted]) {
      if (this.#isClosed) return false
      await file.fsyncLater()
    }
    return !this.#isClosed
  }

  /** Renames the files as Kafka does before it removes them, so that a crash between leaves no half of them. */
  markDeleted(): void {
    this.#isClosed = true
    for (const file of this.files()) file.renameIfExists(`${file.path}.deleted`)
  }

  /** Puts another suffix behind the names of the cleaner's files, the .log first: recovery counts on that order. */
  renameFrom(suffix: SegmentSuffix, to: SegmentSuffix): void {
    for (const file of this.files())
      file.renameIfExists(file.path.slice(0, file.path.length - suffix.length) + to)
  }

  files(): LogFile[] {
    return [this.log, this.offsetIndex.file, this.timeIndex.file, this.transactionIndex.file]
  }

  close(): void {
    this.#isClosed = true
    for (const file of this.files()) file.close()
  }

  /** The batch at `position`, header and records. */
  wholeBatch(position: number, sizeBytes: number): RecordBatch {
    const bytes = Buffer.allocUnsafe(sizeBytes)
    if (this.log.read(bytes, 0, sizeBytes, position) < sizeBytes)
      throw this.#corrupt(position, 'the batch is not whole')
    return new RecordBatch(bytes)
  }

  #corrupt(position: number, found: string): LogCorruptError {
    return new LogCorruptError(
      this.log.path,
      position,
      found,
      'Restore the file from a copy, or move it and all later segments away and restart the broker: records from here on are then lost.',
    )
  }
}

/**
 * The batch's first record at or after both. Its records may make no sense, since a producer's are not taken apart
 * when they are appended: then the batch answers as a whole.
 */
function recordFrom(
  batch: RecordBatch,
  timestampMs: number,
  startOffset: number,
): TimestampAndOffset | undefined {
  const leaderEpoch = batch.partitionLeaderEpoch
  try {
    for (const record of recordPreamblesOf(batch)) {
      if (record.timestampMs < timestampMs || record.offset < startOffset) continue
      return { timestampMs: record.timestampMs, offset: record.offset, leaderEpoch }
    }
    return undefined
  } catch (error) {
    if (!(error instanceof CorruptRecordError || error instanceof DecompressedTooLargeError)) throw error
    return { timestampMs: batch.maxTimestampMs, offset: Math.max(batch.baseOffset, startOffset), leaderEpoch }
  }
}
