import type { Clock, Timer } from '../core/clock.ts'
import type { Partition, PartitionWatcher } from './partition.ts'

export type ParkedFetch = {
  readonly partitions: readonly Partition[]
  /** Bytes that must come before the fetch is worth answering. */
  readonly missingBytes: number
  readonly maxWaitMs: number
}

/** Gives up a parked request: its connection is gone. */
export type Cancel = () => void

/** Partitions that woken fetches look at before others get their turn: some ten milliseconds. */
const maxPartitionsPerTurn = 10_000

/**
 * Requests that wait for records. Each waits by partition and deadline: it is answered once `missingBytes` have
 * come to its partitions together, at its deadline, or when a partition moves in a way that is no append.
 * Wake-ups are gathered until the current work is done, so that one produce to many partitions answers once. Many
 * that look at many partitions are answered over several turns: a hundred of 10,000 held up everybody for seconds.
 */
export class Purgatory {
  readonly #clock: Clock
  readonly #parked = new Set<Waiter>()
  #ready: Waiter[] = []
  /** A microtask or a timer will finish those that are ready. */
  #isFinishing = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#parked.size
  }

  /** Calls `done` once, unless cancelled before. */
  park(fetch: ParkedFetch, done: () => void): Cancel {
    const waiter = new Waiter(fetch, done, (ready) => this.#wake(ready))
    this.#parked.add(waiter)
    for (const partition of fetch.partitions) partition.watch(waiter)
    waiter.timer = this.#clock.schedule(fetch.maxWaitMs, () => this.#finish(waiter))
    return () => this.#remove(waiter)
  }

  /** Answers everything that waits, at once: the broker is closing. */
  releaseAll(): void {
    for (const waiter of [...this.#parked]) this.#finish(waiter)
  }

  #wake(waiter: Waiter): void {
    this.#ready.push(waiter)
    if (this.#isFinishing) return
    this.#isFinishing = true
    queueMicrotask(() => this.#finishReady())
  }

  #finishReady(): void {
    this.#isFinishing = false
    const ready = this.#ready
    this.#ready = []
    let partitionCount = 0
    for (const [index, waiter] of ready.entries()) {
      if (partitionCount >= maxPartitionsPerTurn) {
        this.#ready = ready.slice(index).concat(this.#ready)
        this.#isFinishing = true
        this.#clock.schedule(0, () => this.#finishReady())
        return
      }
      if (this.#parked.has(waiter)) partitionCount += waiter.partitions.length
      this.#finish(waiter)
    }
  }

  #finish(waiter: Waiter): void {
    if (this.#remove(waiter)) waiter.done()
  }

  #remove(waiter: Waiter): boolean {
    if (!this.#parked.delete(waiter)) return false
    waiter.timer?.cancel()
    for (const partition of waiter.partitions) partition.unwatch(waiter)
    return true
  }
}

class Waiter implements PartitionWatcher {
  readonly partitions: readonly Partition[]
  readonly done: () => void
  timer: Timer | undefined
  readonly #onReady: (waiter: Waiter) => void
  #missingBytes: number
  #isReady = false

  constructor(fetch: ParkedFetch, done: () => void, onReady: (waiter: Waiter) => void) {
    this.partitions = fetch.partitions
    this.done = done
    this.#missingBytes = fetch.missingBytes
    this.#onReady = onReady
  }

  advanced(_partition: Partition, sizeBytes: number): void {
    this.#missingBytes -= sizeBytes
    if (this.#isReady || (sizeBytes > 0 && this.#missingBytes > 0)) return
    this.#isReady = true
    this.#onReady(this)
  }
}
