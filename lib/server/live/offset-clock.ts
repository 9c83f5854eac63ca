/** 30 minutes of one sample a second. */
const maxSamples = 1_800
const minGapMs = 1_000

/**
 * When a partition's high watermark was where: turns a committed offset into an age. Commits tell offsets only, and
 * record timestamps are whatever the producer says, so the time at which the broker had the record counts.
 */
export class OffsetClock {
  readonly #times: number[] = []
  readonly #offsets: number[] = []

  /** Notes the high watermark at `atMs`; it may also go back (records deleted, topic recreated). */
  observe(highWatermark: number, atMs: number): void {
    const last = this.#times.length - 1
    if (last >= 0 && highWatermark < this.#offsets[last]!) this.#forget()
    else if (last >= 0 && highWatermark === this.#offsets[last]) return
    else if (last >= 1 && atMs - this.#times[last - 1]! < minGapMs) {
      this.#times[last] = atMs
      this.#offsets[last] = highWatermark
      return
    }
    this.#times.push(atMs)
    this.#offsets.push(highWatermark)
    if (this.#times.length > maxSamples) {
      // Half at once, so that it costs little per sample.
      this.#times.splice(0, maxSamples / 2)
      this.#offsets.splice(0, maxSamples / 2)
    }
  }

  /** When the broker got the record at `offset`; null: before the first sample, or not yet there. */
  timeOf(offset: number): number | null {
    const count = this.#offsets.length
    if (count === 0 || offset < this.#offsets[0]! || offset >= this.#offsets[count - 1]!) return null
    let low = 0
    let high = count - 1
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.#offsets[middle]! <= offset) low = middle
      else high = middle
    }
    // Between two samples, records came evenly as far as anyone knows.
    const share = (offset - this.#offsets[low]!) / (this.#offsets[high]! - this.#offsets[low]!)
    return this.#times[low]! + share * (this.#times[high]! - this.#times[low]!)
  }

  #forget(): void {
    this.#times.length = 0
    this.#offsets.length = 0
  }
}
