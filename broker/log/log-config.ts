import type { CompressionName } from '../records/compression.ts'

/** `producer`: as they come. A level where the codec has levels. */
export type LogCompression = 'producer' | { codec: CompressionName; level?: number }

/** One partition's settings, in Kafka's words and units; replaced as a whole when a topic's config changes. */
export type LogConfig = {
  segmentBytes: number
  segmentMs: number
  segmentJitterMs: number
  segmentIndexBytes: number
  indexIntervalBytes: number
  /** Negative: no bound. */
  retentionBytes: number
  /** Negative: no bound. */
  retentionMs: number
  cleanupPolicy: readonly ('delete' | 'compact')[]
  maxMessageBytes: number
  messageTimestampType: 'CreateTime' | 'LogAppendTime'
  messageTimestampBeforeMaxMs: number
  messageTimestampAfterMaxMs: number
  /** `flush.messages`: fsync after so many records; Infinity: never because of their count. */
  flushMessages: number
  /** `flush.ms`: fsync at the latest so long after an append; Infinity: never because of time. */
  flushMs: number
  fileDeleteDelayMs: number
  /** A new segment takes its whole size on disk at once. */
  preallocate: boolean
  producerIdExpirationMs: number
  /** `compression.type` with the level that goes with it: how batches are stored. */
  compression: LogCompression
  /** `min.cleanable.dirty.ratio`, 0 to 1. */
  minCleanableDirtyRatio: number
  minCompactionLagMs: number
  /** Infinity: no bound. */
  maxCompactionLagMs: number
  /** `delete.retention.ms`: how long tombstones and markers stay after they were first cleaned. */
  deleteRetentionMs: number
}

/** Kafka's defaults. */
export const defaultLogConfig: LogConfig = {
  segmentBytes: 1_073_741_824,
  segmentMs: 604_800_000,
  segmentJitterMs: 0,
  segmentIndexBytes: 10_485_760,
  indexIntervalBytes: 4096,
  retentionBytes: -1,
  retentionMs: 604_800_000,
  cleanupPolicy: ['delete'],
  maxMessageBytes: 1_048_588,
  messageTimestampType: 'CreateTime',
  messageTimestampBeforeMaxMs: Number.POSITIVE_INFINITY,
  messageTimestampAfterMaxMs: 3_600_000,
  flushMessages: Number.POSITIVE_INFINITY,
  flushMs: Number.POSITIVE_INFINITY,
  fileDeleteDelayMs: 60_000,
  preallocate: false,
  producerIdExpirationMs: 86_400_000,
  compression: 'producer',
  minCleanableDirtyRatio: 0.5,
  minCompactionLagMs: 0,
  maxCompactionLagMs: Number.POSITIVE_INFINITY,
  deleteRetentionMs: 86_400_000,
}
