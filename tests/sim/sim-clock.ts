import type { Clock, Timer } from '../../broker/core/clock.ts'

const startMs = Date.UTC(2026, 0, 1)

type Pending = { readonly dueMs: number; readonly sequence: number; readonly task: () => void }

/**
 * The time of a simulated machine: `elapsedMs` goes forward only, as its timers do, while the time of day can be set
 * (`jump`). What a process has scheduled ends with it.
 */
export class SimClock implements Clock {
  #elapsedMs = 0
  #jumpedMs = 0
  #latestJumpedMs = 0
  #sequence = 0
  readonly #pending = new Set<Pending>()

  nowMs(): number {
    return startMs + this.#jumpedMs + this.#elapsedMs
  }

  elapsedMs(): number {
    return this.#elapsedMs
  }

  /** Somebody, or NTP, sets the time of day. */
  jump(byMs: number): void {
    this.#jumpedMs += byMs
    this.#latestJumpedMs = Math.max(this.#latestJumpedMs, this.#jumpedMs)
  }

  /** The time of day goes on from the latest that was ever shown, so that nothing lies in the future any more. */
  setToLatest(): void {
    this.#jumpedMs = this.#latestJumpedMs
  }

  schedule(delayMs: number, task: () => void): Timer {
    const pending = { dueMs: this.#elapsedMs + Math.max(0, delayMs), sequence: this.#sequence++, task }
    this.#pending.add(pending)
    return { cancel: () => void this.#pending.delete(pending) }
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.schedule(delayMs, resolve))
  }

  /** Moves to the next timer due by `untilMs` and runs it; false when there is none, then it is `untilMs`. */
  step(untilMs: number): boolean {
    let next: Pending | undefined
    for (const each of this.#pending) {
      if (each.dueMs > untilMs) continue
      if (!next || each.dueMs < next.dueMs || (each.dueMs === next.dueMs && each.sequence < next.sequence))
        next = each
    }
    this.#elapsedMs = Math.max(this.#elapsedMs, next?.dueMs ?? untilMs)
    if (!next) return false
    this.#pending.delete(next)
    next.task()
    return true
  }

  /** The clock as one process sees it, which takes its timers with it when it dies. */
  ofProcess(isAlive: () => boolean): Clock {
    return {
      nowMs: () => this.nowMs(),
      elapsedMs: () => this.elapsedMs(),
      schedule: (delayMs, task) => this.schedule(delayMs, () => void (isAlive() && task())),
    }
  }
}
