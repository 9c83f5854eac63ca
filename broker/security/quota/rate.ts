/** Samples and their length: quota.window.num and quota.window.size.seconds. */
export type QuotaWindow = { readonly count: number; readonly sampleMs: number }

type Sample = { startMs: number; total: number }

/**
 * What was recorded a second, over the last samples (Kafka's Rate). A young rate is reckoned over all samples but
 * one, so that a first burst is not taken for a flood.
 */
export class Rate {
  #samples: Sample[] = []
  lastRecordedMs = 0

  /** Adds to the sample of `nowMs`. A negative value takes back what was recorded. */
  record(value: number, nowMs: number, window: QuotaWindow): void {
    this.lastRecordedMs = nowMs
    const current = this.#samples.at(-1)
    // A clock that was put back would leave its old samples in force for as long.
    if (current && nowMs < current.startMs) this.#samples = []
    if (current && nowMs >= current.startMs && nowMs - current.startMs < window.sampleMs)
      current.total += value
    else this.#samples.push({ startMs: nowMs, total: value })
    this.#expire(nowMs, window)
  }

  /** How long to wait until the rate is down to `limit` a second, in whole milliseconds; 0 within the limit. */
  throttleMs(limit: number, nowMs: number, window: QuotaWindow): number {
    this.#expire(nowMs, window)
    const total = this.total
    if (total === 0) return 0
    const windowMs = this.#windowMs(nowMs, window)
    const rate = (total * 1000) / windowMs
    if (rate <= limit) return 0
    return Math.max(1, Math.round(((rate - limit) / limit) * windowMs))
  }

  /** All that is in the window. */
  get total(): number {
    return this.#samples.reduce((sum, sample) => sum + sample.total, 0)
  }

  #windowMs(nowMs: number, { count, sampleMs }: QuotaWindow): number {
    const elapsedMs = nowMs - (this.#samples[0]?.startMs ?? nowMs)
    const missing = count - 1 - Math.floor(elapsedMs / sampleMs)
    return missing > 0 ? elapsedMs + missing * sampleMs : elapsedMs
  }

  #expire(nowMs: number, { count, sampleMs }: QuotaWindow): void {
    const oldestMs = nowMs - count * sampleMs
    while (this.#samples.length > 0 && this.#samples[0]!.startMs <= oldestMs) this.#samples.shift()
  }
}
