import type { LogConfig } from '../log-config.ts'
import type { LogSegment } from '../log-segment.ts'

/** What a cleaning needs to know of a log. */
export type CleanPlanInput = {
  segments: readonly LogSegment[]
  config: LogConfig
  logStartOffset: number
  logEndOffset: number
  lastStableOffset: number
  /** Up to where the log was cleaned before; undefined: never. */
  cleanedOffset: number | undefined
  nowMs: number
}

export type CleanPlan = {
  /** Below it keys have one record each, as far as tombstones and lags allow. */
  firstDirtyOffset: number
  /** From here on nothing may be cleaned. */
  firstUncleanableOffset: number
  cleanBytes: number
  dirtyBytes: number
  /** Share of dirty bytes in all that may be cleaned. */
  dirtyRatio: number
  /** A record has waited for longer than max.compaction.lag.ms. */
  isOverdue: boolean
}

/** Offsets of the next cleaning and how much it is worth (Kafka's LogCleanerManager.cleanableOffsets, LogToClean). */
export function planCleaning(input: CleanPlanInput): CleanPlan {
  const { segments, cleanedOffset, logStartOffset, logEndOffset } = input
  const isUsable =
    cleanedOffset !== undefined && cleanedOffset >= logStartOffset && cleanedOffset <= logEndOffset
  const firstDirtyOffset = isUsable ? cleanedOffset : logStartOffset
  const firstUncleanableOffset = Math.max(firstDirtyOffset, uncleanableFrom(input, firstDirtyOffset))
  let cleanBytes = 0
  let dirtyBytes = 0
  for (const [index, segment] of segments.entries()) {
    // A segment that was cleaned in part counts for both, as in Kafka.
    const endOffset = endOf(segments, index)
    if (segment.baseOffset < firstDirtyOffset) cleanBytes += segment.sizeBytes
    if (endOffset > firstDirtyOffset && endOffset <= firstUncleanableOffset) dirtyBytes += segment.sizeBytes
  }
  const totalBytes = cleanBytes + dirtyBytes
  return {
    firstDirtyOffset,
    firstUncleanableOffset,
    cleanBytes,
    dirtyBytes,
    dirtyRatio: totalBytes === 0 ? 0 : dirtyBytes / totalBytes,
    isOverdue: isOverdue(input, firstDirtyOffset),
  }
}

/** Whether min.cleanable.dirty.ratio or max.compaction.lag.ms asks for a cleaning now. */
export function isWorthCleaning(plan: CleanPlan, config: LogConfig): boolean {
  if (plan.dirtyBytes === 0) return false
  return plan.isOverdue || plan.dirtyRatio > config.minCleanableDirtyRatio
}

/** The active segment, open transactions and what is younger than min.compaction.lag.ms stay as they are. */
function uncleanableFrom(
  { segments, config, lastStableOffset, nowMs }: CleanPlanInput,
  from: number,
): number {
  const active = segments.at(-1)!
  const tooYoung = segments.find(
    (segment, index) =>
      segment !== active &&
      endOf(segments, index) > from &&
      config.minCompactionLagMs > 0 &&
      lastWrittenMs(segment) > nowMs - config.minCompactionLagMs,
  )
  return Math.min(lastStableOffset, active.baseOffset, tooYoung?.baseOffset ?? Number.POSITIVE_INFINITY)
}

function isOverdue({ segments, config, nowMs }: CleanPlanInput, firstDirtyOffset: number): boolean {
  if (!Number.isFinite(config.maxCompactionLagMs)) return false
  const latestMs = nowMs - Math.max(0, config.maxCompactionLagMs)
  return segments.slice(0, -1).some((segment, index) => {
    const firstMs = endOf(segments, index) > firstDirtyOffset ? segment.firstBatchTimestampMs : 0
    return firstMs > 0 && firstMs < latestMs
  })
}

function endOf(segments: readonly LogSegment[], index: number): number {
  return segments[index + 1]?.baseOffset ?? Number.POSITIVE_INFINITY
}

/** The greatest timestamp; when the records have none, when the file was written. */
function lastWrittenMs(segment: LogSegment): number {
  const { timestampMs } = segment.maxTimestamp
  return timestampMs >= 0 ? timestampMs : segment.createdMs
}

const maxRelativeOffset = 0x7fffffff
/** A swap renames every file of its group in one go: so many segments take it about a millisecond. */
const maxSegmentsPerGroup = 50

/** Neighbours that fit into one segment are merged into it (Kafka's groupSegmentsBySize). */
export function groupSegments(
  segments: readonly LogSegment[],
  config: LogConfig,
  endOffset: number,
): LogSegment[][] {
  const groups: LogSegment[][] = []
  let sums = { log: 0, index: 0, timeIndex: 0 }
  for (const [index, segment] of segments.entries()) {
    const group = groups.at(-1)
    const next = {
      log: sums.log + segment.sizeBytes,
      index: sums.index + segment.offsetIndex.sizeBytes,
      timeIndex: sums.timeIndex + segment.timeIndex.sizeBytes,
    }
    const lastOffset = (segments[index + 1]?.baseOffset ?? endOffset) - 1
    const fits =
      group !== undefined &&
      group.length < maxSegmentsPerGroup &&
      next.log <= config.segmentBytes &&
      next.index <= config.segmentIndexBytes &&
      next.timeIndex <= config.segmentIndexBytes &&
      (segment.sizeBytes === 0 || lastOffset - group[0]!.baseOffset <= maxRelativeOffset)
    if (fits) {
      group.push(segment)
      sums = next
      continue
    }
    groups.push([segment])
    sums = {
      log: segment.sizeBytes,
      index: segment.offsetIndex.sizeBytes,
      timeIndex: segment.timeIndex.sizeBytes,
    }
  }
  return groups
}
