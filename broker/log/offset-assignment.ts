import type { RecordBatch } from '../records/record-batch.ts'

/** Gives the batches the next offsets and the leader's epoch, and the append time where the topic wants it. */
export function assignOffsets(
  batches: readonly RecordBatch[],
  nextOffset: number,
  leaderEpoch: number,
  logAppendTimeMs: number | undefined,
): void {
  let offset = nextOffset
  for (const batch of batches) {
    batch.setBaseOffset(offset)
    batch.setPartitionLeaderEpoch(leaderEpoch)
    if (logAppendTimeMs !== undefined) batch.setLogAppendTime(logAppendTimeMs)
    else if (batch.isLogAppendTime) batch.clearLogAppendTime()
    offset += batch.lastOffsetDelta + 1
  }
}

/** Why batches that come with their offsets do not continue the log; undefined when they do. */
export function misplacedOffset(batches: readonly RecordBatch[], logEndOffset: number): string | undefined {
  let nextOffset = logEndOffset
  for (const batch of batches) {
    if (batch.baseOffset < nextOffset || batch.lastOffsetDelta < 0) {
      return `a batch with offsets ${batch.baseOffset} to ${batch.lastOffset} cannot follow offset ${nextOffset - 1}`
    }
    nextOffset = batch.nextOffset
  }
  return undefined
}
