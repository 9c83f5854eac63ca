import { connect, type Socket } from 'node:net'
import { decodeFrom } from '../../broker/protocol/codec.ts'
import type { DecodedShape, EncodableShape, Message, Shape } from '../../broker/protocol/fields.ts'
import { FrameSplitter } from '../../broker/protocol/frame.ts'
import { encodeRequest, responseHeader, responseHeaderVersion } from '../../broker/protocol/header.ts'
import { Reader } from '../../broker/protocol/reader.ts'

/** One for all connections: what arrives is copied out before the next one reads. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024)
const maxFrameBytes = 1024 * 1024
/** There is one request on its way at a time, so that they can all have the same. */
const correlationId = 0
const clientId = 'bench'

/** A request as it goes over the wire, in one piece. */
export function requestFrame<Request extends Shape>(
  request: Message<Request>,
  version: number,
  body: EncodableShape<Request>,
): Buffer {
  const chunks = encodeRequest(request, version, { correlationId, clientId }, body)
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}

/** A connection without timers and streams that asks one thing at a time: fifty of it cost less than their broker. */
export class Line {
  readonly #socket: Socket
  readonly #frames = new FrameSplitter(maxFrameBytes)
  #answered: (frame: Buffer) => void = () => {}
  #failed: (error: Error) => void = () => {}

  private constructor(port: number, connected: (line: Line) => void) {
    const onread = {
      buffer: readBuffer,
      callback: (count: number) => {
        for (const frame of this.#frames.push(Buffer.from(readBuffer.subarray(0, count))))
          this.#answered(frame)
        return true
      },
    }
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true, onread }, () => connected(this))
    this.#socket.on('error', (error) => this.#failed(error))
    this.#socket.on('close', () => this.#failed(new Error('the broker closed the connection')))
  }

  static connect(port: number): Promise<Line> {
    return new Promise((resolve, reject) => {
      const line = new Line(port, resolve)
      line.#failed = reject
    })
  }

  /** Sends a frame and resolves with the decoded answer. */
  ask<Response extends Shape>(
    frame: Buffer,
    response: Message<Response>,
    version: number,
  ): Promise<DecodedShape<Response>> {
    return new Promise((resolve, reject) => {
      this.#failed = reject
      this.#answered = (answer) => {
        const reader = new Reader(answer)
        decodeFrom(responseHeader, responseHeaderVersion(response, version), reader)
        resolve(decodeFrom(response, version, reader))
      }
      this.#socket.write(frame)
    })
  }

  close(): void {
    this.#failed = () => {}
    this.#socket.destroy()
  }
}
