import type { ApiUse, ConnectionDescription, RequestSample } from '../host.ts'
import type { Connection } from '../server/connection.ts'
import type { Exchange } from '../server/dispatch.ts'
import { Rate } from './rate.ts'
import { renderMessage } from './rendered-message.ts'

const maxSamples = 50
/** Between two samples of the same API on one connection, so that a busy client costs little. */
const minSampleIntervalMs = 50
const versionsPerKey = 1000

/** What is known of one connection: its counts, and its last requests. */
export class ConnectionFigures {
  readonly #nodeId: number
  readonly #connection: Connection
  readonly #rate: Rate
  readonly #uses = new Map<number, { api: string; requests: number }>()
  readonly #samples: RequestSample[] = []
  #clientId: string | null = null
  #requests = 0
  #lastRequestAtMs: number | null = null
  #lastSampleAtMs = 0
  #lastSampledKey = -1

  constructor(nodeId: number, connection: Connection) {
    this.#nodeId = nodeId
    this.#connection = connection
    this.#rate = new Rate(connection.connectedAtMs)
  }

  /** True when something about the client itself is new, worth telling at once. */
  add(exchange: Exchange, nowMs: number): boolean {
    const { api, apiVersion, clientId } = exchange
    this.#requests++
    this.#lastRequestAtMs = nowMs
    this.#rate.add(nowMs)
    const isRenamed = clientId !== null && clientId !== this.#clientId
    if (isRenamed) this.#clientId = clientId
    const key = api.key * versionsPerKey + apiVersion
    const use = this.#uses.get(key)
    if (use) use.requests++
    else this.#uses.set(key, { api: api.name, requests: 1 })
    return isRenamed || !use
  }

  wantsSample(apiKey: number, nowMs: number): boolean {
    return apiKey !== this.#lastSampledKey || nowMs - this.#lastSampleAtMs >= minSampleIntervalMs
  }

  /** `limit`: how many samples this connection may keep now. */
  addSample(exchange: Exchange, error: string | null, nowMs: number, limit: number): void {
    const { api, apiVersion, correlationId, clientId, requestBytes, responseBytes, latencyMs } = exchange
    this.#lastSampledKey = api.key
    this.#lastSampleAtMs = nowMs
    this.#samples.push({
      atMs: nowMs,
      apiKey: api.key,
      api: api.name,
      version: apiVersion,
      correlationId,
      clientId,
      sizeBytes: requestBytes,
      responseBytes: exchange.response === undefined ? null : responseBytes,
      latencyMs,
      error,
      request: renderMessage(exchange.request),
      response: renderMessage(exchange.response ?? null),
    })
    const excess = this.#samples.length - Math.min(maxSamples, limit)
    if (excess > 0) this.#samples.splice(0, excess)
  }

  /** Newest first. */
  samples(): RequestSample[] {
    return this.#samples.toReversed()
  }

  describe(nowMs: number): ConnectionDescription {
    const connection = this.#connection
    const apis = [...this.#uses].map(
      ([key, { api, requests }]): ApiUse => ({
        apiKey: Math.floor(key / versionsPerKey),
        api,
        version: key % versionsPerKey,
        requests,
      }),
    )
    return {
      id: connection.id,
      nodeId: this.#nodeId,
      clientId: this.#clientId,
      softwareName: connection.softwareName,
      softwareVersion: connection.softwareVersion,
      remoteHost: connection.remoteHost,
      remotePort: connection.remotePort,
      localHost: connection.localHost,
      localPort: connection.localPort,
      principal: connection.principal,
      connectedAtMs: connection.connectedAtMs,
      lastRequestAtMs: this.#lastRequestAtMs,
      requests: this.#requests,
      requestsPerSecond: this.#rate.perSecond(nowMs),
      bytesIn: connection.bytesIn,
      bytesOut: connection.bytesOut,
      apis,
    }
  }
}
