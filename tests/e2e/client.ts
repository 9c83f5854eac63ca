import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'

export type ClientRecord = {
  key: string | null
  value: string | null
  partition?: number
  headers?: Record<string, string>
}
export type ReceivedRecord = {
  partition: number
  offset: number
  key: string | null
  value: string | null
  headers: Record<string, string>
}
export type GroupLag = { partition: number; committed: number; end: number; lag: number | null }[]

export type Question =
  | { verb: 'produce'; topic: string; records: ClientRecord[] }
  | { verb: 'consume'; topic: string; group: string }
  | { verb: 'hold' | 'goOn' | 'received' | 'leave' }
  | { verb: 'lag'; topic: string; group: string }
export type Asked = Question & { id: number }
export type Answer = { id: number; result: unknown } | { id: number; error: string }

const answerWithinMs = 40_000

/** A real Kafka client in a process of its own (client-process.ts); it dies with the test. */
export class ClientProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #waiting = new Map<
    number,
    { resolve: (result: unknown) => void; reject: (error: Error) => void }
  >()
  readonly #clientId: string
  #nextId = 1

  constructor(bootstrap: string, clientId: string) {
    this.#clientId = clientId
    this.#child = fork(join(import.meta.dirname, 'client-process.ts'), {
      execArgv: [],
      env: {
        ...process.env,
        BOOTSTRAP: bootstrap,
        CLIENT_ID: clientId,
        KAFKAJS_NO_PARTITIONER_WARNING: '1',
        NODE_NO_WARNINGS: '1',
      },
    })
    this.#child.on('message', (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id)
      this.#waiting.delete(answer.id)
      if ('error' in answer) waiting?.reject(new Error(`${clientId}: ${answer.error}`))
      else waiting?.resolve(answer.result)
    })
    this.#child.on('exit', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`${clientId} ended with ${code}`))
      this.#waiting.clear()
    })
  }

  produce(topic: string, records: ClientRecord[]): Promise<unknown> {
    return this.#ask({ verb: 'produce', topic, records })
  }

  /** Joins the group and reads from the beginning; resolves when it has its partitions. */
  consume(topic: string, group: string): Promise<unknown> {
    return this.#ask({ verb: 'consume', topic, group })
  }

  /** Stays in the group and reads nothing more. */
  hold(): Promise<unknown> {
    return this.#ask({ verb: 'hold' })
  }

  goOn(): Promise<unknown> {
    return this.#ask({ verb: 'goOn' })
  }

  leave(): Promise<unknown> {
    return this.#ask({ verb: 'leave' })
  }

  /** Records that the consumer was given so far. */
  async received(): Promise<ReceivedRecord[]> {
    return (await this.#ask({ verb: 'received' })) as ReceivedRecord[]
  }

  /** Lag as the client's own admin calls tell it. */
  async lag(topic: string, group: string): Promise<GroupLag> {
    return (await this.#ask({ verb: 'lag', topic, group })) as GroupLag
  }

  #ask(question: Question): Promise<unknown> {
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${this.#clientId} did not ${question.verb} in ${answerWithinMs} ms`)),
        answerWithinMs,
      )
      const settle =
        <Value>(then: (value: Value) => void) =>
        (value: Value) => {
          clearTimeout(timer)
          then(value)
        }
      this.#waiting.set(id, { resolve: settle(resolve), reject: settle(reject) })
      this.#child.send({ id, ...question })
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGKILL')
    await gone
  }
}

export function lagOf(partitions: GroupLag): number {
  return partitions.reduce((sum, { lag }) => sum + (lag ?? 0), 0)
}
