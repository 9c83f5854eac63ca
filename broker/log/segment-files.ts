import { join } from 'node:path'

export type SegmentFileKind = 'log' | 'index' | 'timeindex' | 'txnindex' | 'snapshot'

/** Kafka's file name of a segment: its base offset with twenty digits. */
export function segmentPath(dir: string, baseOffset: number, kind: SegmentFileKind): string {
  return join(dir, `${String(baseOffset).padStart(20, '0')}.${kind}`)
}

/** Offset and kind of a segment's file; undefined for any other name. */
export function parseSegmentFile(name: string): { baseOffset: number; kind: SegmentFileKind } | undefined {
  const match = /^(\d{20})\.(log|index|timeindex|txnindex|snapshot)$/.exec(name)
  return match ? { baseOffset: Number(match[1]), kind: match[2] as SegmentFileKind } : undefined
}
