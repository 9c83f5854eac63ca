import type { ApiFigures } from '../host.ts'
import { errorOf } from '../protocol/error-codes.ts'
import { LatencyHistogram } from './latency-histogram.ts'
import { Rate } from './rate.ts'

type Tally = {
  readonly api: string
  readonly rate: Rate
  readonly latency: LatencyHistogram
  /** Answers by error code. */
  readonly errors: Map<number, number>
  requests: number
}

/** Requests, errors and latencies by API. */
export class ApiTallies {
  readonly #tallies = new Map<number, Tally>()

  add(apiKey: number, api: string, nowMs: number, latencyMs: number, errorCode: number): void {
    let tally = this.#tallies.get(apiKey)
    if (!tally) {
      tally = {
        api,
        rate: new Rate(nowMs),
        latency: new LatencyHistogram(nowMs),
        errors: new Map(),
        requests: 0,
      }
      this.#tallies.set(apiKey, tally)
    }
    tally.requests++
    if (errorCode !== 0) tally.errors.set(errorCode, (tally.errors.get(errorCode) ?? 0) + 1)
    tally.rate.add(nowMs)
    tally.latency.add(nowMs, latencyMs)
  }

  figures(nowMs: number): ApiFigures[] {
    return [...this.#tallies]
      .sort(([a], [b]) => a - b)
      .map(([apiKey, { api, requests, errors, rate, latency }]) => ({
        apiKey,
        api,
        requests,
        requestsPerSecond: rate.perSecond(nowMs),
        errors: [...errors].map(([code, count]) => ({ error: errorOf(code).name, count })),
        latencyMs: latency.summary(nowMs),
      }))
  }
}
