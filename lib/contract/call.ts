import type { EndpointKey, Input, Output } from './endpoints.ts'
import type { ApiError } from './error.ts'

type Parts = { params?: Record<string, string | number>; query?: Record<string, unknown>; body?: unknown }

/** An answer that is not 2xx, or none at all (`status` 0, code `UNREACHABLE`). */
export class CallError extends Error {
  readonly status: number
  readonly code: string
  readonly retriable: boolean
  readonly fields: readonly { path: string; message: string }[]

  constructor(status: number, error: ApiError['error'], options?: ErrorOptions) {
    super(error.message, options)
    this.name = 'CallError'
    this.status = status
    this.code = error.code
    this.retriable = error.retriable
    this.fields = error.fields ?? []
  }
}

/** The URL of an endpoint, for links (export, download) as well as for `call`. */
export function urlOf<K extends EndpointKey>(key: K, input: Input<K>): string {
  const { params = {}, query = {} } = input as Parts
  const path = key
    .slice(key.indexOf(' ') + 1)
    .replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) search.set(name, String(value))
  }
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}

/**
 * Calls an endpoint of the contract: `call('GET /api/clusters/{cluster}/topics', { params: { cluster } })`.
 * Imports types only, so that no schema reaches the browser; the server has validated both directions.
 * Throws `CallError`.
 */
export async function call<K extends EndpointKey>(
  key: K,
  input: Input<K>,
  options: { signal?: AbortSignal; baseUrl?: string } = {},
): Promise<Output<K>> {
  const { body } = input as Parts
  const response = await fetch((options.baseUrl ?? '') + urlOf(key, input), {
    method: key.slice(0, key.indexOf(' ')),
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: options.signal,
  }).catch((cause: unknown) => {
    if (options.signal?.aborted) throw cause
    throw new CallError(
      0,
      { code: 'UNREACHABLE', message: 'Millrace does not answer.', retriable: true },
      { cause },
    )
  })
  if (response.ok) return (await response.json()) as Output<K>
  const failure = (await response.json().catch(() => null)) as ApiError | null
  throw new CallError(
    response.status,
    failure?.error ?? { code: 'HTTP', message: `The server answered ${response.status}.`, retriable: false },
  )
}
