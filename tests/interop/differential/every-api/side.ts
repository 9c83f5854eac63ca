import { connect, type Socket } from 'node:net'
import { decodeFrom } from '../../../../broker/protocol/codec.ts'
import { DecodeError } from '../../../../broker/protocol/errors.ts'
import type { Message } from '../../../../broker/protocol/fields.ts'
import { FrameSplitter } from '../../../../broker/protocol/frame.ts'
import { responseHeader, responseHeaderVersion } from '../../../../broker/protocol/header.ts'
import { Reader } from '../../../../broker/protocol/reader.ts'
import { requestHeader } from './broken-bytes.ts'

/** What came back: an answer's frame, nothing though the connection lives on, or the end of the connection. */
export type Outcome =
  | { readonly kind: 'answered'; readonly frame: Buffer }
  | { readonly kind: 'silent' | 'closed' | 'late' }

const maxFrameBytes = 100 * 1024 * 1024
const answerWithinMs = 8_000
const probeCorrelationId = 0x7ffffff0
const apiVersionsKey = 18

/**
 * A connection for requests as bytes, opened anew when the broker has closed it. Behind a request that may go
 * unanswered comes a question that is always answered: what arrives first tells whether there was an answer.
 */
export class ByteConnection implements AsyncDisposable {
  readonly #port: number
  #socket: Socket | undefined
  #arrived: Outcome[] = []
  #waiting: ((outcome: Outcome) => void) | undefined
  connections = 0

  constructor(port: number) {
    this.#port = port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket?.destroy()
  }

  /** Sends the content of a frame. */
  send(content: Buffer): Promise<Outcome> {
    return this.sendBytes(framed(content))
  }

  /** As `send`, and finds out when there is no answer to come. */
  async sendMaybeSilent(content: Buffer): Promise<Outcome> {
    const first = await this.sendBytes(Buffer.concat([framed(content), framed(probe)]))
    if (first.kind !== 'answered') return first
    if (first.frame.readInt32BE(0) === probeCorrelationId) return { kind: 'silent' }
    await this.#next()
    return first
  }

  async sendBytes(bytes: Buffer): Promise<Outcome> {
    const socket = await this.#open()
    this.#arrived = []
    socket.write(bytes)
    return this.#next()
  }

  /** Whether the broker serves the next connection, or this one. */
  async isServed(): Promise<boolean> {
    const { kind } = await this.send(probe)
    return kind === 'answered'
  }

  #next(): Promise<Outcome> {
    const arrived = this.#arrived.shift()
    if (arrived) return Promise.resolve(arrived)
    if (!this.#socket) return Promise.resolve({ kind: 'closed' })
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#socket?.destroy()
        this.#socket = undefined
        this.#arrive({ kind: 'late' })
      }, answerWithinMs)
      this.#waiting = (outcome) => {
        clearTimeout(timer)
        resolve(outcome)
      }
    })
  }

  #arrive(outcome: Outcome): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting) waiting(outcome)
    else this.#arrived.push(outcome)
  }

  #open(): Promise<Socket> {
    if (this.#socket) return Promise.resolve(this.#socket)
    this.connections++
    const splitter = new FrameSplitter(maxFrameBytes)
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: this.#port, noDelay: true })
      this.#socket = socket
      socket.once('connect', () => resolve(socket))
      socket.on('data', (chunk: Buffer) => {
        for (const frame of splitter.push(chunk)) this.#arrive({ kind: 'answered', frame })
      })
      socket.on('error', reject)
      socket.on('close', () => {
        if (this.#socket !== socket) return
        this.#socket = undefined
        this.#arrive({ kind: 'closed' })
      })
    })
  }
}

const probe = requestHeader(apiVersionsKey, 0, probeCorrelationId, false)

function framed(content: Buffer): Buffer {
  const prefix = Buffer.alloc(4)
  prefix.writeInt32BE(content.length)
  return Buffer.concat([prefix, content])
}

/** The body of an answer; a string says why the bytes are none. */
export function decodedAnswer(response: Message, version: number, frame: Buffer): unknown {
  try {
    const reader = new Reader(frame)
    decodeFrom(responseHeader, responseHeaderVersion(response, version), reader)
    const body = decodeFrom(response, version, reader)
    return reader.remaining > 0 ? `${reader.remaining} bytes left over` : body
  } catch (error) {
    if (error instanceof DecodeError) return `undecodable: ${error.message}`
    throw error
  }
}
