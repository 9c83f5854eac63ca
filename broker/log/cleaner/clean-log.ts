import { batchesOf, type RecordBatch } from '../../records/record-batch.ts'
import { storedRecordsOf } from '../../records/stored-record.ts'
import type { Log } from '../log.ts'
import { LogCorruptError } from '../log-error.ts'
import type { LogSegment } from '../log-segment.ts'
import { type BatchCleaning, cleanBatch } from './batch-cleaner.ts'
import { type CleanPlan, groupSegments } from './clean-plan.ts'
import { CleanedTransactions } from './cleaned-transactions.ts'
import { OffsetMap } from './offset-map.ts'

/** A task is shared by the cleaning and by who runs it. */
export type CleanTask = {
  readonly log: Log
  readonly plan: CleanPlan
  readonly nowMs: number
  /** Memory of the offset map, and how full it may be (0 to 1). */
  readonly dedupeBufferBytes: number
  readonly loadFactor: number
  readonly maxDecompressedBytes: number
  /** What the next step reads: when the log no longer holds these, the cleaning must not go on. */
  inUse: readonly LogSegment[]
  readBytes: number
}

/** A pause, with something to wait for or without. */
export type CleanStep = Promise<unknown> | undefined

export type CleanedLog = { cleanedOffset: number; bytesBefore: number; bytesAfter: number }

/** Bytes gathered before they are written. */
const writeBytes = 128 * 1024

/**
 * Cleans a log once, pausing after every batch: first the latest offset of each key in the dirty part, then the
 * segments from the log's start written anew without what those replace. Ended early, it leaves no file behind.
 * Throws LogIoError, LogCorruptError, CorruptRecordError, DecompressedTooLargeError.
 */
export function* cleanLog(task: CleanTask): Generator<CleanStep, CleanedLog> {
  const { log, plan } = task
  const map = yield* mapOffsets(task)
  const endOffset = map.latestOffset < 0 ? plan.firstUncleanableOffset : map.latestOffset + 1
  const segments = log.allSegments.filter((segment) => segment.baseOffset < endOffset)
  const result: CleanedLog = { cleanedOffset: endOffset, bytesBefore: 0, bytesAfter: 0 }
  const transactions = new CleanedTransactions()
  for (const group of groupSegments(segments, log.config, plan.firstUncleanableOffset)) {
    const producers = new Map(log.activeProducers().map((producer) => [producer.producerId, producer]))
    const { deleteRetentionMs } = log.config
    const { nowMs, maxDecompressedBytes } = task
    const cleaned = yield* cleanGroup(task, group, {
      map,
      transactions,
      producers,
      endOffset,
      nowMs,
      deleteRetentionMs,
      maxDecompressedBytes,
    })
    result.bytesBefore += group.reduce((sum, segment) => sum + segment.sizeBytes, 0)
    result.bytesAfter += cleaned.sizeBytes
  }
  return result
}

/** The latest offset of each key between first dirty and first uncleanable offset, or until the map is full. */
function* mapOffsets(task: CleanTask): Generator<CleanStep, OffsetMap> {
  const { log, plan, dedupeBufferBytes, loadFactor, maxDecompressedBytes } = task
  const { firstDirtyOffset, firstUncleanableOffset } = plan
  const map = new OffsetMap(firstUncleanableOffset - firstDirtyOffset, dedupeBufferBytes, loadFactor)
  const transactions = new CleanedTransactions()
  transactions.addAborted(log.abortedTransactions(firstDirtyOffset, firstUncleanableOffset))
  const all = log.allSegments
  const dirty = all.filter((segment, index) => {
    const endOffset = all[index + 1]?.baseOffset ?? Number.POSITIVE_INFINITY
    return endOffset > firstDirtyOffset && segment.baseOffset < firstUncleanableOffset
  })
  for (const segment of dirty) {
    task.inUse = [segment]
    for (const batch of wholeBatches(task, segment, firstDirtyOffset)) {
      if (batch.baseOffset >= firstUncleanableOffset) return map
      if (batch.isControl) transactions.discardsMarker(batch)
      else if (!transactions.discardsData(batch)) {
        for (const { key, offset } of storedRecordsOf(batch, maxDecompressedBytes)) {
          if (key === null || offset < firstDirtyOffset) continue
          if (map.isFull) return map
          map.put(key, offset)
        }
      }
      map.latestOffset = batch.lastOffset
      yield
    }
  }
  return map
}

/** Writes what stays of `group` into one new segment and puts it in their place. */
function* cleanGroup(
  task: CleanTask,
  group: readonly LogSegment[],
  cleaning: BatchCleaning,
): Generator<CleanStep, LogSegment> {
  const { log } = task
  const cleaned = log.beginCleanedSegment(group[0]!.baseOffset, group.at(-1)!.createdMs)
  task.inUse = group
  let isSwapped = false
  let chunk: Buffer[] = []
  const write = (): void => {
    const records = Buffer.concat(chunk)
    cleaned.append(records, [...batchesOf(records)], log.config.indexIntervalBytes)
    chunk = []
  }
  try {
    for (const [index, segment] of group.entries()) {
      cleaning.transactions.addAborted(abortedIn(log, segment, group[index + 1]))
      let pendingBytes = 0
      for (const batch of wholeBatches(task, segment, 0)) {
        const { bytes, aborted } = cleanBatch(batch, cleaning)
        if (aborted) cleaned.transactionIndex.append(aborted)
        if (bytes) {
          // A view on the batch is only good until the next one is read.
          chunk.push(bytes.buffer === batch.buffer.buffer ? Buffer.from(bytes) : bytes)
          pendingBytes += bytes.length
        }
        if (pendingBytes >= writeBytes) {
          write()
          pendingBytes = 0
        }
        yield
      }
    }
    // Written even when nothing stays: the file holds the place of the group's offsets.
    write()
    cleaned.seal()
    yield cleaned.flushLater()
    log.replaceSegments(cleaned, group)
    isSwapped = true
    task.inUse = [cleaned]
    yield
    return cleaned
  } finally {
    if (!isSwapped) discard(log, cleaned)
  }
}

/** All batches from the one that holds `offset` on, checked; each is good until the next. */
function* wholeBatches(task: CleanTask, segment: LogSegment, offset: number): Generator<RecordBatch> {
  const from = offset > segment.baseOffset ? segment.offsetIndex.lookup(offset).position : 0
  for (const { batch, position } of segment.scan(from, 'whole')) {
    if (batch.lastOffset < offset) continue
    if (!batch.hasValidCrc()) throw wrongCrc(segment, position)
    task.readBytes += batch.sizeBytes
    yield batch
  }
}

function abortedIn(log: Log, segment: LogSegment, next: LogSegment | undefined) {
  const all = log.allSegments
  const after = next ?? all[all.indexOf(segment) + 1]
  return log.abortedTransactions(segment.baseOffset, after?.baseOffset ?? log.logEndOffset)
}

/** The files of a log that was closed are no longer ours: the next open removes what is left. */
function discard(log: Log, cleaned: LogSegment): void {
  cleaned.close()
  if (log.isClosed || log.failure) return
  for (const file of cleaned.files()) file.unlink()
}

function wrongCrc(segment: LogSegment, position: number): LogCorruptError {
  const advice = 'The partition is not compacted any more. Restore the file from a copy.'
  return new LogCorruptError(segment.log.path, position, 'the batch has a wrong CRC', advice)
}
