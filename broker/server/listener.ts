import { createServer, type Server, type Socket } from 'node:net'
import type { BufferPool } from '../core/buffer-pool.ts'
import type { Clock, Timer } from '../core/clock.ts'
import { Admission, type ConnectionLimits } from './admission.ts'
import { type Advertise, Connection } from './connection.ts'
import type { Dispatcher } from './dispatch.ts'

export type ListenerObserver = {
  opened(connection: Connection): void
  /** `fault`: why we closed it; undefined when there was none. */
  closed(connection: Connection, fault: string | undefined): void
  log(level: 'info' | 'warn' | 'error', message: string): void
}

export type ListenerOptions = {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly dispatcher: Dispatcher
  /** For big requests. */
  readonly buffers: BufferPool
  readonly advertise: Advertise
  readonly observer: ListenerObserver
  readonly clock: Clock
  /** Connections that the process can hold, whatever the configs allow. */
  readonly capacity: number
  /** How long a new connection of an address is held off, then closed; 0: it is let in. */
  readonly holdOffMs: (ip: string) => number
  /** Read anew for each connection and sweep, since configs change. A negative `maxIdleMs` sets no limit. */
  readonly limits: () => ConnectionLimits & {
    readonly maxFrameBytes: number
    readonly sendBufferBytes: number
    readonly maxIdleMs: number
  }
}

/** The address cannot be listened on; the message says so to a person. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly code: string

  constructor(host: string, port: number, cause: NodeJS.ErrnoException) {
    super(listenFault(host, port, cause), { cause })
    this.code = cause.code ?? 'LISTEN'
  }
}

function listenFault(host: string, port: number, cause: NodeJS.ErrnoException): string {
  if (cause.code === 'EADDRINUSE') return `Port ${port} on ${host} is in use: another program listens there.`
  if (cause.code === 'EACCES') return `Port ${port} on ${host} needs more rights than this user has.`
  if (cause.code === 'EADDRNOTAVAIL') return `This machine has no address ${host} to listen on.`
  return `Cannot listen on ${host}:${port}: ${cause.message}`
}

const maxSweepIntervalMs = 10_000
const sharedBufferBytes = 64 * 1024

/** One node's port: accepts connections up to its limits, closes idle ones. */
export class Listener {
  readonly #options: ListenerOptions
  readonly #server: Server
  readonly #admission: Admission
  readonly #connections = new Map<number, Connection>()
  readonly #sharedBuffer = Buffer.allocUnsafeSlow(sharedBufferBytes)
  #nextId = 1
  #sweepTimer: Timer | undefined

  private constructor(options: ListenerOptions) {
    this.#options = options
    const { capacity, limits, observer, holdOffMs, clock } = options
    this.#admission = new Admission({
      capacity,
      limits,
      holdOffMs,
      clock,
      warn: (message) => observer.log('warn', message),
      open: (socket) => this.#open(socket),
    })
    this.#server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) =>
      this.#admission.accept(socket),
    )
  }

  /** Resolves when connections are accepted; rejects with ListenError. */
  static listen(options: ListenerOptions): Promise<Listener> {
    const listener = new Listener(options)
    const server = listener.#server
    return new Promise((resolve, reject) => {
      server.once('error', (error) => reject(new ListenError(options.host, options.port, error)))
      server.listen({ host: options.host, port: options.port, backlog: 511 }, () => {
        server.removeAllListeners('error')
        server.on('error', (error) => options.observer.log('error', `Accepting failed: ${error.message}`))
        listener.#sweepLater()
        resolve(listener)
      })
    })
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : this.#options.port
  }

  get connections(): ReadonlyMap<number, Connection> {
    return this.#connections
  }

  /** Accepted connections for which `max.connections` leaves no room yet. */
  get waitingCount(): number {
    return this.#admission.waitingCount
  }

  /** The configs have changed: whoever waits may fit in now. */
  limitsChanged(): void {
    this.#admission.admitWaiting()
  }

  /** Stops accepting and closes all connections; resolves when they are gone. */
  close(): Promise<void> {
    this.#sweepTimer?.cancel()
    this.#admission.close()
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      for (const connection of this.#connections.values()) connection.end()
      const force = this.#options.clock.schedule(1000, () => {
        for (const connection of this.#connections.values()) connection.close()
      })
      this.#server.once('close', () => force.cancel())
    })
  }

  #open(socket: Socket): void {
    const { observer } = this.#options
    const connection = new Connection({
      id: this.#nextId++,
      socket,
      sharedBuffer: this.#sharedBuffer,
      buffers: this.#options.buffers,
      dispatcher: this.#options.dispatcher,
      advertise: this.#options.advertise,
      maxFrameBytes: this.#options.limits().maxFrameBytes,
      sendBufferBytes: this.#options.limits().sendBufferBytes,
      nowMs: () => this.#options.clock.nowMs(),
      onClosed: (closed, fault) => this.#forget(closed, fault),
      onBug: (failed, error) => observer.log('error', bugReport(failed, error)),
    })
    this.#connections.set(connection.id, connection)
    observer.opened(connection)
  }

  #forget(connection: Connection, fault: string | undefined): void {
    this.#connections.delete(connection.id)
    const { observer } = this.#options
    if (fault !== undefined) {
      const client = `${connection.remoteHost}:${connection.remotePort}`
      observer.log('warn', `The connection from ${client} was closed: ${fault}`)
    }
    observer.closed(connection, fault)
    this.#admission.release(connection.remoteHost)
  }

  #sweepLater(): void {
    const { maxIdleMs } = this.#options.limits()
    const intervalMs =
      maxIdleMs < 0 ? maxSweepIntervalMs : Math.max(10, Math.min(maxSweepIntervalMs, maxIdleMs / 4))
    this.#sweepTimer = this.#options.clock.schedule(intervalMs, () => {
      const nowMs = this.#options.clock.nowMs()
      for (const connection of this.#connections.values()) connection.sweep(nowMs, maxIdleMs)
      this.#sweepLater()
    })
  }
}

function bugReport(connection: Connection, error: unknown): string {
  const report = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `A request from ${connection.remoteHost}:${connection.remotePort} met an internal error: ${report}`
}
