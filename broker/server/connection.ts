import type { Socket } from 'node:net'
import type { BufferPool } from '../core/buffer-pool.ts'
import type { ClientConnection } from '../handlers/client-connection.ts'
import { CloseConnectionError } from '../handlers/handler.ts'
import { DecodeError } from '../protocol/errors.ts'
import { FrameSizeError } from '../protocol/frame.ts'
import { withoutMapping } from './admission.ts'
import { directSendOfSystem } from './direct-send.ts'
import { directSocket } from './direct-socket.ts'
import { type Dispatcher, ProtocolViolationError, type Reply } from './dispatch.ts'
import { FrameReceiver, type ReceivedFrame } from './frame-receiver.ts'
import { Outbox } from './outbox.ts'

/** The host and port handed to a client for a broker. */
export type Advertise = (
  connection: ClientConnection,
  broker: { readonly nodeId: number; readonly host: string; readonly port: number },
) => { readonly host: string; readonly port: number }

export type ConnectionOptions = {
  readonly id: number
  /** As the server gave it: paused, nothing read yet. */
  readonly socket: Socket
  /** What is read between frames goes here: one for all connections. */
  readonly sharedBuffer: Buffer
  readonly buffers: BufferPool
  readonly dispatcher: Dispatcher
  readonly advertise: Advertise
  readonly maxFrameBytes: number
  /** SO_SNDBUF; below 1: the system's own. */
  readonly sendBufferBytes: number
  readonly nowMs: () => number
  /** `fault`: why we closed it; undefined when the client did. */
  readonly onClosed: (connection: Connection, fault: string | undefined) => void
  /** A bug of ours, met while answering. */
  readonly onBug: (connection: Connection, error: unknown) => void
}

/** Unsent bytes above which no further request of this connection is begun. */
const maxUnsentBytes = 1024 * 1024
/** Requests read ahead while one is being answered. */
const maxQueuedFrames = 64
const maxQueuedBytes = 1024 * 1024
/** After a request of this size its client is likely to have more on the way. */
const largeRequestBytes = 64 * 1024

/**
 * One client's socket. Its requests are answered one after the other, as Kafka does: while one waits, the next
 * ones queue up to a limit and then the socket is not read. A client that does not read its answers is not read
 * either, and is closed when nothing moves for `connections.max.idle.ms`.
 */
export class Connection implements ClientConnection {
  readonly id: number
  readonly remoteHost: string
  readonly remotePort: number
  readonly localHost: string
  readonly localPort: number
  readonly principal = 'User:ANONYMOUS'
  readonly sendsFiles = true
  readonly connectedAtMs: number
  softwareName: string | null = null
  softwareVersion: string | null = null
  cancelWaiting: (() => void) | undefined
  readonly #socket: Socket
  readonly #options: ConnectionOptions
  readonly #receiver: FrameReceiver
  readonly #outbox: Outbox
  #queue: ReceivedFrame[] = []
  #queuedBytes = 0
  #isAnswering = false
  #isBlocked = false
  #isPumping = false
  #lastRequestBytes = 0
  /** Answers to large requests wait for the end of this turn of the event loop. */
  #heldFlush: NodeJS.Immediate | undefined
  #isClosed = false
  /** Set while the client has to wait for its quota (KIP-219). */
  #muteTimer: NodeJS.Timeout | undefined
  #inputEnded = false
  #fault: string | undefined
  #lastActiveMs: number
  #sweptBytesSent = 0

  constructor(options: ConnectionOptions) {
    this.id = options.id
    this.#options = options
    this.#receiver = new FrameReceiver(options.maxFrameBytes, options.buffers, options.sharedBuffer)
    const socket = this.#read(options.socket)
    this.#socket = socket
    this.#outbox = new Outbox({
      socket,
      buffers: options.buffers,
      directSend: directSendOfSystem,
      sendBufferBytes: options.sendBufferBytes,
      onProgress: () => this.#progressed(),
      onFault: (error) => this.#fail(error),
    })
    this.remoteHost = withoutMapping(socket.remoteAddress)
    this.remotePort = socket.remotePort ?? 0
    this.localHost = withoutMapping(socket.localAddress)
    this.localPort = socket.localPort ?? 0
    this.connectedAtMs = options.nowMs()
    this.#lastActiveMs = this.connectedAtMs
    socket.setNoDelay(true)
    socket.setKeepAlive(true)
    socket.on('error', () => socket.destroy())
    socket.on('end', () => this.#ended())
    socket.on('close', () => this.#closed())
  }

  get bytesIn(): number {
    return this.#socket.bytesRead
  }
  get bytesOut(): number {
    return this.#outbox.sentBytes
  }
  /** Answers that the client has not taken yet. */
  get unsentBytes(): number {
    return this.#outbox.unsentBytes
  }

  advertised(broker: { nodeId: number; host: string; port: number }): { host: string; port: number } {
    return this.#options.advertise(this, broker)
  }

  /** Closes at once. `fault` is what the log says of it; none: it was ours to close. */
  close(fault?: string): void {
    this.#fault ??= fault
    this.#socket.destroy()
  }

  /** Sends what is unsent, then closes: the broker is shutting down. */
  end(): void {
    this.#queue = []
    this.#outbox.whenEmpty(() => this.#socket.end(() => this.#socket.destroy()))
  }

  /** Leaves what comes next unread and unanswered for so long. */
  mute(durationMs: number): void {
    clearTimeout(this.#muteTimer)
    this.#muteTimer = setTimeout(() => {
      this.#muteTimer = undefined
      this.#resume()
    }, durationMs)
  }

  /** Closes a connection on which nothing has moved for `maxIdleMs`, unless negative; called now and then. */
  sweep(nowMs: number, maxIdleMs: number): void {
    const { sentBytes, unsentBytes } = this.#outbox
    if (sentBytes !== this.#sweptBytesSent) {
      this.#sweptBytesSent = sentBytes
      this.#lastActiveMs = nowMs
    }
    // A socket that is not read does not tell when its client is gone: then waiting is no excuse.
    const waits = this.#isAnswering && unsentBytes === 0 && !this.#socket.isPaused()
    if (waits || maxIdleMs < 0 || nowMs - this.#lastActiveMs < maxIdleMs) return
    this.close(
      unsentBytes > 0 ? `did not read ${unsentBytes} bytes of answers for ${maxIdleMs} ms` : undefined,
    )
  }

  /** Begins to read: into the receiver's memory where Node lets us, else by way of its own chunks. */
  #read(accepted: Socket): Socket {
    const receiver = this.#receiver
    const direct = directSocket(accepted, {
      room: () => receiver.room(),
      received: (count, room) => {
        this.#receive(() => receiver.received(room, count))
        return !this.#socket.isPaused()
      },
    })
    if (direct) return direct
    accepted.on('data', (chunk: Buffer) => this.#receive(() => receiver.push(chunk)))
    return accepted.resume()
  }

  #receive(take: () => ReceivedFrame[]): void {
    this.#lastActiveMs = this.#options.nowMs()
    try {
      const frames = take()
      for (const frame of frames) {
        this.#queue.push(frame)
        this.#queuedBytes += frame.bytes.length
      }
      if (frames.length > 0 || this.#receiver.fault) this.#pump()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Answers queued requests until one has to wait or the client does not take more. */
  #pump(): void {
    if (this.#isPumping) return
    this.#isPumping = true
    try {
      let done = 0
      do {
        while (done < this.#queue.length && this.#mayAnswer()) {
          const frame = this.#queue[done++]!
          this.#queuedBytes -= frame.bytes.length
          this.#answer(frame)
        }
        this.#flush()
      } while (done < this.#queue.length && this.#mayAnswer())
      if (done > 0) this.#queue = this.#queue.slice(done)
    } finally {
      this.#isPumping = false
    }
    this.#regulate()
  }

  #mayAnswer(): boolean {
    return !this.#isAnswering && !this.#isBlocked && !this.#isClosed && this.#muteTimer === undefined
  }

  /** The frame's memory is free once the answer is encoded: whatever it took over was written or copied. */
  #answer({ bytes, release }: ReceivedFrame): void {
    this.#lastRequestBytes = bytes.length
    const reply = this.#options.dispatcher.dispatch(this, bytes)
    if (!(reply instanceof Promise)) {
      release?.()
      this.#send(reply)
      return
    }
    this.#isAnswering = true
    reply.then(
      (answer) => {
        release?.()
        this.#answered()
        this.#send(answer)
        this.#resume()
      },
      (error: unknown) => {
        this.#answered()
        this.#fail(error)
      },
    )
  }

  #answered(): void {
    this.#isAnswering = false
    this.cancelWaiting = undefined
    this.#lastActiveMs = this.#options.nowMs()
  }

  #send(reply: Reply | undefined): void {
    if (reply === undefined) return
    this.#outbox.add(reply.chunks, reply.whenSent)
    if (this.#outbox.unsentBytes > maxUnsentBytes) this.#isBlocked = true
  }

  /**
   * Sends the answers; those to large requests together, when all that has arrived is read: each write wakes the
   * client, which costs more than the answer.
   */
  #flush(): void {
    if (this.#lastRequestBytes < largeRequestBytes) {
      this.#flushNow()
      return
    }
    this.#heldFlush ??= setImmediate(() => {
      this.#heldFlush = undefined
      const wasBlocked = this.#isBlocked
      this.#flushNow()
      if (wasBlocked && !this.#isBlocked) this.#resume()
    })
  }

  #flushNow(): void {
    this.#outbox.flush()
    this.#isBlocked = this.#outbox.unsentBytes > maxUnsentBytes
  }

  #progressed(): void {
    if (this.#isBlocked) this.#resume()
  }

  #resume(): void {
    try {
      this.#pump()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Stops or starts reading the socket by how much is read ahead. */
  #regulate(): void {
    if (this.#isClosed) return
    if (this.#receiver.fault) {
      // What came before it is answered first, as Kafka does, which reads one request at a time.
      this.#socket.pause()
      if (this.#queue.length === 0 && !this.#isAnswering) this.#fail(this.#receiver.fault)
      return
    }
    if (this.#inputEnded && this.#queue.length === 0) return void this.#finish()
    const isFull = this.#queue.length >= maxQueuedFrames || this.#queuedBytes >= maxQueuedBytes
    if (isFull || this.#isBlocked || this.#muteTimer) this.#socket.pause()
    else if (this.#socket.isPaused()) this.#socket.resume()
  }

  /** The client sends no more; what it asked already is still done and answered. */
  #ended(): void {
    this.#inputEnded = true
    this.#regulate()
  }

  /**
   * After the last request of a client that sends no more. When that one waits for something to happen (a long poll,
   * a rebalance) the client is taken for gone, as it nearly always is: it would look connected for minutes.
   */
  #finish(): void {
    if (!this.#isAnswering) return void this.#outbox.whenEmpty(() => this.#socket.end())
    // What only has to be written is answered within this turn, but for code that is still to be loaded.
    setImmediate(() => {
      if (this.#options.dispatcher.isLoading) this.#finish()
      else if (this.#isAnswering && !this.#isClosed) this.#socket.destroy()
    })
  }

  #fail(error: unknown): void {
    if (this.#isClosed) return
    const isClients =
      error instanceof DecodeError ||
      error instanceof FrameSizeError ||
      error instanceof ProtocolViolationError ||
      error instanceof CloseConnectionError
    // What was answered before is an answer all the same.
    if (isClients) this.#flushNow()
    else this.#options.onBug(this, error)
    this.close(isClients ? error.message : 'an internal error')
  }

  #closed(): void {
    this.#isClosed = true
    clearTimeout(this.#muteTimer)
    clearImmediate(this.#heldFlush)
    this.#queue = []
    this.#outbox.close()
    this.cancelWaiting?.()
    this.cancelWaiting = undefined
    this.#options.onClosed(this, this.#fault)
  }
}
