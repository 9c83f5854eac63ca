import type { Clock, Timer } from '../core/clock.ts'

type Deadline = { readonly key: string; atMs: number; queuedAtMs: number; task: () => void; live: boolean }

/**
 * Deadlines by key over one clock timer. Setting a key again moves its deadline, which is O(1) when it moves to
 * later (every heartbeat does): the heap's entry is put back only when it comes up too early. Setting the time of day
 * moves no deadline.
 */
export class DeadlineTimer {
  readonly #clock: Clock
  readonly #byKey = new Map<string, Deadline>()
  /** A binary heap on `queuedAtMs`; entries that are no longer live are dropped when they come up. */
  readonly #heap: Deadline[] = []
  #armed: Timer | undefined
  #armedAtMs = Number.POSITIVE_INFINITY

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#byKey.size
  }

  has(key: string): boolean {
    return this.#byKey.has(key)
  }

  /** Runs `task` in `delayMs`, instead of what was set for `key` before. */
  set(key: string, delayMs: number, task: () => void): void {
    const atMs = this.#clock.elapsedMs() + Math.max(0, delayMs)
    const known = this.#byKey.get(key)
    if (known && atMs >= known.queuedAtMs) {
      known.atMs = atMs
      known.task = task
      return
    }
    if (known) drop(known)
    const deadline = { key, atMs, queuedAtMs: atMs, task, live: true }
    this.#byKey.set(key, deadline)
    this.#push(deadline)
    this.#arm()
  }

  cancel(key: string): void {
    const known = this.#byKey.get(key)
    if (!known) return
    drop(known)
    this.#byKey.delete(key)
    if (this.#heap.length > 64 && this.#heap.length > 4 * this.#byKey.size) this.#compact()
  }

  cancelAll(): void {
    this.#byKey.clear()
    this.#heap.length = 0
    this.#armed?.cancel()
    this.#armed = undefined
    this.#armedAtMs = Number.POSITIVE_INFINITY
  }

  #run(): void {
    this.#armed = undefined
    this.#armedAtMs = Number.POSITIVE_INFINITY
    const nowMs = this.#clock.elapsedMs()
    const due: Deadline[] = []
    for (
      let first = this.#heap[0];
      first && (!first.live || first.queuedAtMs <= nowMs);
      first = this.#heap[0]
    ) {
      this.#pop()
      if (!first.live) continue
      if (first.atMs > nowMs) {
        first.queuedAtMs = first.atMs
        this.#push(first)
      } else due.push(first)
    }
    for (const deadline of due) {
      if (!deadline.live || deadline.atMs > nowMs) continue
      deadline.live = false
      this.#byKey.delete(deadline.key)
      deadline.task()
    }
    for (const deadline of due) {
      if (!deadline.live) continue
      deadline.queuedAtMs = deadline.atMs
      this.#push(deadline)
    }
    this.#arm()
  }

  #arm(): void {
    const first = this.#heap[0]
    if (!first || first.queuedAtMs >= this.#armedAtMs) return
    this.#armed?.cancel()
    this.#armedAtMs = first.queuedAtMs
    this.#armed = this.#clock.schedule(first.queuedAtMs - this.#clock.elapsedMs(), () => this.#run())
  }

  #compact(): void {
    const live = this.#heap.filter((deadline) => deadline.live)
    this.#heap.length = 0
    for (const deadline of live) this.#push(deadline)
  }

  #push(deadline: Deadline): void {
    const heap = this.#heap
    let index = heap.push(deadline) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (heap[parent]!.queuedAtMs <= deadline.queuedAtMs) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = deadline
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()!
    if (heap.length === 0) return
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && heap[child + 1]!.queuedAtMs < heap[child]!.queuedAtMs) child++
      if (heap[child]!.queuedAtMs >= last.queuedAtMs) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = last
  }
}

/** The heap lets go of it later: what its task holds on to must not wait for that. */
function drop(deadline: Deadline): void {
  deadline.live = false
  deadline.task = () => {}
}
