import { addressLimit, type ClientQuota, type QuotaName, quotaLimit } from './client-quota.ts'
import {
  ClientMutationQuota,
  type MutationQuota,
  TokenBucket,
  unlimitedMutations,
} from './controller-mutations.ts'
import { type QuotaWindow, Rate } from './rate.ts'

export type ClientQuotasOptions = {
  /** By entity key; a new map, or the same one changed, at every change. */
  readonly quotas: () => ReadonlyMap<string, ClientQuota>
  readonly window: () => QuotaWindow
  /** That of `controller_mutation_rate`; without one, the same. */
  /** That of `controller_mutation_rate`; without one, the same. */
  readonly mutationWindow?: () => QuotaWindow
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
  readonly #buckets = new Map<string, TokenBucket>()

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

  /** What a request of the client may change in topics; `isStrict`: it may be refused (KIP-599). */
  mutations({ user, clientId }: QuotaClient, isStrict: boolean): MutationQuota {
    const found = quotaLimit(this.#options.quotas(), 'controller_mutation_rate', user, clientId)
    if (!found) return unlimitedMutations
    const { limit, scope } = found
    const bucket = this.#buckets.get(scope) ?? new TokenBucket()
    if (this.#buckets.size >= sweepFrom) this.#sweepBuckets()
    this.#buckets.set(scope, bucket)
    const tokens = () => bucket.tokens(limit, this.#mutationWindowSeconds(), this.#options.nowMs())
    return new ClientMutationQuota(bucket, limit, tokens, isStrict)
  }

  /** Clients whose changes of topics are remembered. */
  get bucketCount(): number {
    return this.#buckets.size
  }

  /** How long a new connection of an address has to be held off before it is closed; 0: it is let in (KIP-612). */
  connectionThrottleMs(ip: string): number {
    const limit = addressLimit(this.#options.quotas(), ip)
    if (limit === undefined) return 0
    const rate = this.#rateOf(`connection_creation_rate ${ip}`)
    const nowMs = this.#options.nowMs()
    const window = this.#options.window()
    rate.record(1, nowMs, window)
    const throttleMs = rate.throttleMs(limit, nowMs, window)
    if (throttleMs === 0) return 0
    // One that is not let in does not count.
    rate.record(-1, nowMs, window)
    return Math.min(throttleMs, window.sampleMs)
  }

  #mutationWindowSeconds(): number {
    const { count, sampleMs } = (this.#options.mutationWindow ?? this.#options.window)()
    return (count * sampleMs) / 1000
  }

  #sweepBuckets(): void {
    const nowMs = this.#options.nowMs()
    for (const [scope, bucket] of this.#buckets) if (bucket.isFull(nowMs)) this.#buckets.delete(scope)
  }

  #limitOf(name: QuotaName, { user, clientId }: QuotaClient): { limit: number; rate: Rate } | undefined {
    const found = quotaLimit(this.#options.quotas(), name, user, clientId)
    if (!found) return undefined
    return { limit: found.limit, rate: this.#rateOf(`${name} ${found.scope}`) }
  }

  #rateOf(key: string): Rate {
    const known = this.#rates.get(key)
    if (known) return known
    this.#sweep()
    const rate = new Rate()
    this.#rates.set(key, rate)
    return rate
  }

  #sweep(): void {
    if (this.#rates.size < sweepFrom) return
    const nowMs = this.#options.nowMs()
    for (const [key, rate] of this.#rates) if (nowMs - rate.lastRecordedMs > idleMs) this.#rates.delete(key)
  }
}
