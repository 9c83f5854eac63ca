import type { Chunk } from '../core/file-region.ts'
import type { Api } from '../handlers/api.ts'
import type { ClientConnection } from '../handlers/client-connection.ts'
import type { HandlerContext } from '../handlers/handler.ts'
import { offeredApis } from '../handlers/offered-apis.ts'
import type { ApiRegistry } from '../handlers/registry.ts'
import { decodeFrom } from '../protocol/codec.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { Encodable, Message } from '../protocol/fields.ts'
import {
  encodeResponseChunks,
  type RequestHeader,
  readRequestHeader,
  skipHeaderTags,
} from '../protocol/header.ts'
import { Reader } from '../protocol/reader.ts'
import { apiVersionsResponse } from '../protocol/schemas/18-api-versions.ts'
import type { ClientQuotas, QuotaClient } from '../security/quota/client-quotas.ts'
import { unlimitedMutations } from '../security/quota/controller-mutations.ts'
import { answeredThrottleMs, boundFetch, throttledResponse, throttleMs } from './throttle.ts'

const apiVersionsKey = 18
const fetchKey = 1

/** A request that was answered, as it happened: for figures and samples. */
export type Exchange = {
  readonly connection: ClientConnection
  readonly api: Api
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  readonly requestBytes: number
  /** 0: no answer (acks=0). */
  readonly responseBytes: number
  readonly latencyMs: number
  readonly request: unknown
  readonly response: unknown
}

/** Bytes that are no request of ours: the connection is closed, with this message in the log. */
export class ProtocolViolationError extends Error {
  override readonly name = 'ProtocolViolationError'
  readonly code = 'PROTOCOL_VIOLATION'
}

/** A connection that can be told to wait before its next request. */
export type ThrottledConnection = ClientConnection & { mute(durationMs: number): void }

type Coordinators = {
  readonly groups: HandlerContext['coordinator'] | undefined
  readonly transactions: HandlerContext['transactions'] | undefined
}

export type DispatcherOptions = {
  readonly quotas: ClientQuotas
  readonly node: HandlerContext['node']
  /** Both are there before any API but those of bootstrap is loaded. */
  readonly coordinators: Coordinators
  readonly registry: ApiRegistry
  readonly onExchange: (exchange: Exchange) => void
}

type Erased = Encodable<Message>

/** An answer in chunks, which must not change before they are sent; `whenSent` is to be called then, once. */
export type Reply = { readonly chunks: readonly Chunk[]; readonly whenSent: (() => void) | undefined }

/** A request whose header is read. */
type Asked = {
  readonly connection: ThrottledConnection
  readonly frame: Buffer
  /** Stands behind the header's client id. */
  readonly reader: Reader
  readonly header: RequestHeader
  readonly startedMs: number
  readonly nowMs: number
}

/** Frame in, frame out: decodes, calls the handler, encodes. One for all connections of a node. */
export class Dispatcher {
  readonly #quotas: ClientQuotas
  readonly #node: HandlerContext['node']
  readonly #coordinators: Coordinators
  readonly #registry: ApiRegistry
  readonly #onExchange: (exchange: Exchange) => void

  constructor(options: DispatcherOptions) {
    this.#quotas = options.quotas
    this.#node = options.node
    this.#coordinators = options.coordinators
    this.#registry = options.registry
    this.#onExchange = options.onExchange
  }

  /** Some request waits for the code that answers it. */
  get isLoading(): boolean {
    return this.#registry.isLoading
  }

  /**
   * The response frame, or undefined when there is none. Throws ProtocolViolationError, DecodeError or
   * CloseConnectionError (or the promise rejects) when the connection has to be closed. Until a promise is settled
   * the frame must stay as it is.
   */
  dispatch(connection: ThrottledConnection, frame: Buffer): Reply | undefined | Promise<Reply | undefined> {
    const startedMs = performance.now()
    const reader = new Reader(frame)
    const header = readRequestHeader(reader)
    const asked = { connection, frame, reader, header, startedMs, nowMs: this.#node.clock.nowMs() }
    const { requestApiKey } = header
    const api = this.#registry.get(requestApiKey)
    if (api) return this.#answer(api, asked)
    const loading = this.#registry.load(requestApiKey)
    if (loading) return loading.then((loaded) => this.#answer(loaded, asked))
    throw new ProtocolViolationError(`asks for API ${requestApiKey}, which this broker does not offer`)
  }

  #answer(api: Api, asked: Asked): Reply | undefined | Promise<Reply | undefined> {
    const { connection, frame, reader, header, startedMs, nowMs } = asked
    const { requestApiKey: apiKey, requestApiVersion: apiVersion, correlationId, clientId } = header
    if (apiVersion < api.minVersion || apiVersion > api.maxVersion) return unsupported(api, header)
    skipHeaderTags(api.request, apiVersion, reader)
    const request = decodeFrom(api.request, apiVersion, reader)
    const client = this.#quotas.isActive ? quotaClient(connection, clientId) : undefined
    let whenSent: (() => void) | undefined
    const context: HandlerContext = {
      node: this.#node,
      coordinator: running(this.#coordinators.groups),
      transactions: running(this.#coordinators.transactions),
      connection,
      apis: offeredApis,
      apiKey,
      apiVersion,
      correlationId,
      clientId,
      nowMs,
      mutationQuota: (isStrict) => (client ? this.#quotas.mutations(client, isStrict) : unlimitedMutations),
      whenSent: (free) => {
        whenSent = free
      },
    }
    if (client && apiKey === fetchKey) boundFetch(this.#quotas, client, request)
    const answer = api.handle(context, request)
    const handledMs = client ? performance.now() - startedMs : 0
    const finish = (answered: unknown): Reply | undefined => {
      const encode = (body: unknown) => (body === undefined ? undefined : encodeReply(api, header, body))
      let response = answered
      let chunks = encode(answered)
      if (client) {
        const responseBytes = totalBytes(chunks ?? [])
        const cost = { apiKey, requestBytes: frame.length, responseBytes, busyMs: handledMs }
        const waitMs = Math.max(throttleMs(this.#quotas, client, cost), answeredThrottleMs(answered))
        if (waitMs > 0) {
          connection.mute(waitMs)
          response = answered && throttledResponse(apiKey, answered, waitMs)
          chunks = encode(response)
        }
      }
      this.#onExchange({
        connection,
        api,
        apiVersion,
        correlationId,
        clientId,
        requestBytes: frame.length,
        responseBytes: totalBytes(chunks ?? []),
        latencyMs: performance.now() - startedMs,
        request,
        response,
      })
      return chunks && { chunks, whenSent }
    }
    return answer instanceof Promise ? answer.then(finish) : finish(answer)
  }
}

/** Without coordinators only APIs of bootstrap are answered, whose handlers are typed so that they see none. */
function running<Coordinator>(coordinator: Coordinator | undefined): Coordinator {
  return coordinator as Coordinator
}

function quotaClient({ principal }: ClientConnection, clientId: string | null): QuotaClient {
  return { user: principal.replace(/^User:/, ''), clientId: clientId ?? '' }
}

/** `response` is what the handler of this very API returned, whose type the table has erased. */
function encodeReply(api: Api, header: RequestHeader, response: unknown): Chunk[] {
  return encodeResponseChunks(
    api.response,
    header.requestApiVersion,
    header.correlationId,
    response as Erased,
  )
}

function totalBytes(chunks: readonly Chunk[]): number {
  let total = 0
  for (const chunk of chunks) total += chunk.length
  return total
}

/** ApiVersions v0 is what a client of any age can read (KIP-511); of other APIs no answer can be understood. */
function unsupported(api: Api, header: RequestHeader): Reply {
  if (api.key !== apiVersionsKey) {
    throw new ProtocolViolationError(
      `asks for ${api.name} version ${header.requestApiVersion}, where ${api.minVersion} to ${api.maxVersion} are offered`,
    )
  }
  const apiKeys = [{ apiKey: api.key, minVersion: api.minVersion, maxVersion: api.maxVersion }]
  const answer = { errorCode: errorCode.unsupportedVersion, apiKeys }
  return {
    chunks: encodeResponseChunks(apiVersionsResponse, 0, header.correlationId, answer),
    whenSent: undefined,
  }
}
