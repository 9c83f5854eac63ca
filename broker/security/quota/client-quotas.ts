import { type ClientQuota, type QuotaName, quotaLimit } from './client-quota.ts'
import { type QuotaWindow, Rate } from './rate.ts'

export type ClientQuotasOptions = {
  /** By entity key; a new map, or the same one changed, at every change. */
  readonly quotas: () => ReadonlyMap<string, ClientQuota>
  readonly window: () => QuotaWindow
  readonly nowMs: () => number
}

export type QuotaClient = { readonly user: string; readonly clientId: string }

/** Rates that nothing was added to for an hour are forgotten, as in Kafka. */
const idleMs = 3_600_000
/** Above this many rates the idle ones are looked for. */
const sweepFrom = 1000

/** Measures what clients use and says for how long each has to wait (KIP-13, KIP-124, KIP-219). */
export class ClientQuotas {
  readonly #options: ClientQuotasOptions
  readonly #rates = new Map<string, Rate>()

  constructor(options: ClientQuotasOptions) {
    this.#options = options
  }

  /** False while no quota is set at all: then there is nothing to measure. */
  get isActive(): boolean {
    return this.#options.quotas().size > 0
  }

  /** Records `value` and returns the milliseconds that the client has to wait, 0 within its quota. */
  record(name: QuotaName, client: QuotaClient, value: number): number {
    const found = this.#limitOf(name, client)
    if (!found) return 0
    const { rate, limit } = found
    const nowMs = this.#options.nowMs()
    const window = this.#options.window()
    rate.record(value, nowMs, window)
    const throttleMs = rate.throttleMs(limit, nowMs, window)
    // A share of time is never waited for longer than one sample.
    return name === 'request_percentage' ? Math.min(throttleMs, window.sampleMs) : throttleMs
  }

  /** Takes back what was recorded for an answer that is not sent after all. */
  unrecord(name: QuotaName, client: QuotaClient, value: number): void {
    const found = this.#limitOf(name, client)
    found?.rate.record(-value, this.#options.nowMs(), this.#options.window())
  }

  /** What the whole window allows; more in one answer could never be sent. Infinity without a quota. */
  windowAllowance(name: QuotaName, client: QuotaClient): number {
    const limit = quotaLimit(this.#options.quotas(), name, client.user, client.clientId)?.limit
    const { count, sampleMs } = this.#options.window()
    return limit === undefined ? Number.POSITIVE_INFINITY : (limit * (count - 1) * sampleMs) / 1000
  }

  /** Whether anything of the client lies in its window. */
  isIdle(name: QuotaName, client: QuotaClient): boolean {
    const found = this.#limitOf(name, client)
    return !found || found.rate.total === 0
  }

  #limitOf(name: QuotaName, { user, clientId }: QuotaClient): { limit: number; rate: Rate } | undefined {
    const found = quotaLimit(this.#options.quotas(), name, user, clientId)
    if (!found) return undefined
    const key = `${name} ${found.scope}`
    let rate = this.#rates.get(key)
    if (!rate) {
      this.#sweep()
      rate = new Rate()
      this.#rates.set(key, rate)
    }
    return { limit: found.limit, rate }
  }

  #sweep(): void {
    if (this.#rates.size < sweepFrom) return
    const nowMs = this.#options.nowMs()
    for (const [key, rate] of this.#rates) if (nowMs - rate.lastRecordedMs > idleMs) this.#rates.delete(key)
  }
}
