import { connect, type Socket } from 'node:net'
import { decodeFrom } from './codec.ts'
import { DecodeError } from './errors.ts'
import type { DecodedShape, EncodableShape, Message, Shape } from './fields.ts'
import { FrameSplitter } from './frame.ts'
import { encodeRequest, responseHeader, responseHeaderVersion } from './header.ts'
import { Reader } from './reader.ts'

export interface WireClientOptions {
  readonly host?: string
  readonly port: number
  readonly clientId?: string | null
  /** For connecting, and for each answer. */
  readonly timeoutMs?: number
  readonly maxFrameBytes?: number
  /** Sees each request with its response, both without the length prefix. */
  readonly onExchange?: (request: Buffer, response: Buffer) => void
}

interface Pending {
  readonly request: readonly Buffer[]
  readonly resolve: (frame: Buffer) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

const defaultTimeoutMs = 10_000
const defaultMaxFrameBytes = 100 * 1024 * 1024

/** The connection ended or failed while answers were outstanding, or one did not come in time. */
export class WireClientError extends Error {
  override readonly name = 'WireClientError'
  readonly code: 'CLOSED' | 'TIMEOUT'

  constructor(code: 'CLOSED' | 'TIMEOUT', message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/**
 * One connection that speaks the protocol and nothing above it: no metadata, no retries. For tests, the
 * bench and tools. Requests may be pipelined; answers are matched by correlation id.
 */
export class WireClient implements AsyncDisposable {
  private readonly socket: Socket
  private readonly splitter: FrameSplitter
  private readonly pending = new Map<number, Pending>()
  private readonly clientId: string | null
  private readonly timeoutMs: number
  private readonly onExchange: WireClientOptions['onExchange']
  private correlationId = 0
  private failure: Error | undefined

  private constructor(socket: Socket, options: WireClientOptions) {
    this.socket = socket
    this.clientId = options.clientId === undefined ? 'wire-client' : options.clientId
    this.timeoutMs = options.timeoutMs ?? defaultTimeoutMs
    this.onExchange = options.onExchange
    this.splitter = new FrameSplitter(options.maxFrameBytes ?? defaultMaxFrameBytes)
    socket.on('data', (chunk: Buffer) => this.receive(chunk))
    socket.on('error', (error) => this.fail(error))
    socket.on('close', () => this.fail(undefined))
  }

  static connect(options: WireClientOptions): Promise<WireClient> {
    const host = options.host ?? '127.0.0.1'
    const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port: options.port, noDelay: true })
      const timer = setTimeout(() => {
        socket.destroy()
        reject(new WireClientError('TIMEOUT', `no connection to ${host}:${options.port} in ${timeoutMs} ms`))
      }, timeoutMs)
      socket.once('error', (cause) => {
        clearTimeout(timer)
        reject(new WireClientError('CLOSED', `cannot connect to ${host}:${options.port}`, { cause }))
      })
      socket.once('connect', () => {
        clearTimeout(timer)
        socket.removeAllListeners('error')
        resolve(new WireClient(socket, options))
      })
    })
  }

  /** Sends a request and resolves with its decoded response. */
  async send<Request extends Shape, Response extends Shape>(
    request: Message<Request>,
    response: Message<Response>,
    version: number,
    body: EncodableShape<Request>,
    timeoutMs = this.timeoutMs,
  ): Promise<DecodedShape<Response>> {
    const correlationId = this.nextCorrelationId()
    const frame = encodeRequest(request, version, { correlationId, clientId: this.clientId }, body)
    return decodeResponse(response, version, await this.exchange(correlationId, frame, timeoutMs))
  }

  /** Sends a request that has no answer: Produce with acks 0. */
  sendOneWay<Request extends Shape>(
    request: Message<Request>,
    version: number,
    body: EncodableShape<Request>,
  ): void {
    const header = { correlationId: this.nextCorrelationId(), clientId: this.clientId }
    this.writeRaw(encodeRequest(request, version, header, body))
  }

  nextCorrelationId(): number {
    this.correlationId = (this.correlationId + 1) & 0x7fffffff
    return this.correlationId
  }

  /** Sends a frame that is encoded already (length prefix included) and resolves with the response's frame. */
  exchange(correlationId: number, request: readonly Buffer[], timeoutMs = this.timeoutMs): Promise<Buffer> {
    if (this.failure) return Promise.reject(this.failure)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.pending.delete(correlationId)
        reject(new WireClientError('TIMEOUT', `no answer to request ${correlationId} in ${timeoutMs} ms`))
      }, timeoutMs)
      this.pending.set(correlationId, { request, resolve, reject, timer })
      this.writeRaw(request)
    })
  }

  /** Writes bytes as they are; with bad ones, for tests of what a broker does then. */
  writeRaw(chunks: readonly Buffer[]): void {
    this.socket.cork()
    for (const chunk of chunks) this.socket.write(chunk)
    this.socket.uncork()
  }

  /** Resolves when the other side has closed the connection. */
  closed(): Promise<void> {
    if (this.socket.closed) return Promise.resolve()
    return new Promise((resolve) => this.socket.once('close', () => resolve()))
  }

  async close(): Promise<void> {
    const closed = this.closed()
    this.socket.destroy()
    await closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  private receive(chunk: Buffer): void {
    try {
      for (const frame of this.splitter.push(chunk)) this.settle(frame)
    } catch (error) {
      this.socket.destroy(error as Error)
    }
  }

  private settle(frame: Buffer): void {
    const correlationId = frame.readInt32BE(0)
    const pending = this.pending.get(correlationId)
    if (!pending) return
    this.pending.delete(correlationId)
    clearTimeout(pending.timer)
    this.onExchange?.(Buffer.concat(pending.request).subarray(4), frame)
    pending.resolve(frame)
  }

  private fail(cause: Error | undefined): void {
    this.failure ??= new WireClientError('CLOSED', 'the connection is closed', { cause })
    for (const { reject, timer } of this.pending.values()) {
      clearTimeout(timer)
      reject(this.failure)
    }
    this.pending.clear()
  }
}

/** Decodes a response frame (header and body, no length prefix); bytes left over are an error here. */
function decodeResponse<S extends Shape>(
  response: Message<S>,
  version: number,
  frame: Buffer,
): DecodedShape<S> {
  const reader = new Reader(frame)
  decodeFrom(responseHeader, responseHeaderVersion(response, version), reader)
  const body = decodeFrom(response, version, reader)
  if (reader.remaining > 0) {
    const error = new DecodeError(`${reader.remaining} bytes left over`, reader.offset)
    error.in(`${response.name} v${version}`)
    throw error
  }
  return body
}
