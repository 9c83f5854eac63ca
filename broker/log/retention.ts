import type { LogConfig } from './log-config.ts'
import type { LogSegment } from './log-segment.ts'

export type RetentionInput = {
  segments: readonly LogSegment[]
  config: LogConfig
  logStartOffset: number
  logEndOffset: number
  highWatermark: number
  nowMs: number
}

export type RemovalReason = 'time' | 'size' | 'start'

export type Removal = { segment: LogSegment; nextOffset: number; reason: RemovalReason }

/**
 * The segments, oldest first and without a gap, that retention.ms, retention.bytes or the log start offset let go.
 * None that reaches the high watermark or above, and no empty active one. All of them means: roll first.
 */
export function removableSegments(input: RetentionInput): Removal[] {
  const { segments, config, logStartOffset, logEndOffset, highWatermark } = input
  const deletes = config.cleanupPolicy.includes('delete')
  let excessBytes = deletes ? bytesOver(segments, config.retentionBytes) : 0
  const removals: Removal[] = []
  for (const [index, segment] of segments.entries()) {
    const isActive = index === segments.length - 1
    const nextOffset = segments[index + 1]?.baseOffset ?? logEndOffset
    if (nextOffset > highWatermark || (isActive && segment.sizeBytes === 0)) break
    const reason = removalReason(segment, input, {
      isBelowStart: !isActive && nextOffset <= logStartOffset,
      isOverSize: excessBytes > 0 && excessBytes >= segment.sizeBytes,
      deletes,
    })
    if (reason === undefined) break
    excessBytes -= segment.sizeBytes
    removals.push({ segment, nextOffset, reason })
  }
  return removals
}

function removalReason(
  segment: LogSegment,
  { config, nowMs }: RetentionInput,
  state: { isBelowStart: boolean; isOverSize: boolean; deletes: boolean },
): RemovalReason | undefined {
  if (state.isBelowStart) return 'start'
  if (!state.deletes) return undefined
  if (config.retentionMs >= 0 && nowMs - lastWrittenMs(segment) > config.retentionMs) return 'time'
  return state.isOverSize ? 'size' : undefined
}

/** The greatest timestamp; when the records have none, when the file was written. */
function lastWrittenMs(segment: LogSegment): number {
  const { timestampMs } = segment.maxTimestamp
  return timestampMs >= 0 ? timestampMs : segment.createdMs
}

function bytesOver(segments: readonly LogSegment[], retentionBytes: number): number {
  if (retentionBytes < 0) return 0
  return segments.reduce((sum, segment) => sum + segment.sizeBytes, 0) - retentionBytes
}
