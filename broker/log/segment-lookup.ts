import type { LogSegment } from './log-segment.ts'
import type { AbortedTransaction, TimestampAndOffset } from './read.ts'

/** Transactions aborted that have records within [startOffset, upperBoundOffset); `segments` begin with the first's. */
export function abortedTransactionsIn(
  segments: readonly LogSegment[],
  startOffset: number,
  upperBoundOffset: number,
): AbortedTransaction[] {
  const found: AbortedTransaction[] = []
  for (const segment of segments) {
    for (const transaction of segment.transactionIndex.all()) {
      if (transaction.lastOffset >= startOffset && transaction.firstOffset < upperBoundOffset)
        found.push(transaction)
      if (transaction.lastStableOffset >= upperBoundOffset) return found
    }
  }
  return found
}

/** First record from `startOffset` on whose timestamp is at or after `timestampMs`. */
export function recordAtTimestamp(
  segments: readonly LogSegment[],
  timestampMs: number,
  startOffset: number,
): TimestampAndOffset | undefined {
  for (const segment of segments) {
    if (segment.maxTimestamp.timestampMs < timestampMs) continue
    const found = segment.findOffsetByTimestamp(timestampMs, startOffset)
    if (found) return found
  }
  return undefined
}

/** The record with the greatest timestamp, the first of equals. */
export function latestRecord(segments: readonly LogSegment[]): TimestampAndOffset | undefined {
  let latest = segments[0]!
  for (const segment of segments) {
    if (segment.maxTimestamp.timestampMs > latest.maxTimestamp.timestampMs) latest = segment
  }
  return latest.recordWithMaxTimestamp()
}
