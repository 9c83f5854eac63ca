import type { Allocate } from '../core/buffer-pool.ts'
import type { FileRegion } from '../core/file-region.ts'

export type ReadOptions = {
  offset: number
  maxBytes: number
  /** No batch at or above this offset is returned; default: the log end offset. */
  upperBoundOffset?: number
  /** Return the first batch whole even when it is larger than `maxBytes`. */
  minOneBatch?: boolean
  /** Memory for the records; default: fresh. */
  allocate?: Allocate
}

export type ReadSuccess = {
  ok: true
  /** Whole batches, the first of them holding `offset`; zero bytes when there is nothing to read. */
  records: Buffer
  /** Offset after the last batch returned; the offset asked for when none is. */
  nextOffset: number
}

export type RegionOptions = ReadOptions & { upperBoundOffset: number; endOffset: number }

/** As ReadSuccess, with the records still in their file. */
export type RegionRead = { ok: true; records: FileRegion; nextOffset: number }

export type ReadFailure = { ok: false; error: 'OFFSET_OUT_OF_RANGE'; message: string }

export type ReadResult = ReadSuccess | ReadFailure

export type AbortedTransaction = {
  producerId: number
  firstOffset: number
  lastOffset: number
  lastStableOffset: number
}

export type TimestampAndOffset = { timestampMs: number; offset: number; leaderEpoch: number }
