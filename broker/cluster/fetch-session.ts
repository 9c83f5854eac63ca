/** How far a client's incremental fetch has come for one partition (KIP-227). */
export type SessionPartition = {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  fetchOffset: number
  maxBytes: number
  currentLeaderEpoch: number
  lastFetchedEpoch: number
  /** What the client was told last; -1 before the first answer. */
  highWatermark: number
  lastStableOffset: number
  logStartOffset: number
}

export type FetchSession = {
  readonly id: number
  readonly usesTopicIds: boolean
  readonly createdMs: number
  lastUsedMs: number
  /** The epoch that the client's next request carries. */
  epoch: number
  /** In the order in which they are served; those that had data go to the end. */
  readonly partitions: Map<string, SessionPartition>
}

export const finalEpoch = -1
export const initialEpoch = 0
const maxEpoch = 2 ** 31 - 1
/** A session unused for so long may give way to a new one (Kafka's min.incremental.fetch.session.eviction.ms). */
const evictionMs = 120_000

/** The epoch after `epoch`: 1 follows the greatest, 0 begins a session. */
export function nextEpoch(epoch: number): number {
  return epoch === maxEpoch ? 1 : epoch + 1
}

/** The sessions of one node: as many as there are slots; a new one takes the slot of an idle or smaller one. */
export class FetchSessionCache {
  readonly #random: () => number
  readonly #sessions = new Map<number, FetchSession>()

  /** `random` gives numbers within [0, 1). */
  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  get size(): number {
    return this.#sessions.size
  }

  get(id: number): FetchSession | undefined {
    return this.#sessions.get(id)
  }

  remove(id: number): void {
    this.#sessions.delete(id)
  }

  /** Marks the session as used: the map's order is the order of last use. */
  touch(session: FetchSession, nowMs: number): void {
    session.lastUsedMs = nowMs
    this.#sessions.delete(session.id)
    this.#sessions.set(session.id, session)
  }

  /** Undefined when all `slots` are held by sessions that are in use and not smaller. */
  create(
    partitions: Map<string, SessionPartition>,
    usesTopicIds: boolean,
    slots: number,
    nowMs: number,
  ): FetchSession | undefined {
    if (this.#sessions.size >= slots && !this.#evict(partitions.size, nowMs)) return undefined
    const session = {
      id: this.#newId(),
      usesTopicIds,
      createdMs: nowMs,
      lastUsedMs: nowMs,
      epoch: 1,
      partitions,
    }
    this.#sessions.set(session.id, session)
    return session
  }

  #evict(size: number, nowMs: number): boolean {
    const oldest = this.#sessions.values().next().value
    if (oldest && nowMs - oldest.lastUsedMs > evictionMs) return this.#sessions.delete(oldest.id)
    for (const session of this.#sessions.values()) {
      const isOld = nowMs - session.createdMs > evictionMs
      if (isOld && session.partitions.size < size) return this.#sessions.delete(session.id)
    }
    return false
  }

  #newId(): number {
    for (;;) {
      const id = 1 + Math.floor(this.#random() * (maxEpoch - 1))
      if (!this.#sessions.has(id)) return id
    }
  }
}
