import type { Clock } from '../core/clock.ts'
import type { Disk } from '../core/disk.ts'
import type { AppendOptions, AppendResult } from './append.ts'
import type { FileCache } from './file-cache.ts'
import type { LogConfig } from './log-config.ts'
import type { AbortedTransaction, ReadOptions, ReadResult, TimestampAndOffset } from './read.ts'

export type LogOptions = {
  /** The partition's own folder, `<topic>-<partition>`. */
  dir: string
  topic: string
  partition: number
  config: LogConfig
  disk: Disk
  clock: Clock
  fileCache: FileCache
  /** Offset up to which the disk is known to hold everything (recovery-point-offset-checkpoint); default 0. */
  recoveryPoint?: number
  /** From log-start-offset-checkpoint; default: the first segment's base offset. */
  logStartOffset?: number
  /** The broker shut down cleanly: nothing is scanned. Default false. */
  hadCleanShutdown?: boolean
}

export type SegmentDescription = {
  baseOffset: number
  nextOffset: number
  sizeBytes: number
  indexBytes: number
  timeIndexBytes: number
  /** -1: no record in it has a timestamp. */
  maxTimestampMs: number
  active: boolean
}

export type RemovedSegment = {
  baseOffset: number
  nextOffset: number
  sizeBytes: number
  reason: 'time' | 'size' | 'start'
}

export type ActiveProducer = {
  producerId: number
  producerEpoch: number
  lastSequence: number
  lastTimestampMs: number
  coordinatorEpoch: number
  /** -1: no transaction is open. */
  currentTransactionStartOffset: number
}

/**
 * One partition's log. Throws LogIoError when the disk fails and LogCorruptError when what it holds makes no
 * sense; the partition then goes offline. What a client did wrong is a value.
 */
export type Log = {
  readonly topic: string
  readonly partition: number
  readonly dir: string
  config: LogConfig
  readonly logStartOffset: number
  readonly logEndOffset: number
  readonly sizeBytes: number
  /** Everything below is fsynced. */
  readonly recoveryPoint: number
  /** Bytes that recovery cut off at open; 0 after a clean start. */
  readonly truncatedBytes: number
  append(records: Buffer, options: AppendOptions): AppendResult
  read(options: ReadOptions): ReadResult
  /** Transactions aborted within [startOffset, upperBoundOffset), for read_committed. */
  abortedTransactions(startOffset: number, upperBoundOffset: number): AbortedTransaction[]
  /** First offset that a read_committed consumer may not see, at most `highWatermark`. */
  lastStableOffset(highWatermark: number): number
  /** First record whose timestamp is at or after `timestampMs`; undefined when there is none. */
  offsetForTimestamp(timestampMs: number): TimestampAndOffset | undefined
  /** The record with the greatest timestamp; undefined when the log is empty. */
  maxTimestampOffset(): TimestampAndOffset | undefined
  /** Moves the log start to `offset` (never back) and frees whole segments below it. */
  deleteRecordsBefore(offset: number): RemovedSegment[]
  /** Rolls and removes what retention.ms, retention.bytes and the log start allow, up to `highWatermark`. */
  applyRetention(highWatermark: number): RemovedSegment[]
  /** Drops all records at `offset` and above (a follower that has diverged). */
  truncateTo(offset: number): void
  /** Drops everything and starts at `offset`. */
  truncateFullyAndStartAt(offset: number): void
  /** The last epoch at or below `leaderEpoch` and its end offset (KIP-101); -1 and -1 when unknown. */
  endOffsetForEpoch(leaderEpoch: number): { leaderEpoch: number; endOffset: number }
  readonly latestEpoch: number
  segments(): SegmentDescription[]
  activeProducers(): ActiveProducer[]
  /** fsyncs all that is not yet. */
  flush(): void
  close(): void
}
