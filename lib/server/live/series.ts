import type { Point } from '../../contract/figures.ts'

/** History that a page opened late still sees: 30 minutes in steps of 5 s. */
export const historyStepMs = 5_000
export const historySteps = 360

/** A figure over time, one value a step, the oldest overwritten. Float32: a chart needs no more. */
export class Series {
  readonly #values = new Float32Array(historySteps).fill(Number.NaN)
  /** Number of the newest step (time / step); −1: none yet. */
  #last = -1

  /** Sets the value of the step that `atMs` lies in; steps in between stay unknown. */
  set(atMs: number, value: number | null): void {
    const step = Math.floor(atMs / historyStepMs)
    if (step < this.#last) return
    const from = this.#last < 0 ? step : Math.max(this.#last + 1, step - historySteps + 1)
    for (let gap = from; gap < step; gap++) this.#values[gap % historySteps] = Number.NaN
    this.#values[step % historySteps] = value ?? Number.NaN
    this.#last = step
  }

  /** Points after `sinceMs`, oldest first; leading unknown ones left out. */
  points(sinceMs = 0): Point[] {
    if (this.#last < 0) return []
    const first = Math.max(Math.floor(sinceMs / historyStepMs) + 1, this.#last - historySteps + 1)
    const points: Point[] = []
    for (let step = first; step <= this.#last; step++) {
      const value = this.#values[step % historySteps]!
      if (Number.isNaN(value) && points.length === 0) continue
      points.push([step * historyStepMs, Number.isNaN(value) ? null : value])
    }
    return points
  }
}
