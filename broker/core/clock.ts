/** A pending timer; cancelling twice does nothing. */
export type Timer = { cancel(): void }

/** Time as the broker sees it: injected everywhere, so that tests advance it instead of sleeping. */
export type Clock = {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number
  /** Milliseconds since some moment, whatever becomes of the time of day: only these tell how long something took. */
  elapsedMs(): number
  /** Runs `task` once, `delayMs` from now at the earliest. */
  schedule(delayMs: number, task: () => void): Timer
}

const maxDelayMs = 2 ** 31 - 1

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  schedule(delayMs, task) {
    const handle = setTimeout(task, Math.min(Math.max(0, delayMs), maxDelayMs))
    return { cancel: () => clearTimeout(handle) }
  },
}

type Pending = { dueMs: number; sequence: number; task: () => void }

/** A clock that stands still until `advance` moves it; timers fire in order of their due time. */
export class ManualClock implements Clock {
  /** The time of day when nothing has elapsed yet. */
  #startMs: number
  #elapsedMs = 0
  #sequence = 0
  #pending: Pending[] = []

  constructor(startMs = 0) {
    this.#startMs = startMs
  }

  nowMs(): number {
    return this.#startMs + this.#elapsedMs
  }

  elapsedMs(): number {
    return this.#elapsedMs
  }

  /** Sets the time of day forward or back, which no timer takes notice of. */
  jump(byMs: number): void {
    this.#startMs += byMs
  }

  schedule(delayMs: number, task: () => void): Timer {
    const pending = { dueMs: this.#elapsedMs + Math.max(0, delayMs), sequence: this.#sequence++, task }
    this.#pending.push(pending)
    return {
      cancel: () => {
        this.#pending = this.#pending.filter((other) => other !== pending)
      },
    }
  }

  /** Moves time on by `byMs`, running each timer at the moment it falls due. */
  advance(byMs: number): void {
    const untilMs = this.#elapsedMs + byMs
    for (let next = this.#nextDue(untilMs); next; next = this.#nextDue(untilMs)) {
      this.#pending = this.#pending.filter((other) => other !== next)
      this.#elapsedMs = Math.max(this.#elapsedMs, next.dueMs)
      next.task()
    }
    this.#elapsedMs = untilMs
  }

  #nextDue(untilMs: number): Pending | undefined {
    return this.#pending
      .filter((timer) => timer.dueMs <= untilMs)
      .sort((a, b) => a.dueMs - b.dueMs || a.sequence - b.sequence)[0]
  }
}
