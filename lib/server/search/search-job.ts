import { Worker } from 'node:worker_threads'
import type { KafkaRecord, SearchProgress } from '../../contract/records.ts'
import { KafkaError } from '../kafka/kafka-error.ts'
import type { ScanRequest } from './scan.ts'
import type { SearchOrder } from './search-worker.ts'

export type SearchReply =
  | { kind: 'found'; job: number; records: KafkaRecord[]; progress: SearchProgress }
  | { kind: 'over'; job: number }
  | { kind: 'failed'; job: number; code: string; message: string }

export type SearchListener = {
  found(records: KafkaRecord[], progress: SearchProgress): void
  over(): void
  failed(error: KafkaError): void
}

const threadFile = new URL('./search-worker.ts', import.meta.url)
const maxThreads = 4
const keptIdle = 1
/** A search that was told to stop and does not is ended with its thread. */
const stopPatienceMs = 1_000

/** Threads that search, so that neither the dashboard nor the broker stalls meanwhile; started when needed. */
export class SearchThreads {
  readonly #idle: Worker[] = []
  #busy = 0
  #jobs = 0
  #closed = false

  /** Starts a search; returns the way to stop it (its last telling then has state `stopped`). */
  start(bootstrap: string[], request: ScanRequest, listener: SearchListener): () => void {
    if (this.#busy >= maxThreads) {
      throw new KafkaError('TOO_MANY', `${maxThreads} searches run already: stop one of them first.`)
    }
    this.#busy++
    const job = ++this.#jobs
    const worker = this.#idle.pop() ?? new Worker(threadFile)
    worker.removeAllListeners()
    worker.ref()
    const say = (order: SearchOrder) => worker.postMessage(order)
    let finished = false
    let patience: NodeJS.Timeout | undefined
    const finish = (reusable: boolean) => {
      if (finished) return
      finished = true
      clearTimeout(patience)
      worker.removeAllListeners()
      this.#busy--
      if (reusable && !this.#closed && this.#idle.length < keptIdle) this.#keep(worker)
      else void worker.terminate()
    }
    worker.on('message', (reply: SearchReply) => {
      if (reply.job !== job) return
      if (reply.kind === 'found') return listener.found(reply.records, reply.progress)
      finish(true)
      if (reply.kind === 'over') listener.over()
      else listener.failed(new KafkaError(reply.code, reply.message))
    })
    worker.on('error', (cause) => {
      finish(false)
      listener.failed(new KafkaError('INTERNAL', `The search broke: ${cause.message}`, { cause }))
    })
    say({ kind: 'start', job, bootstrap, request })
    return () => {
      if (finished) return
      say({ kind: 'stop', job })
      patience ??= setTimeout(() => {
        finish(false)
        listener.over()
      }, stopPatienceMs)
    }
  }

  /** Starts a thread ahead of the first search: its start takes a tenth of a second or more. */
  warmUp(): void {
    if (this.#idle.length === 0 && !this.#closed) this.#keep(new Worker(threadFile))
  }

  #keep(worker: Worker): void {
    worker.on('error', () => {
      const at = this.#idle.indexOf(worker)
      if (at >= 0) this.#idle.splice(at, 1)
    })
    worker.unref()
    this.#idle.push(worker)
  }

  close(): void {
    this.#closed = true
    for (const worker of this.#idle) void worker.terminate()
  }
}
