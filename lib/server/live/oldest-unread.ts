import type { KafkaClient } from '../kafka/kafka-client.ts'
import { readRanges } from '../records/read-records.ts'
import type { GroupPartitionState } from './group-state.ts'
import type { LiveState } from './live-state.ts'

const oneBatch = { committed: false, partitionBytes: 1_024 }
/** Lookups in one go; a group that lags since before our start needs one a partition and committed offset. */
const lookupsAtOnce = 50

/**
 * Lag that began before we looked has no time on the offset clock: there, the oldest unread record itself is read
 * for its timestamp, once for each committed offset.
 */
export async function fillOldestUnread(client: KafkaClient, state: LiveState): Promise<void> {
  if (state.health.state !== 'online') return
  const wanted: { partition: GroupPartitionState; offset: number }[] = []
  for (const group of state.groups.values()) {
    for (const partition of group.partitions.values()) {
      if (wanted.length >= lookupsAtOnce) break
      const { log, committedOffset, lag } = partition
      if (log === null || committedOffset === null || !lag) continue
      const offset = Math.max(committedOffset, log.logStartOffset)
      if (partition.oldestUnread?.offset !== offset && log.clock.timeOf(offset) === null) {
        wanted.push({ partition, offset })
      }
    }
  }
  const byTopic = Map.groupBy(wanted, ({ partition }) => partition.topic)
  for (const [topic, ofTopic] of byTopic) await lookUp(client, topic, ofTopic)
}

async function lookUp(
  client: KafkaClient,
  topicName: string,
  wanted: { partition: GroupPartitionState; offset: number }[],
): Promise<void> {
  const topic = await client.topic(topicName)
  // Two groups may ask for different offsets of one partition: one read each.
  for (const { partition, offset } of wanted) {
    const range = { partition: partition.partition, from: offset, to: Number.MAX_SAFE_INTEGER, limit: 1 }
    const result = (await readRanges(client, topic, [range], oneBatch)).get(partition.partition)
    const timestamp = result?.records[0]?.timestamp
    if (timestamp !== undefined) partition.oldestUnread = { offset, timestamp }
  }
}
