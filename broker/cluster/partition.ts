import type { AppendOrigin, AppendResult } from '../log/append.ts'
import type { Log, RemovedSegment } from '../log/log.ts'
import type { ReadResult } from '../log/read.ts'

/** `offline`: the disk failed or holds nonsense; `reason` is for a person. Requests get KAFKA_STORAGE_ERROR. */
export type PartitionState =
  | { readonly status: 'online'; readonly log: Log }
  | { readonly status: 'offline'; readonly reason: string; readonly sinceMs: number }

/** An append or read on a partition whose disk failed. */
export type StorageFailure = {
  readonly ok: false
  readonly error: 'KAFKA_STORAGE_ERROR'
  readonly message: string
}

/** What a fetch may see: everything for followers, up to the high watermark, or to the last stable offset. */
export type ReadBound = 'logEnd' | 'highWatermark' | 'lastStable'

/** One replica of a partition on this node: its log, its place in the cluster, and those who wait for it. */
export type Partition = {
  readonly topic: string
  readonly topicId: string
  readonly index: number
  readonly leader: number
  readonly leaderEpoch: number
  readonly isLeader: boolean
  readonly state: PartitionState
  readonly logStartOffset: number
  readonly logEndOffset: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly sizeBytes: number
  /** Appends and moves the high watermark when this is the only in-sync replica; wakes parked fetches. */
  append(records: Buffer, origin: AppendOrigin): AppendResult | StorageFailure
  read(options: {
    offset: number
    maxBytes: number
    bound: ReadBound
    minOneBatch: boolean
  }): ReadResult | StorageFailure
  deleteRecordsBefore(offset: number): RemovedSegment[] | StorageFailure
}
