import type { ClientQuotas, QuotaClient } from '../security/quota/client-quotas.ts'

const produceKey = 0
const fetchKey = 1

/** What a request cost: bytes on the wire, and the time that it kept this thread busy. */
export type RequestCost = {
  readonly apiKey: number
  readonly requestBytes: number
  readonly responseBytes: number
  readonly busyMs: number
}

/** The decoded body of a Fetch, whose limit may be lowered. */
type FetchLimits = { maxBytes: number }

/**
 * Before a Fetch is answered: no more than the client's whole quota window allows, or the answer could never be sent.
 */
export function boundFetch(quotas: ClientQuotas, client: QuotaClient, request: unknown): void {
  const limits = request as FetchLimits
  const allowance = Math.floor(quotas.windowAllowance('consumer_byte_rate', client))
  limits.maxBytes = Math.max(1, Math.min(limits.maxBytes, allowance))
}

/**
 * Records what a request cost its client and returns how long the client has to wait, 0 within its quotas. The more
 * severe of the bandwidth and the request quota counts. A Fetch that has to wait is answered without records
 * (KIP-219), and so has cost nothing.
 */
export function throttleMs(quotas: ClientQuotas, client: QuotaClient, cost: RequestCost): number {
  const requestMs = quotas.record('request_percentage', client, cost.busyMs / 10)
  if (cost.apiKey === produceKey)
    return Math.max(requestMs, quotas.record('producer_byte_rate', client, cost.requestBytes))
  if (cost.apiKey !== fetchKey) return requestMs
  // A batch above the whole window's allowance has to pass at some time: when nothing else has.
  const isFirst = quotas.isIdle('consumer_byte_rate', client)
  const bytesMs = quotas.record('consumer_byte_rate', client, cost.responseBytes)
  const waitMs = Math.max(requestMs, isFirst ? 0 : bytesMs)
  if (waitMs > 0) quotas.unrecord('consumer_byte_rate', client, cost.responseBytes)
  return waitMs
}

/** How long the handler of a request has its client wait: for the topics that it changed. */
export function answeredThrottleMs(response: unknown): number {
  const isThrottled = typeof response === 'object' && response !== null && 'throttleTimeMs' in response
  return isThrottled ? Number(response.throttleTimeMs) : 0
}

/** The answer with its throttle time; a Fetch's without its records, its session kept. */
export function throttledResponse(apiKey: number, response: object, throttleTimeMs: number): object {
  if (apiKey !== fetchKey) return { ...response, throttleTimeMs }
  const sessionId = 'sessionId' in response ? response.sessionId : 0
  return { throttleTimeMs, errorCode: 0, sessionId, responses: [] }
}
