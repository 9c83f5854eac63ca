import type { Clock } from '../core/clock.ts'
import type { BrokerConfig } from '../core/config/broker-configs.ts'
import type { BrokerConfigSources } from '../core/config/resolve.ts'
import type { TopicConfig } from '../core/config/topic-configs.ts'
import type { Controller } from './controller.ts'
import type { MetadataImage } from './metadata-image.ts'
import type { Partition } from './partition.ts'

export type LogDirDescription = {
  readonly path: string
  /** Null while the disk works. */
  readonly error: string | null
  readonly totalBytes: number
  readonly usableBytes: number
}

/** One broker: its own port, data folder and state. Handlers see the cluster through it. */
export type BrokerNode = {
  readonly nodeId: number
  readonly clock: Clock
  /** The cluster's metadata as this node has replayed it. */
  readonly image: MetadataImage
  readonly controller: Controller
  /** Effective broker configs, parsed; a new object after a change. */
  readonly config: BrokerConfig
  readonly configSources: BrokerConfigSources
  /** Effective configs of a topic; the broker's defaults when it does not exist. */
  topicConfig(topic: string): TopicConfig
  /** The replica on this node; undefined when there is none (unknown topic, or it lives elsewhere). */
  partition(topic: string, index: number): Partition | undefined
  partitionById(topicId: string, index: number): Partition | undefined
  /** All replicas on this node. */
  partitions(): Iterable<Partition>
  logDirs(): readonly LogDirDescription[]
}
