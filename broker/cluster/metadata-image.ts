/** The configuration resource types of KIP-133 and its successors, as on the wire. */
export const configResourceType = {
  topic: 2,
  broker: 4,
  brokerLogger: 8,
  clientMetrics: 16,
  group: 32,
} as const
export type ConfigResourceType = (typeof configResourceType)[keyof typeof configResourceType]

/** One partition as the controller decided it; `leader` is -1 when there is none. */
export type PartitionImage = {
  readonly partition: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly removingReplicas: readonly number[]
  readonly addingReplicas: readonly number[]
  readonly leader: number
  readonly leaderEpoch: number
  readonly partitionEpoch: number
}

/** One topic; `partitions[i].partition === i`. */
export type TopicImage = {
  readonly name: string
  readonly topicId: string
  readonly isInternal: boolean
  readonly partitions: readonly PartitionImage[]
}

/** One broker of the cluster, as Metadata and DescribeCluster list it; `host` and `port` are where it listens. */
export type BrokerImage = {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

/** The quotas of one entity: by entity type its name, null for the default; by quota name its limit. */
export type ClientQuotaImage = {
  readonly entity: ReadonlyMap<string, string | null>
  readonly values: ReadonlyMap<string, number>
}

/** What is kept of a user's password for one SCRAM mechanism (RFC 5802). */
export type ScramCredentialImage = {
  readonly salt: Buffer
  readonly storedKey: Buffer
  readonly serverKey: Buffer
  readonly iterations: number
}

/** The cluster as the metadata log tells it: a read-only view; it changes only by replaying metadata records. */
export type MetadataImage = {
  readonly clusterId: string
  /** Offset of the last metadata record that this image contains. */
  readonly offset: number
  readonly topicCount: number
  readonly partitionCount: number
  topic(name: string): TopicImage | undefined
  topicById(topicId: string): TopicImage | undefined
  /** All topics in order of their names. */
  topics(): readonly TopicImage[]
  brokers(): readonly BrokerImage[]
  /** The overrides set on a resource, by Kafka's config name; empty when there are none. */
  configs(resourceType: ConfigResourceType, resourceName: string): ReadonlyMap<string, string>
  /** Names of the resources of a type that have at least one override. */
  configuredResources(resourceType: ConfigResourceType): readonly string[]
  /** Client quotas by entity, whose key is the JSON of its sorted [type, name] pairs. */
  readonly clientQuotas: ReadonlyMap<string, ClientQuotaImage>
  /** SCRAM credentials by user, then by the number of the mechanism. */
  readonly scramCredentials: ReadonlyMap<string, ReadonlyMap<number, ScramCredentialImage>>
  /** Finalized features and their levels. */
  readonly features: ReadonlyMap<string, number>
}
