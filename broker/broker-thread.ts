import { Worker } from 'node:worker_threads'
import type { EventBatch, HostChannel, HostCommand, HostCommands } from './host.ts'
import { compileCacheDir } from './module-loading.ts'
import type { LogSink } from './telemetry/node-telemetry.ts'
import { errorFrom, type Ready, type ToHost, type ToWorker, type WorkerInput } from './worker-protocol.ts'

type Waiting = { readonly resolve: (response: unknown) => void; readonly reject: (error: Error) => void }

const maxWaiting = 10_000

/** A broker in a worker thread, as its host holds it. */
export class BrokerThread implements HostChannel {
  readonly ready: Ready
  /** Resolves when the thread has ended, with the error when it died by itself. */
  readonly ended: Promise<Error | undefined>
  readonly #worker: Worker
  readonly #log: LogSink
  readonly #waiting = new Map<number, Waiting>()
  readonly #listeners = new Set<(batch: EventBatch) => void>()
  #nextId = 1

  private constructor(worker: Worker, ready: Ready, ended: Promise<Error | undefined>, log: LogSink) {
    this.#worker = worker
    this.ready = ready
    this.ended = ended
    this.#log = log
    worker.on('message', (message: ToHost) => this.#receive(message))
    void ended.then((error) => this.#refuseAll(error ?? new Error('The broker has stopped.')))
  }

  /** Resolves when the broker accepts connections; rejects with what kept it from it. */
  static async start(input: WorkerInput, log: LogSink): Promise<BrokerThread> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: input,
      name: 'broker',
      env: { NODE_COMPILE_CACHE: compileCacheDir, ...process.env },
    })
    let fault: Error | undefined
    const ended = new Promise<Error | undefined>((resolve) => {
      worker.once('error', (error) => {
        fault = error as Error
      })
      worker.once('exit', () => resolve(fault))
    })
    const first = await Promise.race([
      new Promise<ToHost>((resolve) => {
        const listen = (message: ToHost) => {
          if (message.type === 'log') log(message.level, message.message)
          else {
            worker.off('message', listen)
            resolve(message)
          }
        }
        worker.on('message', listen)
      }),
      ended,
    ])
    if (first && 'type' in first && first.type === 'ready') return new BrokerThread(worker, first, ended, log)
    if (first && 'type' in first && first.type === 'failed') throw errorFrom(first.error)
    throw fault ?? new Error('The broker thread ended before it was ready.')
  }

  ask<C extends HostCommand>(
    command: C,
    request: HostCommands[C]['request'],
  ): Promise<HostCommands[C]['response']> {
    if (this.#waiting.size >= maxWaiting)
      return Promise.reject(new Error('The broker thread does not answer.'))
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      // The worker answers with this command's response; structured clone carries no types.
      this.#waiting.set(id, {
        resolve: (response) => resolve(response as HostCommands[C]['response']),
        reject,
      })
      this.#worker.postMessage({ type: 'ask', id, command, request } satisfies ToWorker)
    })
  }

  onEvents(listener: (batch: EventBatch) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #receive(message: ToHost): void {
    if (message.type === 'events') for (const listener of this.#listeners) listener(message.batch)
    else if (message.type === 'log') this.#log(message.level, message.message)
    else if (message.type === 'answer') this.#take(message.id)?.resolve(message.response)
    else if (message.type === 'refusal') this.#take(message.id)?.reject(errorFrom(message.error))
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    return waiting
  }

  #refuseAll(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}
