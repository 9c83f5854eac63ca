import { setTimeout as delay } from 'node:timers/promises'
import { seededRandom } from '../../../broker/core/random.ts'
import { WireClient, WireClientError } from '../../../broker/protocol/client.ts'
import { AnswerError } from '../requests.ts'
import { Ledger } from './ledger.ts'

/** What all actors of a soak share. */
export class Soak {
  readonly port: number
  readonly ledger = new Ledger()
  /** How often each thing was done, by its name. */
  readonly counts = new Map<string, number>()
  /** What no actor expected: the soak fails with them. */
  readonly faults: string[] = []
  readonly #over = new AbortController()
  readonly #seed: number
  #actors = 0

  constructor(port: number, seed: number) {
    this.port = port
    this.#seed = seed
  }

  get isOver(): boolean {
    return this.#over.signal.aborted
  }

  end(): void {
    this.#over.abort()
  }

  /** Random numbers of one actor's own, so that the others' pace does not change them. */
  random(): Random {
    return new Random(this.#seed * 1009 + this.#actors++)
  }

  count(what: string, by = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + by)
  }

  /** The pace of a load, ended early with the soak. */
  async pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.#over.signal }).catch(() => {})
  }

  connect(clientId = 'soak'): Promise<WireClient> {
    return WireClient.connect({ port: this.port, clientId, timeoutMs: 30_000 })
  }

  /**
   * Runs `turn` again and again until the soak is over, each time on a connection of its own. Lost connections and
   * the errors named are part of the load; any other one is a fault.
   */
  async repeat(
    name: string,
    expected: readonly string[],
    turn: (client: WireClient) => Promise<void>,
  ): Promise<void> {
    while (!this.isOver) {
      try {
        await using client = await this.connect(name)
        await turn(client)
      } catch (error) {
        const isExpected =
          (error instanceof WireClientError && error.code === 'CLOSED') ||
          (error instanceof AnswerError && expected.includes(error.code))
        const what = error instanceof Error ? error.message : String(error)
        this.count(`${name}: ${error instanceof AnswerError ? error.code : what}`)
        if (!isExpected && this.faults.length < 50) this.faults.push(`${name}: ${what}`)
        await this.pause(50)
      }
    }
  }
}

export class Random {
  readonly next: () => number

  constructor(seed: number) {
    this.next = seededRandom(seed)
  }

  /** A whole number of [from, to]. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  of<T>(items: readonly T[]): T {
    return items[this.between(0, items.length - 1)]!
  }

  isTrue(probability: number): boolean {
    return this.next() < probability
  }
}
