import { join } from 'node:path'

export type SegmentFileKind = 'log' | 'index' | 'timeindex' | 'txnindex' | 'snapshot'

/** What a file is named on its way from the cleaner into the log. */
export type SegmentSuffix = '' | '.cleaned' | '.swap'

/** Kafka's file name of a segment: its base offset with twenty digits. */
export function segmentPath(
  dir: string,
  baseOffset: number,
  kind: SegmentFileKind,
  suffix: SegmentSuffix = '',
): string {
  return join(dir, `${String(baseOffset).padStart(20, '0')}.${kind}${suffix}`)
}

/** Offset and kind of a segment's file; undefined for any other name. */
export function parseSegmentFile(name: string): { baseOffset: number; kind: SegmentFileKind } | undefined {
  const match = /^(\d{20})\.(log|index|timeindex|txnindex|snapshot)$/.exec(name)
  return match ? { baseOffset: Number(match[1]), kind: match[2] as SegmentFileKind } : undefined
}
