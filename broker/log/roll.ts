import type { LogConfig } from './log-config.ts'
import type { LogSegment } from './log-segment.ts'

const offsetIndexEntryBytes = 8
const timeIndexEntryBytes = 12

export type RollInput = {
  active: LogSegment
  config: LogConfig
  /** In [0, 1): the share of segment.jitter.ms that this segment is rolled early. */
  jitter: number
  appendBytes: number
  maxTimestampMs: number
  lastOffset: number
  nowMs: number
}

/** Whether an append belongs into a new segment (Kafka's LogSegment.shouldRoll). */
export function shouldRoll(input: RollInput): boolean {
  const { active, config } = input
  if (active.sizeBytes === 0) return false
  if (active.sizeBytes > config.segmentBytes - input.appendBytes) return true
  const maxMs = maxSegmentMs(config)
  if (waitedMs(input) > maxMs - Math.min(config.segmentJitterMs, maxMs) * input.jitter) return true
  if (active.offsetIndex.count >= Math.floor(config.segmentIndexBytes / offsetIndexEntryBytes)) return true
  if (active.timeIndex.count >= Math.floor(config.segmentIndexBytes / timeIndexEntryBytes)) return true
  return !active.canHold(input.lastOffset)
}

/** A segment that has to be compacted soon must not stay the active one for longer. */
function maxSegmentMs({ cleanupPolicy, maxCompactionLagMs, segmentMs }: LogConfig): number {
  return cleanupPolicy.includes('compact') && maxCompactionLagMs > 0
    ? Math.min(maxCompactionLagMs, segmentMs)
    : segmentMs
}

/** By the records' own time where they have one, else by the clock. */
function waitedMs({ active, maxTimestampMs, nowMs }: RollInput): number {
  const firstMs = active.firstBatchTimestampMs
  return firstMs >= 0 && maxTimestampMs >= 0 ? maxTimestampMs - firstMs : nowMs - active.createdMs
}
