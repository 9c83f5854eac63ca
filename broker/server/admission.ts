import type { Socket } from 'node:net'
import type { Clock, Timer } from '../core/clock.ts'

export type ConnectionLimits = {
  /** Kafka's `max.connections`: those above wait. */
  readonly maxConnections: number
  /** Kafka's `max.connections.per.ip`: those above are closed. */
  readonly maxConnectionsPerIp: number
}

export type AdmissionOptions = {
  /** What the process can hold at all; those above are closed, also where the configs allow more. */
  readonly capacity: number
  /** Read anew for each connection, since configs change. */
  readonly limits: () => ConnectionLimits
  /** How long a new connection of an address is held off, then closed; 0: it is let in (`connection_creation_rate`). */
  readonly holdOffMs: (ip: string) => number
  readonly clock: Clock
  readonly warn: (message: string) => void
  readonly open: (socket: Socket) => void
}

/** Accepted connections that may wait for a slot: Kafka's `socket.listen.backlog.size`. */
const maxWaiting = 50

/**
 * Which accepted connections are served, as Kafka's ConnectionQuotas has it: above `max.connections` they wait, unread,
 * until another one closes; an address that has its `max.connections.per.ip` is closed at once, and one that opens
 * more a second than its quota after a while.
 */
export class Admission {
  readonly #options: AdmissionOptions
  readonly #countByIp = new Map<string, number>()
  readonly #waiting = new Set<Socket>()
  /** Too many in too short a time from their address: closed when their timer ends. */
  readonly #heldOff = new Map<Socket, Timer>()
  #openCount = 0
  #hasWarned = false

  constructor(options: AdmissionOptions) {
    this.#options = options
  }

  get waitingCount(): number {
    return this.#waiting.size
  }

  /** `socket` is as the server gave it: paused, nothing read yet. */
  accept(socket: Socket): void {
    const { capacity, limits } = this.#options
    if (this.#openCount + this.#waiting.size + this.#heldOff.size >= capacity)
      return void this.#refuse(socket, `${capacity} are open, as many as the process can hold`)
    if (this.#openCount < limits().maxConnections && this.#waiting.size === 0) return void this.#open(socket)
    if (this.#waiting.size >= maxWaiting)
      return void this.#refuse(
        socket,
        `max.connections (${limits().maxConnections}) are open and ${maxWaiting} wait`,
      )
    this.#wait(socket)
  }

  /** A connection from this address has closed. */
  release(remoteAddress: string): void {
    this.#openCount -= 1
    const count = (this.#countByIp.get(remoteAddress) ?? 1) - 1
    if (count === 0) this.#countByIp.delete(remoteAddress)
    else this.#countByIp.set(remoteAddress, count)
    this.admitWaiting()
  }

  /** Lets in who fits: a connection closed, or the limits have changed. */
  admitWaiting(): void {
    for (const socket of this.#waiting) {
      if (this.#openCount >= this.#options.limits().maxConnections) return
      this.#waiting.delete(socket)
      this.#open(socket)
    }
    this.#hasWarned = false
  }

  /** Closes those that wait: the broker is shutting down. */
  close(): void {
    for (const socket of this.#waiting) socket.destroy()
    this.#waiting.clear()
    for (const [socket, timer] of this.#heldOff) {
      timer.cancel()
      socket.destroy()
    }
    this.#heldOff.clear()
  }

  #open(socket: Socket): void {
    const ip = addressOf(socket)
    const holdOffMs = this.#options.holdOffMs(ip)
    if (holdOffMs > 0) return void this.#holdOff(socket, holdOffMs)
    const count = this.#countByIp.get(ip) ?? 0
    const { maxConnectionsPerIp } = this.#options.limits()
    if (count >= maxConnectionsPerIp)
      return void this.#refuse(socket, `max.connections.per.ip (${maxConnectionsPerIp}) from there are open`)
    this.#countByIp.set(ip, count + 1)
    this.#openCount += 1
    this.#options.open(socket)
  }

  #wait(socket: Socket): void {
    this.#waiting.add(socket)
    // Unread, it does not tell when its client leaves: an error does, and the first read after its turn has come.
    socket.once('error', () => socket.destroy())
    socket.once('close', () => this.#waiting.delete(socket))
    if (this.#hasWarned) return
    this.#hasWarned = true
    const { maxConnections } = this.#options.limits()
    this.#options.warn(
      `A connection from ${addressOf(socket)} waits: max.connections (${maxConnections}) are open.`,
    )
  }

  /** Kafka delays the close, so that a client that connects again at once is slowed down (KIP-612). */
  #holdOff(socket: Socket, delayMs: number): void {
    const timer = this.#options.clock.schedule(delayMs, () => {
      this.#heldOff.delete(socket)
      socket.destroy()
    })
    this.#heldOff.set(socket, timer)
    socket.once('error', () => socket.destroy())
    socket.once('close', () => {
      timer.cancel()
      this.#heldOff.delete(socket)
    })
  }

  #refuse(socket: Socket, reason: string): void {
    this.#options.warn(`A connection from ${addressOf(socket)} was refused: ${reason}.`)
    socket.on('error', () => {})
    socket.destroy()
  }
}

/** As Connection tells it: IPv4 without the mapping that a dual-stack socket gives it. */
function addressOf(socket: Socket): string {
  return withoutMapping(socket.remoteAddress)
}

/** A dual-stack socket names an IPv4 peer `::ffff:a.b.c.d`. */
export function withoutMapping(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/, '')
}
