import { WebSocket } from 'ws'

type Result = { objectId?: string; result?: RemoteObject; objects?: RemoteObject; exceptionDetails?: unknown }
type Answer = { id: number; result?: Result; error?: { message: string } }
type Pending = { resolve: (result: Result) => void; reject: (error: Error) => void }
type RemoteObject = { objectId?: string; value?: unknown }

/** A few words of Chrome's DevTools protocol with another Node process. */
export class Inspector {
  readonly #socket: WebSocket
  readonly #pending = new Map<number, Pending>()
  #nextId = 1

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data) => this.#settle(JSON.parse(String(data)) as Answer))
    socket.on('close', () => {
      for (const { reject } of this.#pending.values()) reject(new Error('the inspected process is gone'))
      this.#pending.clear()
    })
  }

  /** `output` is what the process printed, its address among it. */
  static async connect(output: string): Promise<Inspector> {
    const url = /Debugger listening on (ws:\S+)/.exec(output)?.[1]
    if (!url) throw new Error(`the process printed no inspector's address: ${output}`)
    const socket = new WebSocket(url, { perMessageDeflate: false })
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    return new Inspector(socket)
  }

  async collectGarbage(): Promise<void> {
    await this.#send('HeapProfiler.collectGarbage', {})
  }

  /** The id of the object that an expression gives. */
  async evaluate(expression: string): Promise<string> {
    return objectIdOf(await this.#send('Runtime.evaluate', { expression }))
  }

  /** The id of an array with all objects that have this prototype. */
  async instances(prototypeObjectId: string): Promise<string> {
    const { objects } = await this.#send('Runtime.queryObjects', { prototypeObjectId })
    return objects!.objectId!
  }

  /** Calls a function with the object as `this`; its result, or that of its promise, must be JSON. */
  async call(objectId: string, functionDeclaration: string): Promise<unknown> {
    const answer = await this.#send('Runtime.callFunctionOn', {
      objectId,
      functionDeclaration,
      returnByValue: true,
      awaitPromise: true,
    })
    return answer.result?.value
  }

  /** As `call` with one more object as its argument; the id of what it returns. */
  async callForObject(objectId: string, functionDeclaration: string, argument: string): Promise<string> {
    return objectIdOf(
      await this.#send('Runtime.callFunctionOn', {
        objectId,
        functionDeclaration,
        arguments: [{ objectId: argument }],
      }),
    )
  }

  close(): void {
    this.#socket.close()
  }

  async #send(method: string, params: object): Promise<Result> {
    const id = this.#nextId++
    const answer = new Promise<Result>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
    })
    this.#socket.send(JSON.stringify({ id, method, params }))
    const result = await answer
    if (result.exceptionDetails) throw new Error(`${method}: ${JSON.stringify(result.exceptionDetails)}`)
    return result
  }

  #settle({ id, result, error }: Answer): void {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    if (error) pending?.reject(new Error(error.message))
    else pending?.resolve(result ?? {})
  }
}

function objectIdOf(answer: Result): string {
  return answer.result!.objectId!
}
