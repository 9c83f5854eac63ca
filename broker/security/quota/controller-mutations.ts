/**
 * What changes of topics take: a partition created or deleted is one (KIP-599). A bucket fills at the limit's rate and
 * holds what the whole window allows; one change may overdraw it, and the next has to wait until that is made good.
 */
export class TokenBucket {
  #tokens = Number.POSITIVE_INFINITY
  #refilledMs = 0
  #size = 0
  #perSecond = 0

  /** Tokens now; below 0 the bucket is overdrawn. `limit` a second, `windowSeconds` full. */
  tokens(limit: number, windowSeconds: number, nowMs: number): number {
    this.#perSecond = limit
    this.#size = limit * windowSeconds
    const elapsedMs = Math.max(0, nowMs - this.#refilledMs)
    this.#tokens = Math.min(this.#size, this.#tokens + (limit * elapsedMs) / 1000)
    this.#refilledMs = nowMs
    return this.#tokens
  }

  /** Whether nothing was taken for so long that it is as good as new. */
  isFull(nowMs: number): boolean {
    return this.#tokens + (this.#perSecond * (nowMs - this.#refilledMs)) / 1000 >= this.#size
  }

  take(count: number): void {
    this.#tokens -= count
  }
}

/** How one request charges what it changes. */
export type MutationQuota = {
  /** False: nothing was taken and the change has to be refused. */
  take(count: number): boolean
  /** How long the client has to wait. */
  readonly throttleMs: number
}

export const unlimitedMutations: MutationQuota = { take: () => true, throttleMs: 0 }

/** One request's view of its client's bucket. */
export class ClientMutationQuota implements MutationQuota {
  readonly #tokens: () => number
  readonly #bucket: TokenBucket
  readonly #limit: number
  readonly #isStrict: boolean
  throttleMs = 0

  /** `isStrict`: the request's version knows THROTTLING_QUOTA_EXCEEDED; others are carried out and made to wait. */
  constructor(bucket: TokenBucket, limit: number, tokens: () => number, isStrict: boolean) {
    this.#bucket = bucket
    this.#limit = limit
    this.#tokens = tokens
    this.#isStrict = isStrict
  }

  take(count: number): boolean {
    if (this.#isStrict && this.#tokens() < 0) {
      this.#wait()
      return false
    }
    this.#tokens()
    this.#bucket.take(count)
    if (!this.#isStrict) this.#wait()
    return true
  }

  #wait(): void {
    this.throttleMs = Math.max(0, Math.round((-this.#tokens() / this.#limit) * 1000))
  }
}
