import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { Endpoint } from '../../contract/endpoint.ts'
import { type EndpointKey, type Endpoints, endpoints, type Output } from '../../contract/endpoints.ts'
import type { ApiError } from '../../contract/error.ts'
import type { Clusters } from '../clusters.ts'
import { KafkaError } from '../kafka/kafka-error.ts'
import type { SearchThreads } from '../search/search-job.ts'
import { readBody } from './read-body.ts'

/** What handlers work on. */
export type Dashboard = {
  clusters: Clusters
  searches: SearchThreads
  startedAtMs: number
  now: () => number
}

type Params<Key extends string> = Key extends `${string}{${infer Name}}${infer Rest}`
  ? { [K in Name]: string } & Params<Rest>
  : unknown
type Parsed<E, Part extends 'query' | 'body'> = E extends { [K in Part]: infer S extends z.ZodType }
  ? z.output<S>
  : undefined

export type ApiRequest<K extends EndpointKey> = {
  params: Params<K>
  query: Parsed<Endpoints[K], 'query'>
  body: Parsed<Endpoints[K], 'body'>
  /** Aborted when the client goes away. */
  signal: AbortSignal
}

/** A download: the handler writes chunks and waits where the client is slow. */
export type Download = {
  contentType: string
  fileName: string
  chunks: AsyncIterable<string | Buffer>
}

type Answer<K extends EndpointKey> = Endpoints[K] extends { streams: readonly string[] }
  ? Download
  : Output<K>
export type Handler<K extends EndpointKey> = (
  dashboard: Dashboard,
  request: ApiRequest<K>,
) => Promise<Answer<K>> | Answer<K>
export type Handlers<K extends EndpointKey = EndpointKey> = { [Key in K]: Handler<Key> }

type Route = {
  key: EndpointKey
  segments: string[]
  endpoint: Endpoint
  handle: (dashboard: Dashboard, request: UntypedRequest) => unknown
}
type UntypedRequest = { params: unknown; query: unknown; body: unknown; signal: AbortSignal }

const maxBodyBytes = 64 * 1024 * 1024

/**
 * REST under /api straight on Node's HTTP server: parse by the contract, call the handler, answer JSON. The same
 * table makes the OpenAPI document and the client's types.
 */
export class Router {
  readonly #dashboard: Dashboard
  readonly #routes: Map<string, Route[]>

  constructor(dashboard: Dashboard, handlers: Handlers) {
    this.#dashboard = dashboard
    const routes = (Object.keys(endpoints) as EndpointKey[]).map((key) => routeOf(key, handlers))
    this.#routes = Map.groupBy(routes, ({ key, segments }) => `${key.split(' ')[0]} ${segments.length}`)
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(request, response)
    } catch (error) {
      if (response.headersSent) {
        // A download that fails midway must not look whole.
        response.destroy()
        return
      }
      const { status, body } = failureOf(error)
      if (status === 500) console.error(`${request.method} ${request.url}:`, error)
      sendJson(response, status, body)
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const segments = url.pathname.split('/').slice(1)
    const found = this.#match(request.method ?? 'GET', segments)
    if (found === undefined)
      throw new KafkaError('NOT_FOUND', `There is no ${request.method} ${url.pathname}.`)
    const { route, params } = found
    const away = new AbortController()
    response.on('close', () => away.abort())
    const query = route.endpoint.query?.parse(Object.fromEntries(url.searchParams))
    const body = route.endpoint.body?.parse(await readBody(request, maxBodyBytes))
    const answer = await route.handle(this.#dashboard, { params, query, body, signal: away.signal })
    if (route.endpoint.streams === undefined) sendJson(response, 200, answer)
    else await sendDownload(response, answer as Download)
  }

  #match(method: string, segments: string[]): { route: Route; params: Record<string, string> } | undefined {
    const candidates = this.#routes.get(`${method} ${segments.length}`) ?? []
    for (const route of candidates) {
      const params: Record<string, string> = {}
      const fits = route.segments.every((segment, i) => {
        if (!segment.startsWith('{')) return segment === segments[i]
        params[segment.slice(1, -1)] = decodeSegment(segments[i]!)
        return true
      })
      if (fits) return { route, params }
    }
    return undefined
  }
}

/** The handler of a key takes that key's request: true of each entry of `Handlers`, lost on the union of keys. */
function routeOf(key: EndpointKey, handlers: Handlers): Route {
  const handle = handlers[key] as Route['handle']
  return { key, segments: key.slice(key.indexOf(' ') + 2).split('/'), endpoint: endpoints[key], handle }
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch (cause) {
    throw new KafkaError('INVALID_REQUEST', `${segment} is not a valid part of a URL.`, { cause })
  }
}

const statuses: Record<string, number> = {
  NOT_FOUND: 404,
  UNKNOWN_TOPIC_OR_PARTITION: 404,
  GROUP_ID_NOT_FOUND: 404,
  TOPIC_ALREADY_EXISTS: 409,
  NON_EMPTY_GROUP: 409,
  GROUP_SUBSCRIBED_TO_TOPIC: 409,
  UNKNOWN_MEMBER_ID: 409,
  UNREACHABLE: 503,
  BODY_TOO_LARGE: 413,
  NOT_SUPPORTED: 501,
}

/** Status and body for whatever a handler threw. */
export function failureOf(error: unknown): { status: number; body: ApiError } {
  if (error instanceof z.ZodError) {
    const fields = error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
    const first = fields[0]
    const message =
      first === undefined
        ? 'The request is not valid.'
        : [first.path, first.message].filter(Boolean).join(': ')
    return { status: 400, body: { error: { code: 'INVALID_REQUEST', message, retriable: false, fields } } }
  }
  if (error instanceof KafkaError) {
    const { code, message, retriable } = error
    return {
      status: statuses[code] ?? (retriable ? 503 : 400),
      body: { error: { code, message, retriable } },
    }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { status: 500, body: { error: { code: 'INTERNAL', message, retriable: false } } }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = Buffer.from(JSON.stringify(body))
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': text.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(text)
}

/** Sends the chunks as fast as the client takes them. */
export async function sendDownload(
  response: ServerResponse,
  { contentType, fileName, chunks }: Download,
): Promise<void> {
  const quoted = fileName.replace(/["\\\r\n]/g, '_')
  response.writeHead(200, {
    'content-type': contentType,
    'content-disposition': `attachment; filename="${quoted}"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  for await (const chunk of chunks) {
    if (response.destroyed) return
    if (!response.write(chunk)) await drained(response)
  }
  response.end()
}

/** Resolves when the client took what was written, or is gone. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
  })
}
