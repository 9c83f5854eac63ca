import type { ConfigResourceType } from './metadata-image.ts'

/** A topic to create. Its configs have been validated by the caller (core/config); null means: not set. */
export type NewTopic = {
  readonly name: string
  /** -1: the broker's `num.partitions`; must be -1 when `assignments` is given. */
  readonly numPartitions: number
  /** -1: the broker's `default.replication.factor`. */
  readonly replicationFactor: number
  readonly assignments?: readonly { readonly partition: number; readonly brokerIds: readonly number[] }[]
  readonly configs?: ReadonlyMap<string, string>
}

/** `errorCode` 0 is success; `message` says to a person what is wrong. */
export type Outcome = { readonly errorCode: number; readonly message: string | null }

export type CreatedTopic = Outcome & {
  readonly name: string
  readonly topicId: string
  readonly numPartitions: number
  readonly replicationFactor: number
}

/** Names a topic in one of the two ways of DeleteTopics v6. */
export type TopicReference = { readonly name: string } | { readonly topicId: string }

export type DeletedTopic = Outcome & { readonly name: string | null; readonly topicId: string }

/** `count` is the new total. */
export type NewPartitions = {
  readonly name: string
  readonly count: number
  readonly assignments: readonly { readonly brokerIds: readonly number[] }[] | null
}

/** A null value removes the override. The caller has validated names and values (core/config). */
export type ConfigChange = {
  readonly resourceType: ConfigResourceType
  readonly resourceName: string
  readonly changes: ReadonlyMap<string, string | null>
}

/**
 * The one writer of the metadata log: each verb validates, appends metadata records, and the image of every node
 * has replayed them when the call returns. Results come in the order of the requests.
 */
export type Controller = {
  /** The node that is the active controller. */
  readonly nodeId: number
  createTopics(topics: readonly NewTopic[], options?: { validateOnly?: boolean }): readonly CreatedTopic[]
  /** The names are free at once; files are deleted after `file.delete.delay.ms`. */
  deleteTopics(topics: readonly TopicReference[]): readonly DeletedTopic[]
  createPartitions(topics: readonly NewPartitions[], options?: { validateOnly?: boolean }): readonly Outcome[]
  alterConfigs(changes: readonly ConfigChange[], options?: { validateOnly?: boolean }): readonly Outcome[]
  /** A block of producer ids that no broker of this cluster has handed out before, nor will again. */
  allocateProducerIds(nodeId: number): { readonly first: number; readonly count: number }
}
