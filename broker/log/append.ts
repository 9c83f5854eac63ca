import type { BatchMetadata } from './producer-entry.ts'

/**
 * Who appends. `client`: a producer, every check holds and offsets are assigned. `coordinator`: our own
 * coordinator or metadata log, control records allowed, offsets assigned. `replication`: a follower, offsets
 * and epochs are kept as they came.
 */
export type AppendOrigin = 'client' | 'coordinator' | 'replication'

export type AppendOptions = {
  origin: AppendOrigin
  /** Written into each batch, but for `replication`. */
  leaderEpoch: number
}

/** Kafka's names of the error codes that an append answers with; the handler maps them to numbers. */
export type AppendErrorName =
  | 'CORRUPT_MESSAGE'
  | 'MESSAGE_TOO_LARGE'
  | 'RECORD_LIST_TOO_LARGE'
  | 'INVALID_RECORD'
  | 'INVALID_TIMESTAMP'
  | 'UNSUPPORTED_FOR_MESSAGE_FORMAT'
  | 'UNSUPPORTED_COMPRESSION_TYPE'
  | 'OUT_OF_ORDER_SEQUENCE_NUMBER'
  | 'INVALID_PRODUCER_EPOCH'
  | 'INVALID_TXN_STATE'
  | 'TRANSACTION_COORDINATOR_FENCED'

export type RecordError = { batchIndex: number; message: string }

export type AppendFailure = {
  ok: false
  error: AppendErrorName
  message: string
  /** The records at fault, where single ones are (Produce v8+ carries them). */
  recordErrors: readonly RecordError[]
}

export type AppendSuccess = {
  ok: true
  /** First offset of the append; of the earlier one when `duplicate`. */
  firstOffset: number
  lastOffset: number
  /** Milliseconds when the topic uses LogAppendTime, else -1; of a duplicate the first append's timestamp. */
  logAppendTimeMs: number
  logStartOffset: number
  /** Greatest timestamp of the batches, -1 when none has one. */
  maxTimestampMs: number
  /** Bytes written, 0 for a duplicate. */
  sizeBytes: number
  recordCount: number
  /** The producer had sent this batch before (one of its last five): nothing was written. */
  duplicate: boolean
}

export type AppendResult = AppendSuccess | AppendFailure

/** The answer to a batch that was sent again: what its first append was told. */
export function duplicateAppend(
  duplicate: BatchMetadata,
  recordCount: number,
  logStartOffset: number,
): AppendSuccess {
  return {
    ok: true,
    firstOffset: duplicate.lastOffset - duplicate.offsetDelta,
    lastOffset: duplicate.lastOffset,
    // As Kafka answers, whatever message.timestamp.type says.
    logAppendTimeMs: duplicate.timestampMs,
    logStartOffset,
    maxTimestampMs: duplicate.timestampMs,
    sizeBytes: 0,
    recordCount,
    duplicate: true,
  }
}
