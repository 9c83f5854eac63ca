import { assert } from '../core/assert.ts'
import type { Clock, Timer } from '../core/clock.ts'
import type { Api, ApiHandler } from './api.ts'
import { bootstrap } from './families/bootstrap.ts'
import { CloseConnectionError } from './handler.ts'
import { type ApiFamily, type OfferedApi, offeredApis } from './offered-apis.ts'

type LaterFamily = Exclude<ApiFamily, 'bootstrap'>

/** How to come by the handlers of each family that is not loaded from the start. */
export type FamilyLoaders = Readonly<Record<LaterFamily, () => Promise<readonly ApiHandler[]>>>

/** In the order in which they are loaded when nobody asks. */
const loadersOfBroker: FamilyLoaders = {
  records: async () => (await import('./families/records.ts')).records,
  groups: async () => (await import('./families/groups.ts')).groups,
  topics: async () => (await import('./families/topics.ts')).topics,
  transactions: async () => (await import('./families/transactions.ts')).transactions,
  cluster: async () => (await import('./families/cluster.ts')).cluster,
  security: async () => (await import('./families/security.ts')).security,
}

/** A client that comes as soon as the port is open has its first answers before the rest is loaded. */
const restAfterMs = 1000
/** Between two families: each takes a turn of some 4 ms (the coordinators before them 14), and requests go first. */
const betweenFamiliesMs = 20

/** The code of a family cannot be loaded: files are missing, or none may be opened any more. */
export class FamilyLoadError extends Error {
  override readonly name = 'FamilyLoadError'
  readonly code = 'FAMILY_LOAD'

  constructor(family: ApiFamily, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`What answers the APIs for ${family} could not be loaded: ${reason}`, { cause })
  }
}

export type ApiRegistryOptions = {
  readonly loaders?: FamilyLoaders
  /**
   * What has to be there before any family but bootstrap's is answered; asked before each is loaded. Its
   * CloseConnectionError goes through to the connection.
   */
  readonly prepare?: () => Promise<void>
}

/**
 * Every API that this broker answers, by key. To load all handlers and messages takes a third of the whole start: a
 * family is loaded when the first request calls for it, or a moment after the start.
 */
export class ApiRegistry {
  readonly #loaders: FamilyLoaders
  readonly #prepare: () => Promise<void>
  readonly #apis = new Map<number, Api>()
  readonly #loaded = new Set<ApiFamily>()
  readonly #loading = new Map<ApiFamily, Promise<void>>()

  constructor({ loaders = loadersOfBroker, prepare = async () => {} }: ApiRegistryOptions = {}) {
    this.#loaders = loaders
    this.#prepare = prepare
    this.#add('bootstrap', bootstrap)
  }

  /** Some request waits for code, and for nothing else. */
  get isLoading(): boolean {
    return this.#loading.size > 0
  }

  /** The API, when it is loaded. */
  get(key: number): Api | undefined {
    return this.#apis.get(key)
  }

  /** The API once it is loaded; undefined when it is not offered. Rejects with FamilyLoadError; the next call tries anew. */
  load(key: number): Promise<Api> | undefined {
    const offered = offeredApis.get(key)
    return offered && this.#loadApi(offered)
  }

  /** Every API, all loaded. */
  async loadAll(): Promise<ReadonlyMap<number, Api>> {
    for (const family of this.#missing()) await this.#load(family)
    return this.#apis
  }

  /**
   * Loads what nobody has asked for, one thing at a time, a moment from now: later no client waits for code.
   * `onFailed` hears of what cannot be loaded; a request that needs it will try again.
   */
  loadLater(clock: Clock, onFailed: (reason: string) => void): Timer {
    let isCancelled = false
    let timer = clock.schedule(restAfterMs, () => step(this.#prepare(), this.#missing()))
    const step = (loading: Promise<void>, [family, ...rest]: readonly LaterFamily[]) => {
      const goOn = () => {
        if (isCancelled || family === undefined) return
        timer = clock.schedule(betweenFamiliesMs, () => step(this.#load(family), rest))
      }
      loading.then(goOn, (error: unknown) => {
        if (!isCancelled) onFailed(error instanceof Error ? error.message : String(error))
        goOn()
      })
    }
    return {
      cancel: () => {
        isCancelled = true
        timer.cancel()
      },
    }
  }

  #missing(): LaterFamily[] {
    return (Object.keys(this.#loaders) as LaterFamily[]).filter((family) => !this.#loaded.has(family))
  }

  async #loadApi({ key, name, family }: OfferedApi): Promise<Api> {
    await this.#load(family)
    const api = this.#apis.get(key)
    assert(api, `${family} lacks the handler of ${name}`)
    return api
  }

  #load(family: ApiFamily): Promise<void> {
    if (family === 'bootstrap' || this.#loaded.has(family)) return Promise.resolve()
    const underway = this.#loading.get(family)
    if (underway) return underway
    const loading = this.#prepare()
      .then(() => this.#loaders[family]())
      .then(
        (handlers) => this.#add(family, handlers),
        (error: unknown) => {
          throw error instanceof CloseConnectionError ? error : new FamilyLoadError(family, error)
        },
      )
      .finally(() => this.#loading.delete(family))
    this.#loading.set(family, loading)
    return loading
  }

  #add(family: ApiFamily, handlers: readonly ApiHandler[]): void {
    for (const handler of handlers) {
      const { apiKey, name } = handler.request
      const offered = offeredApis.get(apiKey)
      assert(offered?.family === family, `${name} is answered by ${family}, where it is not offered`)
      this.#apis.set(apiKey, withHandler(offered, handler))
    }
    this.#loaded.add(family)
  }
}

function withHandler(offered: OfferedApi, handler: ApiHandler): Api {
  return { ...offered, ...handler }
}
