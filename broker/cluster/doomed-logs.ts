import type { Clock, Timer } from '../core/clock.ts'
import { type LogDir, partitionDir } from '../log/log-dir.ts'
import { isStorageError } from './partition.ts'

/** Logs deleted in one turn of the event loop: each takes about a millisecond. */
const logsPerTurn = 50

/**
 * Logs of deleted topics on their way out: the first ones go at once, thousands in short turns, so that other
 * clients are served in between. What a crash leaves over, the next start deletes.
 */
export class DoomedLogs {
  readonly #logDir: LogDir
  readonly #clock: Clock
  readonly #onFault: (message: string) => void
  readonly #doomed = new Map<string, { readonly topic: string; readonly index: number }>()
  #timer: Timer | undefined

  constructor(logDir: LogDir, clock: Clock, onFault: (message: string) => void) {
    this.#logDir = logDir
    this.#clock = clock
    this.#onFault = onFault
  }

  get size(): number {
    return this.#doomed.size
  }

  doom(topic: string, indexes: readonly number[]): void {
    for (const index of indexes) this.#doomed.set(partitionDir(topic, index), { topic, index })
    if (this.#timer === undefined) this.#deleteSome()
  }

  /** For a new partition of that name, which needs the folder now. */
  deleteNow(topic: string, index: number): void {
    if (!this.#doomed.delete(partitionDir(topic, index))) return
    try {
      this.#logDir.deleteLog(topic, index)
    } catch (error) {
      if (!isStorageError(error)) throw error
      this.#onFault(`The partition ${topic}-${index} was not deleted: ${error.message}`)
    }
  }

  stop(): void {
    this.#timer?.cancel()
  }

  #deleteSome(): void {
    this.#timer = undefined
    let left = logsPerTurn
    for (const { topic, index } of this.#doomed.values()) {
      if (left-- === 0) break
      this.deleteNow(topic, index)
    }
    if (this.#doomed.size > 0) this.#timer = this.#clock.schedule(0, () => this.#deleteSome())
  }
}
