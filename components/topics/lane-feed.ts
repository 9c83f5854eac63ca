import type { Append } from '../../lib/contract/live.ts'

/** A block in a lane: records of one append, when they arrived here (`performance.now()`). */
export type LaneBlock = { atMs: number; count: number }

/** How much of the past a lane shows. */
export const laneWindowMs = 12_000
const blocksKept = 600

/**
 * The newest appends of a topic by partition, for drawing. Server times only give the distances within one update,
 * so a clock that runs differently on the server does no harm.
 */
export class LaneFeed {
  private readonly lanes = new Map<number, LaneBlock[]>()

  add(appends: readonly Append[], nowMs: number): void {
    const newest = appends.reduce((latest, append) => Math.max(latest, append.at), 0)
    for (const append of appends) {
      const lane = this.lanes.get(append.partition) ?? []
      if (lane.length === 0) this.lanes.set(append.partition, lane)
      lane.push({ atMs: nowMs - Math.min(newest - append.at, 1000), count: append.count })
      if (lane.length > blocksKept) lane.splice(0, lane.length - blocksKept)
    }
  }

  /** Blocks that are still in the window, oldest first. */
  blocks(partition: number, nowMs: number): readonly LaneBlock[] {
    const lane = this.lanes.get(partition)
    if (!lane) return []
    let gone = 0
    while (gone < lane.length && lane[gone]!.atMs < nowMs - laneWindowMs) gone++
    if (gone > 0) lane.splice(0, gone)
    return lane
  }
}

/** How wide a block of `count` records is drawn, in px: cells of 4 while they can be counted, then by magnitude. */
export function blockWidth(count: number): number {
  return count <= 4 ? count * 4 - 1 : Math.min(40, 15 + Math.log2(count / 4) * 4)
}
