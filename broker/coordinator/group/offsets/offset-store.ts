/** A committed offset. */
export type StoredOffset = {
  readonly offset: number
  /** -1 when the client does not say. */
  readonly leaderEpoch: number
  readonly metadata: string
  readonly commitTimestampMs: number
  /** Set by clients older than OffsetCommit v5; -1 otherwise. */
  readonly expireTimestampMs: number
  /** The zero id when the commit came by name from a client of before v10 and the topic was unknown. */
  readonly topicId: string
}

type ByPartition = Map<number, StoredOffset>
type ByTopic = Map<string, ByPartition>

/** Committed offsets by group, topic and partition. */
export class OffsetStore {
  readonly #byGroup = new Map<string, ByTopic>()

  get(groupId: string, topic: string, partition: number): StoredOffset | undefined {
    return this.#byGroup.get(groupId)?.get(topic)?.get(partition)
  }

  topicsOf(groupId: string): ReadonlyMap<string, ReadonlyMap<number, StoredOffset>> {
    return this.#byGroup.get(groupId) ?? new Map()
  }

  has(groupId: string): boolean {
    return this.#byGroup.has(groupId)
  }

  groupIds(): Iterable<string> {
    return this.#byGroup.keys()
  }

  set(groupId: string, topic: string, partition: number, offset: StoredOffset): void {
    let byTopic = this.#byGroup.get(groupId)
    if (!byTopic) {
      byTopic = new Map()
      this.#byGroup.set(groupId, byTopic)
    }
    let byPartition = byTopic.get(topic)
    if (!byPartition) {
      byPartition = new Map()
      byTopic.set(topic, byPartition)
    }
    byPartition.set(partition, offset)
  }

  delete(groupId: string, topic: string, partition: number): void {
    const byTopic = this.#byGroup.get(groupId)
    const byPartition = byTopic?.get(topic)
    if (!byTopic || !byPartition) return
    byPartition.delete(partition)
    if (byPartition.size === 0) byTopic.delete(topic)
    if (byTopic.size === 0) this.#byGroup.delete(groupId)
  }
}
