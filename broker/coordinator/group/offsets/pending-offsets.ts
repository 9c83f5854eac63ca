import type { StoredOffset } from './offset-store.ts'

/** An offset that holds once its producer's transaction is committed. */
export type PendingOffset = {
  readonly groupId: string
  readonly topic: string
  readonly partition: number
  readonly offset: StoredOffset
}

type Entry = PendingOffset & {
  /** Counts up in the order of the log. */
  readonly position: number
  /** A later commit of the same partition holds already: this one comes too late, whenever its marker comes. */
  isSuperseded: boolean
}

function keyOf(groupId: string, topic: string, partition: number): string {
  return `${groupId}\0${topic}\0${partition}`
}

/** Offsets of open transactions (KIP-447), by producer and by group and partition. */
export class PendingOffsets {
  readonly #byProducer = new Map<number, Map<string, Entry>>()
  readonly #byKey = new Map<string, Set<Entry>>()
  readonly #countByGroup = new Map<string, number>()
  #position = 0

  add(producerId: number, pending: PendingOffset): void {
    const key = keyOf(pending.groupId, pending.topic, pending.partition)
    const ofProducer = this.#byProducer.get(producerId) ?? new Map<string, Entry>()
    this.#byProducer.set(producerId, ofProducer)
    const before = ofProducer.get(key)
    if (before) this.#unlink(key, before)
    const entry = { ...pending, position: ++this.#position, isSuperseded: false }
    ofProducer.set(key, entry)
    const ofKey = this.#byKey.get(key) ?? new Set<Entry>()
    this.#byKey.set(key, ofKey.add(entry))
    this.#countByGroup.set(pending.groupId, (this.#countByGroup.get(pending.groupId) ?? 0) + 1)
  }

  /** Whether an open transaction has an offset for this partition: what is committed may change any moment. */
  has(groupId: string, topic: string, partition: number): boolean {
    return this.#byKey.has(keyOf(groupId, topic, partition))
  }

  hasAny(groupId: string): boolean {
    return this.#countByGroup.has(groupId)
  }

  ofGroup(groupId: string): PendingOffset[] {
    if (!this.hasAny(groupId)) return []
    return [...this.#byKey.values()].flatMap((entries) => [...entries].filter((e) => e.groupId === groupId))
  }

  /** A commit outside of transactions was written: pending ones from before it must not overwrite it. */
  supersede(groupId: string, topic: string, partition: number): void {
    for (const entry of this.#byKey.get(keyOf(groupId, topic, partition)) ?? []) entry.isSuperseded = true
  }

  /** The partition's offset was removed, and what is pending for it with it. */
  remove(groupId: string, topic: string, partition: number): void {
    const key = keyOf(groupId, topic, partition)
    for (const entry of [...(this.#byKey.get(key) ?? [])]) this.#unlink(key, entry)
    for (const [producerId, entries] of this.#byProducer) {
      if (entries.delete(key) && entries.size === 0) this.#byProducer.delete(producerId)
    }
  }

  /** Ends a producer's transaction: its offsets are out, and those that hold when it is committed come back. */
  take(producerId: number, committed: boolean): PendingOffset[] {
    const entries = this.#byProducer.get(producerId)
    if (!entries) return []
    this.#byProducer.delete(producerId)
    const held: PendingOffset[] = []
    for (const [key, entry] of entries) {
      this.#unlink(key, entry)
      if (!committed || entry.isSuperseded) continue
      held.push(entry)
      for (const other of this.#byKey.get(key) ?? []) {
        if (other.position < entry.position) other.isSuperseded = true
      }
    }
    return held
  }

  #unlink(key: string, entry: Entry): void {
    const ofKey = this.#byKey.get(key)
    if (!ofKey?.delete(entry)) return
    if (ofKey.size === 0) this.#byKey.delete(key)
    const count = this.#countByGroup.get(entry.groupId)! - 1
    if (count === 0) this.#countByGroup.delete(entry.groupId)
    else this.#countByGroup.set(entry.groupId, count)
  }
}
