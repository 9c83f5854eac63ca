import type { ConnectionDescription } from '../../../broker/host.ts'
import type { Activity } from '../../contract/clusters.ts'
import type { Precision } from '../../contract/figures.ts'
import type { ClusterMetadata, KafkaNode } from '../kafka/kafka-client.ts'
import { EventRing } from './event-ring.ts'
import { GroupLiveState } from './group-state.ts'
import { Rate } from './rate.ts'
import { Series } from './series.ts'
import { PartitionState, TopicState } from './topic-state.ts'

const keptActivity = 200
const keptRemovals = 10_000
/** UNKNOWN_TOPIC_OR_PARTITION */
const unknownTopic = 3

export type Health = { state: 'connecting' | 'online' | 'offline'; problem: string | null }

/**
 * What is known of one cluster now, with its history. Whatever changes takes the next `version`; a subscriber
 * remembers the version up to which it was told, so that nothing has to be queued for it.
 */
export class LiveState {
  readonly precision: Precision
  readonly now: () => number
  version = 1
  health: Health = { state: 'connecting', problem: null }
  clusterId: string | null = null
  controllerId = -1
  nodes = new Map<number, KafkaNode>()
  readonly topics = new Map<string, TopicState>()
  readonly groups = new Map<string, GroupLiveState>()
  readonly connections = new Map<number, ConnectionDescription>()
  readonly connectionVersions = new Map<number, number>()
  readonly closedConnections = new EventRing<number>(1_000)
  readonly removedGroups = new EventRing<string>(1_000)
  readonly #removedAt = new Map<string, number>()
  readonly activity = new EventRing<Activity>(keptActivity)
  /** Of the last topic created, deleted or given partitions. */
  shapeVersion = 0
  nodesVersion = 0
  readonly recordsIn = new Series()
  readonly bytesIn = new Series()
  readonly bytesOut = new Series()
  readonly lag = new Series()
  recordsInPerSecond = 0
  bytesInPerSecond: number | null = null
  bytesOutPerSecond: number | null = null
  requestsPerSecond: number | null = null
  readonly bytesOutRate: Rate
  logDirBytes: { totalBytes: number | null; usableBytes: number | null } | null = null
  /** Somebody looks: poll more often. */
  viewers = 0

  constructor(precision: Precision, now: () => number = Date.now) {
    this.precision = precision
    this.now = now
    this.bytesOutRate = new Rate(now())
  }

  touch(): number {
    return ++this.version
  }

  setHealth(health: Health): void {
    if (health.state === this.health.state && health.problem === this.health.problem) return
    this.health = health
    this.nodesVersion = this.touch()
  }

  note(kind: Activity['kind'], subject: string, text: string, at = this.now()): void {
    this.activity.push({ at, kind, subject, text })
    this.touch()
  }

  topic(name: string): TopicState {
    const known = this.topics.get(name)
    if (known !== undefined) return known
    const created = new TopicState(name)
    this.topics.set(name, created)
    this.shapeVersion = created.shapeVersion = created.version = this.touch()
    return created
  }

  /** A topic's partition; grows the topic when it has too few. */
  partition(topic: TopicState, partition: number): PartitionState {
    while (topic.partitions.length <= partition) {
      topic.partitions.push(
        new PartitionState(
          topic.partitions.length,
          this.precision === 'exact' ? 0 : Number.POSITIVE_INFINITY,
        ),
      )
      this.shapeVersion = topic.shapeVersion = topic.version = this.touch()
    }
    return topic.partitions[partition]!
  }

  removeTopic(name: string): void {
    const topic = this.topics.get(name)
    if (topic === undefined || !this.topics.delete(name)) return
    this.shapeVersion = topic.version = topic.shapeVersion = this.touch()
    for (const group of this.groups.values()) {
      for (const partition of group.partitions.values()) if (partition.topic === name) partition.log = null
    }
  }

  group(groupId: string): GroupLiveState {
    const known = this.groups.get(groupId)
    if (known !== undefined) return known
    const created = new GroupLiveState(groupId)
    this.groups.set(groupId, created)
    created.version = this.touch()
    return created
  }

  removeGroup(groupId: string): void {
    if (!this.groups.delete(groupId)) return
    this.removedGroups.push(groupId)
    if (this.#removedAt.size >= keptRemovals) this.#removedAt.clear()
    this.#removedAt.set(groupId, this.now())
    this.touch()
  }

  /** Whether something that happened at `atMs` is older than the group's removal, so that it must not bring it back. */
  removedAfter(groupId: string, atMs: number): boolean {
    return atMs <= (this.#removedAt.get(groupId) ?? Number.NEGATIVE_INFINITY)
  }

  /** Takes brokers, topics and partitions of the whole cluster; tells what came and went. */
  applyMetadata(metadata: ClusterMetadata): void {
    this.applyNodes(metadata)
    const quiet = this.#quiet()
    this.applyTopics(metadata)
    for (const [name, topic] of this.topics) {
      if (metadata.topics.has(name)) continue
      this.removeTopic(name)
      if (!quiet && !topic.internal) this.note('topicDeleted', name, 'Topic deleted')
    }
  }

  /** Takes the topics that metadata tells of; those that it says are unknown are gone. */
  applyTopics(metadata: ClusterMetadata): void {
    const quiet = this.#quiet()
    for (const described of metadata.topics.values()) {
      if (described.errorCode === unknownTopic && this.topics.has(described.name)) {
        this.removeTopic(described.name)
        if (!quiet) this.note('topicDeleted', described.name, 'Topic deleted')
      }
      if (described.errorCode !== 0) continue
      const existed = this.topics.get(described.name)
      // The same name with another id was deleted and created again between two looks.
      if (existed?.topicId != null && existed.topicId !== described.topicId) this.removeTopic(described.name)
      const topic = this.topic(described.name)
      topic.topicId = described.topicId
      topic.internal = described.internal
      const before = topic.partitions.length
      for (const partition of described.partitions) this.#applyPartition(topic, partition)
      if (quiet || described.internal) continue
      if (existed === undefined)
        this.note('topicCreated', topic.name, `Created with ${partitionsText(topic.partitions.length)}`)
      else if (before < topic.partitions.length)
        this.note('partitionsAdded', topic.name, `Now has ${partitionsText(topic.partitions.length)}`)
    }
  }

  /** The embedded broker tells what happens by itself; the first look is no news either. */
  #quiet(): boolean {
    return this.topics.size === 0 || this.precision === 'exact'
  }

  applyNodes(metadata: ClusterMetadata): void {
    const first = this.nodes.size === 0
    const changed =
      metadata.controllerId !== this.controllerId ||
      metadata.nodes.size !== this.nodes.size ||
      [...metadata.nodes.keys()].some((nodeId) => !this.nodes.has(nodeId))
    if (!changed) return
    if (!first) {
      for (const nodeId of metadata.nodes.keys())
        if (!this.nodes.has(nodeId)) this.note('brokerOnline', String(nodeId), `Broker ${nodeId} joined`)
      for (const nodeId of this.nodes.keys())
        if (!metadata.nodes.has(nodeId)) this.note('brokerOffline', String(nodeId), `Broker ${nodeId} left`)
    }
    this.nodes = new Map(metadata.nodes)
    this.clusterId = metadata.clusterId
    this.controllerId = metadata.controllerId
    this.nodesVersion = this.touch()
  }

  #applyPartition(topic: TopicState, described: PartitionDescription): void {
    const partition = this.partition(topic, described.partitionIndex)
    const changed =
      partition.leader !== described.leaderId ||
      partition.leaderEpoch !== described.leaderEpoch ||
      !sameNumbers(partition.isr, described.isrNodes) ||
      !sameNumbers(partition.replicas, described.replicaNodes) ||
      !sameNumbers(partition.offlineReplicas, described.offlineReplicas)
    if (!changed) return
    partition.leader = described.leaderId
    partition.leaderEpoch = described.leaderEpoch
    partition.replicas = described.replicaNodes
    partition.isr = described.isrNodes
    partition.offlineReplicas = described.offlineReplicas
    if (described.leaderId < 0 && partition.problem === null)
      partition.problem = 'The partition has no leader.'
    if (described.leaderId >= 0 && partition.problem === 'The partition has no leader.')
      partition.problem = null
    topic.version = partition.version = this.touch()
  }

  /** New offsets of a partition, from whichever side told them. Absent figures stay as they are. */
  applyOffsets(topicName: string, index: number, figures: OffsetFigures, atMs: number): void {
    const topic = this.topics.get(topicName)
    const partition = topic?.partitions[index]
    if (topic === undefined || partition === undefined) return
    const { logStartOffset = partition.logStartOffset, highWatermark = partition.highWatermark } = figures
    const arrived = figures.arrivedRecords ?? highWatermark - partition.highWatermark
    const changed =
      logStartOffset !== partition.logStartOffset ||
      highWatermark !== partition.highWatermark ||
      (figures.sizeBytes ?? partition.sizeBytes) !== partition.sizeBytes ||
      (figures.denseFrom ?? partition.denseFrom) !== partition.denseFrom
    partition.logStartOffset = logStartOffset
    partition.highWatermark = highWatermark
    partition.logEndOffset = figures.logEndOffset ?? partition.logEndOffset
    partition.lastStableOffset = figures.lastStableOffset ?? partition.lastStableOffset
    partition.sizeBytes = figures.sizeBytes ?? partition.sizeBytes
    partition.denseFrom = figures.denseFrom ?? partition.denseFrom
    if (partition.known) {
      partition.arrived(arrived, figures.arrivedBytes ?? null, atMs)
      if (this.precision === 'estimate' && arrived > 0) {
        topic.appends.push({
          partition: index,
          baseOffset: highWatermark - arrived,
          count: arrived,
          sizeBytes: null,
          at: atMs,
        })
      }
    }
    partition.known = true
    partition.clock.observe(highWatermark, atMs)
    if (changed) topic.version = partition.version = this.touch()
  }
}

type PartitionDescription =
  ClusterMetadata['topics'] extends Map<string, infer T>
    ? T extends { partitions: (infer P)[] }
      ? P
      : never
    : never

export type OffsetFigures = {
  logStartOffset?: number
  highWatermark?: number
  logEndOffset?: number
  lastStableOffset?: number
  sizeBytes?: number
  denseFrom?: number
  arrivedRecords?: number
  arrivedBytes?: number
}

export function partitionsText(count: number): string {
  return count === 1 ? '1 partition' : `${count} partitions`
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i])
}
