import type { Channel, Snapshot, Update } from '../../contract/live.ts'

/**
 * What a subscription tells. It remembers up to where it told, so that nothing is queued for a slow client: the
 * next update holds all that changed meanwhile.
 */
export type Feed<C extends Channel = Channel> = {
  /** Not more often than that, whatever changes. */
  readonly everyMs: number
  /** The whole state; later updates build on it. Null: not known yet, to be asked for again with the next frame. */
  snapshot(): Snapshot<C> | null
  /** What changed since; null: nothing; `lost`: more than is kept, so a snapshot has to be sent. */
  update(): Update<C> | null | 'lost'
  /** Set when the feed is over by itself, with the reason. */
  ended?(): string | undefined
  pause?(): void
  resume?(): void
  stop?(): void
  close(): void
}

/** Times from which history points are still to be told; the newest point may change until its step is over. */
export class PointCursor {
  #since = 0
  #toldAt = 0

  /** Undefined: told less than a second ago. */
  take(nowMs: number, stepMs: number): number | undefined {
    if (nowMs - this.#toldAt < 1_000) return undefined
    const since = this.#since
    this.#toldAt = nowMs
    this.#since = nowMs - (nowMs % stepMs) - stepMs
    return since
  }

  /** A snapshot told everything. */
  reset(nowMs: number, stepMs: number): void {
    this.#toldAt = nowMs
    this.#since = nowMs - (nowMs % stepMs) - stepMs
  }
}
