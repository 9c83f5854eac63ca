/** The last `capacity` events, numbered; a reader that falls behind is told so instead of being queued for. */
export class EventRing<T> {
  readonly #capacity: number
  readonly #events: T[] = []
  #next = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Number that the next event gets. */
  get next(): number {
    return this.#next
  }

  push(event: T): void {
    this.#events[this.#next % this.#capacity] = event
    this.#next++
  }

  /** Events from number `from` on, oldest first, and how many before them are gone. */
  since(from: number): { events: T[]; lost: number } {
    const first = Math.max(from, this.#next - this.#capacity, 0)
    const events: T[] = []
    for (let i = first; i < this.#next; i++) events.push(this.#events[i % this.#capacity]!)
    return { events, lost: Math.max(0, first - from) }
  }

  all(): T[] {
    return this.since(0).events
  }
}
