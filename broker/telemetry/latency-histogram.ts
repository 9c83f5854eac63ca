export type LatencySummary = { readonly p50: number; readonly p99: number; readonly max: number }

/** Eight buckets for each doubling, from a microsecond on: a figure is at most 9 % too high. */
const bucketsPerDoubling = 8
const bucketCount = 33 * bucketsPerDoubling
const windowMs = 60_000

type Window = { readonly startMs: number; readonly counts: Uint32Array; total: number; maxMs: number }

function newWindow(startMs: number): Window {
  return { startMs, counts: new Uint32Array(bucketCount), total: 0, maxMs: 0 }
}

/** Latencies of the last one to two minutes. */
export class LatencyHistogram {
  #current: Window
  #previous: Window | undefined

  constructor(nowMs: number) {
    this.#current = newWindow(nowMs)
  }

  add(nowMs: number, latencyMs: number): void {
    this.#rotate(nowMs)
    const microseconds = Math.max(1, latencyMs * 1000)
    const bucket = Math.min(bucketCount - 1, Math.floor(Math.log2(microseconds) * bucketsPerDoubling))
    this.#current.counts[bucket]!++
    this.#current.total++
    if (latencyMs > this.#current.maxMs) this.#current.maxMs = latencyMs
  }

  /** Null when nothing was measured. */
  summary(nowMs: number): LatencySummary | null {
    this.#rotate(nowMs)
    const windows = this.#previous ? [this.#previous, this.#current] : [this.#current]
    const total = windows.reduce((sum, window) => sum + window.total, 0)
    if (total === 0) return null
    const max = Math.max(...windows.map((window) => window.maxMs))
    const quantile = (share: number) => Math.min(max, quantileMs(windows, total * share))
    return { p50: quantile(0.5), p99: quantile(0.99), max }
  }

  #rotate(nowMs: number): void {
    const age = nowMs - this.#current.startMs
    if (age < windowMs) return
    this.#previous = age < 2 * windowMs ? this.#current : undefined
    this.#current = newWindow(nowMs)
  }
}

function quantileMs(windows: readonly Window[], rank: number): number {
  let seen = 0
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    for (const { counts } of windows) seen += counts[bucket]!
    if (seen >= rank) return 2 ** ((bucket + 1) / bucketsPerDoubling) / 1000
  }
  return Number.POSITIVE_INFINITY
}
