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
  /** Their disk failed: they stay until the next start, or until their folder is needed. */
  readonly #undeleted = new Set<string>()
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

  /** For a new partition of that name, which needs the folder now. Throws LogIoError: it must not open an old one. */
  deleteNow(topic: string, index: number): void {
    const name = partitionDir(topic, index)
    if (!this.#doomed.has(name) && !this.#undeleted.has(name)) return
    this.#logDir.deleteLog(topic, index)
    this.#doomed.delete(name)
    this.#undeleted.delete(name)
  }

  stop(): void {
    this.#timer?.cancel()
  }

  #deleteSome(): void {
    this.#timer = undefined
    let left = logsPerTurn
    for (const { topic, index } of this.#doomed.values()) {
      if (left-- === 0) break
      this.#tryToDelete(topic, index)
    }
    if (this.#doomed.size > 0) this.#timer = this.#clock.schedule(0, () => this.#deleteSome())
  }

  #tryToDelete(topic: string, index: number): void {
    try {
      this.deleteNow(topic, index)
    } catch (error) {
      if (!isStorageError(error)) throw error
      const name = partitionDir(topic, index)
      this.#doomed.delete(name)
      this.#undeleted.add(name)
      this.#onFault(`The partition ${name} was not deleted: ${error.message}`)
    }
  }
}
