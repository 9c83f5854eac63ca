import { offsetsTopic } from './cluster/internal-topics.ts'
import { configResourceType } from './cluster/metadata-image.ts'
import type { BrokerNode } from './cluster/node.ts'
import type { Partition } from './cluster/partition.ts'
import type { MetadataChange } from './cluster/replayed-metadata.ts'
import { GroupCoordinator } from './coordinator/group-coordinator.ts'
import type { GroupEventSink } from './coordinator/group-event.ts'
import type { TopicDirectory } from './coordinator/partition-writer.ts'
import { resolveGroupConfig } from './core/config/resolve.ts'
import { nodeCrypto } from './core/crypto.ts'
import { internalLog } from './internal-log.ts'

type Soon = (task: () => void, delayMs: number) => void

/** Not by the clock: no timer is as soon as the next turn. */
const soonInThisThread: Soon = (task, delayMs) =>
  void (delayMs > 0 ? setTimeout(task, delayMs) : setImmediate(task))

/** Ties a node to its group coordinator: the partitions of `__consumer_offsets`, topics and elections. */
export class GroupCoordination {
  readonly coordinator: GroupCoordinator
  readonly #node: BrokerNode

  constructor(
    node: BrokerNode,
    emit: GroupEventSink,
    logError: (message: string) => void,
    soon: Soon = soonInThisThread,
  ) {
    this.#node = node
    this.coordinator = new GroupCoordinator({
      clock: node.clock,
      brokerConfig: () => node.config,
      groupConfig: (groupId) =>
        resolveGroupConfig(node.image.configs(configResourceType.group, groupId), node.configSources),
      topics: topicDirectory(node),
      writer: internalLog(node, offsetsTopic),
      emit,
      newUuid: () => nodeCrypto().randomUUID(),
      soon,
      onError: (partition, error) => logError(`${offsetsTopic}-${partition}: ${error.message}`),
    })
  }

  /** Reads in the groups of all partitions that this node leads. */
  async start(): Promise<void> {
    const partitions = this.#node.image.topic(offsetsTopic)?.partitions ?? []
    for (const { partition } of partitions) await this.#elect(partition)
  }

  close(): void {
    this.coordinator.close()
  }

  partitionOffline(partition: Partition): void {
    if (partition.topic === offsetsTopic) this.coordinator.resigned(partition.index)
  }

  metadataChanged(changes: readonly MetadataChange[]): void {
    const changed = new Set<string>()
    const deleted: string[] = []
    for (const change of changes) {
      if (
        change.kind !== 'topicCreated' &&
        change.kind !== 'topicDeleted' &&
        change.kind !== 'partitionChanged'
      ) {
        continue
      }
      const { name } = change.topic
      if (name === offsetsTopic) this.#offsetsTopicChanged(change)
      if (change.kind === 'topicDeleted') deleted.push(name)
      else changed.add(name)
    }
    if (changed.size > 0) this.coordinator.topicsChanged([...changed])
    if (deleted.length > 0) this.coordinator.topicsDeleted(deleted)
  }

  #offsetsTopicChanged(change: Extract<MetadataChange, { topic: unknown }>): void {
    for (const { partition } of change.kind === 'partitionChanged'
      ? [change.partition]
      : change.topic.partitions) {
      if (change.kind === 'topicDeleted') this.coordinator.resigned(partition)
      else void this.#elect(partition)
    }
  }

  async #elect(index: number): Promise<void> {
    const partition = this.#node.partition(offsetsTopic, index)
    if (partition?.isLeader && partition.state.status !== 'offline') await this.coordinator.elected(index)
    else this.coordinator.resigned(index)
  }
}

function topicDirectory(node: BrokerNode): TopicDirectory {
  return {
    topicId: (topicName) => node.image.topic(topicName)?.topicId,
    topicName: (topicId) => node.image.topicById(topicId)?.name,
    partitionCount: (topicName) => node.image.topic(topicName)?.partitions.length ?? 0,
    topicNames: () => node.image.topics().map(({ name }) => name),
  }
}
