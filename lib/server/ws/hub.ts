import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Dashboard } from '../http/router.ts'
import { LiveConnection } from './live-connection.ts'

/** Twenty frames a second. */
const frameMs = 50
const pingMs = 20_000
const maxMessageBytes = 64 * 1024
const maxConnections = 500

/** All WebSocket connections at /ws: one timer for their frames, one for their pings. */
export class LiveHub {
  readonly #dashboard: Dashboard
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    clientTracking: false,
  })
  readonly #connections = new Set<LiveConnection>()
  readonly #timers: NodeJS.Timeout[]

  constructor(dashboard: Dashboard) {
    this.#dashboard = dashboard
    this.#timers = [
      setInterval(() => {
        for (const connection of this.#connections) connection.flush()
      }, frameMs),
      setInterval(() => {
        for (const connection of this.#connections) connection.ping()
      }, pingMs),
    ]
  }

  /** Takes an upgrade that the guard let through. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#connections.size >= maxConnections) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n')
      return
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new LiveConnection(webSocket, this.#dashboard)
      this.#connections.add(connection)
      webSocket.on('close', () => this.#connections.delete(connection))
    })
  }

  get size(): number {
    return this.#connections.size
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
    for (const connection of this.#connections) connection.close(1001, 'Millrace stops')
  }
}
