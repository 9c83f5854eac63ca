import type { Clock } from '../core/clock.ts'
import type { BrokerConfig } from '../core/config/broker-configs.ts'
import type { GroupConfig } from '../core/config/group-configs.ts'
import type { GroupEventSink } from './group-event.ts'
import type { PartitionWriter, TopicDirectory } from './partition-writer.ts'

/** All that a `GroupCoordinator` reaches outside itself; everything is injected. */
export type GroupCoordinatorOptions = {
  readonly clock: Clock
  /** The effective broker configs of this moment. */
  readonly brokerConfig: () => BrokerConfig
  /** The effective configs of a group (consumer.session.timeout.ms …) of this moment. */
  readonly groupConfig: (groupId: string) => GroupConfig
  readonly topics: TopicDirectory
  readonly writer: PartitionWriter
  readonly emit: GroupEventSink
  /** A random UUID in its 36-character form; member ids are made with it. */
  readonly newUuid: () => string
  /**
   * Runs a task in so many milliseconds; 0: once all has been read that is there to be read now. Requests that come
   * until then share one turn.
   */
  readonly soon: (task: () => void, delayMs: number) => void
  /** Told when a partition could not be loaded or written; it is loaded anew a second later. */
  readonly onError?: (partition: number, error: Error) => void
}

/** What the cluster calls on the coordinator; `GroupCoordinator` implements it. */
export type CoordinatorLifecycle = {
  /** This node leads `__consumer_offsets-partition` from now on: replays it, then answers for its groups. */
  elected(partition: number): Promise<void>
  /** This node leads it no more: forgets its groups, answers those who wait with NOT_COORDINATOR. */
  resigned(partition: number): void
  /** Topics were created, deleted or given partitions: groups subscribed to them look again at their next heartbeat. */
  topicsChanged(topicNames: readonly string[]): void
  /** Removes the committed offsets of deleted topics. */
  topicsDeleted(topicNames: readonly string[]): void
  /** `__consumer_offsets` partition of a group: Java's hash of its id, modulo offsets.topic.num.partitions. */
  partitionFor(groupId: string): number
  /** Stops all timers and answers those who wait with NOT_COORDINATOR. */
  close(): void
}
