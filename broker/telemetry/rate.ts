const slotCount = 11
const windowSeconds = 10

/** Events a second, as a mean of the last ten whole seconds. */
export class Rate {
  readonly #counts = new Array<number>(slotCount).fill(0)
  readonly #seconds = new Array<number>(slotCount).fill(-1)
  readonly #startSecond: number

  constructor(nowMs: number) {
    this.#startSecond = Math.floor(nowMs / 1000)
  }

  add(nowMs: number, count = 1): void {
    const second = Math.floor(nowMs / 1000)
    const slot = second % slotCount
    if (this.#seconds[slot] !== second) {
      this.#seconds[slot] = second
      this.#counts[slot] = 0
    }
    this.#counts[slot]! += count
  }

  perSecond(nowMs: number): number {
    const now = Math.floor(nowMs / 1000)
    let total = 0
    for (let slot = 0; slot < slotCount; slot++) {
      const age = now - this.#seconds[slot]!
      if (age >= 1 && age <= windowSeconds) total += this.#counts[slot]!
    }
    return total / Math.min(windowSeconds, Math.max(1, now - this.#startSecond))
  }
}
