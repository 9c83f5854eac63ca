import type { ApiFigures } from '../host.ts'
import { LatencyHistogram } from './latency-histogram.ts'
import { Rate } from './rate.ts'

type Tally = {
  readonly api: string
  readonly rate: Rate
  readonly latency: LatencyHistogram
  requests: number
  errors: number
}

/** Requests, errors and latencies by API. */
export class ApiTallies {
  readonly #tallies = new Map<number, Tally>()

  add(apiKey: number, api: string, nowMs: number, latencyMs: number, isError: boolean): void {
    let tally = this.#tallies.get(apiKey)
    if (!tally) {
      tally = { api, rate: new Rate(nowMs), latency: new LatencyHistogram(nowMs), requests: 0, errors: 0 }
      this.#tallies.set(apiKey, tally)
    }
    tally.requests++
    if (isError) tally.errors++
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
        errors,
        latencyMs: latency.summary(nowMs),
      }))
  }
}
