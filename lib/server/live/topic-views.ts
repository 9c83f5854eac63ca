import type { Partition, Topic, TopicColumns, TopicHistory } from '../../contract/topics.ts'
import type { LiveState } from './live-state.ts'
import type { PartitionState, TopicState } from './topic-state.ts'

/** All topics column-wise, by name. */
export function topicColumns(state: LiveState, options: { internal: boolean }): TopicColumns {
  const topics = [...state.topics.values()]
    .filter((topic) => options.internal || !topic.internal)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const groups = groupsByTopic(state)
  return {
    name: topics.map((topic) => topic.name),
    internal: topics.map((topic) => topic.internal),
    partitions: topics.map((topic) => topic.partitions.length),
    replicationFactor: topics.map((topic) => topic.partitions[0]?.replicas.length ?? 0),
    records: topics.map((topic) => recordsOf(topic)),
    precision: topics.map(({ precision }) => precision),
    sizeBytes: topics.map((topic) => topic.sizeBytes),
    recordsPerSecond: topics.map((topic) => topic.recordsPerSecond),
    groups: topics.map((topic) => groups.get(topic.name)?.size ?? 0),
    offlinePartitions: topics.map((topic) => countOf(topic, isOffline)),
    underReplicatedPartitions: topics.map((topic) => countOf(topic, isUnderReplicated)),
    cleanupPolicy: topics.map((topic) => topic.cleanupPolicy),
  }
}

/** Groups with a committed offset or a member, by topic. */
function groupsByTopic(state: LiveState): Map<string, Set<string>> {
  const byTopic = new Map<string, Set<string>>()
  for (const group of state.groups.values()) {
    for (const { topic } of group.partitions.values()) {
      const groups = byTopic.get(topic) ?? new Set()
      byTopic.set(topic, groups.add(group.groupId))
    }
  }
  return byTopic
}

export function topicView(topic: TopicState): Topic {
  return {
    name: topic.name,
    topicId: topic.topicId,
    internal: topic.internal,
    precision: topic.precision,
    partitions: topic.partitions.map(partitionView),
    replicationFactor: topic.partitions[0]?.replicas.length ?? 0,
    records: recordsOf(topic),
    sizeBytes: topic.sizeBytes,
    recordsPerSecond: topic.recordsPerSecond,
    skew: skewOf(topic),
  }
}

export function partitionView(partition: PartitionState): Partition {
  return {
    partition: partition.partition,
    leader: partition.leader,
    leaderEpoch: partition.leaderEpoch,
    replicas: partition.replicas,
    isr: partition.isr,
    offlineReplicas: partition.offlineReplicas,
    logStartOffset: partition.logStartOffset,
    highWatermark: partition.highWatermark,
    logEndOffset: partition.logEndOffset,
    lastStableOffset: partition.lastStableOffset,
    records: partition.known ? partition.highWatermark - partition.logStartOffset : null,
    precision: partition.precision,
    sizeBytes: partition.sizeBytes,
    recordsPerSecond: partition.recordsPerSecond,
    bytesPerSecond: partition.bytesPerSecond,
    problem: partition.problem,
  }
}

/** Points after `sinceMs` (0: all that is kept). */
export function topicHistoryView(topic: TopicState, sinceMs = 0): TopicHistory {
  return {
    recordsPerSecond: topic.history?.points(sinceMs) ?? [],
    partitions: topic.partitions
      .filter(({ history }) => history !== null)
      .map(({ partition, history }) => ({ partition, recordsPerSecond: history!.points(sinceMs) })),
  }
}

export function isOffline({ leader, problem }: PartitionState): boolean {
  return leader < 0 || problem !== null
}

export function isUnderReplicated({ isr, replicas }: PartitionState): boolean {
  return isr.length < replicas.length
}

export function countOf(topic: TopicState, test: (partition: PartitionState) => boolean): number {
  return topic.partitions.reduce((count, partition) => count + (test(partition) ? 1 : 0), 0)
}

/** Null until the offsets of all partitions were told. */
export function recordsOf(topic: TopicState): number | null {
  return topic.partitions.some(({ known, leader }) => !known && leader >= 0) ? null : topic.records
}

/** Largest partition over the mean; null without records. */
function skewOf({ partitions, records }: TopicState): number | null {
  if (records === 0) return null
  const largest = Math.max(...partitions.map((p) => p.highWatermark - p.logStartOffset))
  return Math.round((largest / (records / partitions.length)) * 100) / 100
}
