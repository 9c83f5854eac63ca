import type { Clock, Timer } from '../core/clock.ts'
import { lastEntry } from './index-file.ts'
import type { LogSegment } from './log-segment.ts'
import type { RegionOptions, RegionRead } from './read.ts'
import type { Removal, RemovalReason } from './retention.ts'

export type SegmentDescription = {
  baseOffset: number
  nextOffset: number
  sizeBytes: number
  indexBytes: number
  timeIndexBytes: number
  /** -1: no record in it has a timestamp. */
  maxTimestampMs: number
  active: boolean
}

export type RemovedSegment = {
  baseOffset: number
  nextOffset: number
  sizeBytes: number
  reason: RemovalReason
}

/** The segments of one log, rising by base offset and never none, and those removed that still wait on disk. */
export class SegmentList {
  readonly #clock: Clock
  readonly #segments: LogSegment[]
  /** Under their .deleted names, until file.delete.delay.ms is over. */
  readonly #deleted = new Map<LogSegment, Timer>()

  constructor(clock: Clock, segments: readonly LogSegment[]) {
    this.#clock = clock
    this.#segments = [...segments]
  }

  get all(): readonly LogSegment[] {
    return this.#segments
  }
  get first(): LogSegment {
    return this.#segments[0]!
  }
  /** The one that is appended to. */
  get active(): LogSegment {
    return this.#segments.at(-1)!
  }
  get sizeBytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.sizeBytes, 0)
  }

  /** Index of the last segment that begins at or below `offset`; 0 when all begin above. */
  indexOf(offset: number): number {
    const segments = this.#segments
    if (segments.at(-1)!.baseOffset <= offset) return segments.length - 1
    return Math.max(
      0,
      lastEntry(segments.length, (index) => segments[index]!.baseOffset <= offset),
    )
  }

  /** What of the segment that holds `offset` can be left in its file. `endOffset`: the log's. */
  region(options: RegionOptions): RegionRead | undefined {
    const index = this.indexOf(options.offset)
    const endOffset = this.#segments[index + 1]?.baseOffset ?? options.endOffset
    const found = this.#segments[index]!.region({ ...options, endOffset })
    return found && { ok: true, ...found }
  }

  /** From the segment that holds `offset` on. */
  from(offset: number): readonly LogSegment[] {
    return this.#segments.slice(this.indexOf(offset))
  }

  push(segment: LogSegment): void {
    this.#segments.push(segment)
  }

  /** All but the first, whole segments that end at or below `offset`. */
  wholeBelow(offset: number): Removal[] {
    return this.#segments.slice(0, this.indexOf(offset)).map((segment, index) => {
      return { segment, nextOffset: this.#segments[index + 1]!.baseOffset, reason: 'start' }
    })
  }

  /** Takes the oldest segments out and renames their files, which `onDue` is to unlink after `delayMs`. */
  remove(
    removals: readonly Removal[],
    delayMs: number,
    onDue: (segment: LogSegment) => void,
  ): RemovedSegment[] {
    this.#segments.splice(0, removals.length)
    this.#unlinkLater(
      removals.map(({ segment }) => segment),
      delayMs,
      onDue,
    )
    return removals.map(({ segment, nextOffset, reason }) => {
      return { baseOffset: segment.baseOffset, nextOffset, sizeBytes: segment.sizeBytes, reason }
    })
  }

  /** Whether all of them are in the log, side by side. */
  holds(segments: readonly LogSegment[]): boolean {
    const from = this.#segments.indexOf(segments[0]!)
    return from >= 0 && segments.every((segment, index) => this.#segments[from + index] === segment)
  }

  /**
   * Puts a cleaned segment, whose files are fsynced, in the place of those that it was made of. A crash at any
   * point is completed or undone at the next open (cleaner/swap-recovery.ts).
   */
  swapIn(
    cleaned: LogSegment,
    replaced: readonly LogSegment[],
    delayMs: number,
    onDue: (segment: LogSegment) => void,
  ): void {
    cleaned.renameFrom('.cleaned', '.swap')
    this.#segments.splice(this.#segments.indexOf(replaced[0]!), replaced.length, cleaned)
    this.#unlinkLater(replaced, delayMs, onDue)
    cleaned.renameFrom('.swap', '')
  }

  #unlinkLater(segments: readonly LogSegment[], delayMs: number, onDue: (segment: LogSegment) => void): void {
    for (const segment of segments) {
      segment.markDeleted()
      const timer = this.#clock.schedule(delayMs, () => onDue(segment))
      this.#deleted.set(segment, timer)
    }
  }

  /** Takes out and unlinks the segments from `index` on. */
  unlinkFrom(index: number): void {
    for (const segment of this.#segments.splice(index)) this.unlink(segment)
  }

  unlink(segment: LogSegment): void {
    this.#deleted.get(segment)?.cancel()
    this.#deleted.delete(segment)
    segment.close()
    for (const file of segment.files()) file.unlink()
  }

  unlinkDeleted(): void {
    for (const segment of [...this.#deleted.keys()]) this.unlink(segment)
  }

  describe(logEndOffset: number): SegmentDescription[] {
    return this.#segments.map((segment, index) => ({
      baseOffset: segment.baseOffset,
      nextOffset: this.#segments[index + 1]?.baseOffset ?? logEndOffset,
      sizeBytes: segment.sizeBytes,
      indexBytes: segment.offsetIndex.sizeBytes,
      timeIndexBytes: segment.timeIndex.sizeBytes,
      maxTimestampMs: segment.maxTimestamp.timestampMs,
      active: index === this.#segments.length - 1,
    }))
  }

  closeFiles(): void {
    for (const timer of this.#deleted.values()) timer.cancel()
    for (const segment of [...this.#segments, ...this.#deleted.keys()]) segment.close()
  }
}
