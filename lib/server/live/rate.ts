/** Seconds over which a rate is the mean. */
const windowSeconds = 5

/** Amounts a second, as the mean of the last whole seconds; young meters divide by their age. */
export class Rate {
  readonly #buckets = new Float64Array(windowSeconds + 1)
  readonly #bornMs: number
  #second: number

  constructor(nowMs: number) {
    this.#bornMs = nowMs
    this.#second = Math.floor(nowMs / 1_000)
  }

  add(amount: number, nowMs: number): void {
    this.#advance(nowMs)
    this.#buckets[this.#second % this.#buckets.length]! += amount
  }

  perSecond(nowMs: number): number {
    this.#advance(nowMs)
    const sum = this.#buckets.reduce((a, b) => a + b, 0)
    const intoSecond = (nowMs % 1_000) / 1_000
    const ageSeconds = Math.max(1, (nowMs - this.#bornMs) / 1_000)
    const rate = sum / Math.min(windowSeconds + intoSecond, ageSeconds)
    return Math.round(rate * 10) / 10
  }

  #advance(nowMs: number): void {
    const second = Math.floor(nowMs / 1_000)
    if (second <= this.#second) return
    const steps = Math.min(second - this.#second, this.#buckets.length)
    for (let i = 1; i <= steps; i++) this.#buckets[(second - steps + i) % this.#buckets.length] = 0
    this.#second = second
  }
}
