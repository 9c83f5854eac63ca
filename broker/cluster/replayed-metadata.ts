import type {
  BrokerImage,
  ClientQuotaImage,
  ConfigResourceType,
  MetadataImage,
  PartitionImage,
  ScramCredentialImage,
  TopicImage,
} from './metadata-image.ts'
import type { ReplayedRecord } from './metadata-records.ts'
import { collisionKey } from './topic-name.ts'

/** What a replayed record changed, for those who follow the image. */
export type MetadataChange =
  | { readonly kind: 'topicCreated'; readonly topic: TopicImage }
  | { readonly kind: 'topicDeleted'; readonly topic: TopicImage }
  | { readonly kind: 'partitionChanged'; readonly topic: TopicImage; readonly partition: PartitionImage }
  | {
      readonly kind: 'configChanged'
      readonly resourceType: ConfigResourceType
      readonly resourceName: string
      readonly name: string
    }
  | { readonly kind: 'brokerRegistered'; readonly broker: BrokerImage }

type MutableTopic = {
  name: string
  topicId: string
  isInternal: boolean
  partitions: PartitionImage[]
}
type RecordOf<T extends ReplayedRecord['type']> = Extract<ReplayedRecord, { type: T }>['data']

const internalTopics: ReadonlySet<string> = new Set([
  '__consumer_offsets',
  '__transaction_state',
  '__share_group_state',
])
const noOverrides: ReadonlyMap<string, string> = new Map()

/** Whether clients may not delete or write to the topic because the broker itself lives off it. */
export function isInternalTopic(name: string): boolean {
  return internalTopics.has(name)
}

/** The image as replaying records builds it; `replay` is its only way to change. */
export class ReplayedMetadata implements MetadataImage {
  readonly clusterId: string
  readonly features = new Map<string, number>()
  readonly clientQuotas = new Map<string, ClientQuotaImage>()
  readonly scramCredentials = new Map<string, Map<number, ScramCredentialImage>>()
  offset = -1
  nextProducerId = 0
  partitionCount = 0
  #byName = new Map<string, MutableTopic>()
  #byId = new Map<string, MutableTopic>()
  #brokers = new Map<number, BrokerImage>()
  #configs = new Map<ConfigResourceType, Map<string, Map<string, string>>>()
  #byCollisionKey = new Map<string, string>()
  #sorted: TopicImage[] | undefined

  constructor(clusterId: string) {
    this.clusterId = clusterId
  }

  get topicCount(): number {
    return this.#byName.size
  }

  topic(name: string): TopicImage | undefined {
    return this.#byName.get(name)
  }

  topicById(topicId: string): TopicImage | undefined {
    return this.#byId.get(topicId)
  }

  /** A topic whose name differs from `name` in '.' and '_' at most. */
  collidingTopic(name: string): string | undefined {
    return this.#byCollisionKey.get(collisionKey(name))
  }

  topics(): readonly TopicImage[] {
    this.#sorted ??= [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    return this.#sorted
  }

  brokers(): readonly BrokerImage[] {
    return [...this.#brokers.values()]
  }

  configs(resourceType: ConfigResourceType, resourceName: string): ReadonlyMap<string, string> {
    return this.#configs.get(resourceType)?.get(resourceName) ?? noOverrides
  }

  configuredResources(resourceType: ConfigResourceType): readonly string[] {
    return [...(this.#configs.get(resourceType)?.keys() ?? [])]
  }

  /** Applies one record of the log; undefined when nobody needs to hear of it. */
  replay(record: ReplayedRecord, offset: number): MetadataChange | undefined {
    this.offset = offset
    switch (record.type) {
      case 'registerBroker':
        return this.#registerBroker(record.data)
      case 'topic':
        return this.#addTopic(record.data)
      case 'partition':
        return this.#addPartition(record.data)
      case 'partitionChange':
        return this.#changePartition(record.data)
      case 'removeTopic':
        return this.#removeTopic(record.data)
      case 'config':
        return this.#setConfig(record.data)
      case 'featureLevel':
        if (record.data.featureLevel === 0) this.features.delete(record.data.name)
        else this.features.set(record.data.name, record.data.featureLevel)
        return undefined
      case 'clientQuota':
        this.#setClientQuota(record.data)
        return undefined
      case 'producerIds':
        this.nextProducerId = record.data.nextProducerId
        return undefined
      case 'scramCredential':
        this.#setScramCredential(record.data)
        return undefined
      case 'removeScramCredential':
        this.#removeScramCredential(record.data)
        return undefined
    }
  }

  #registerBroker(data: RecordOf<'registerBroker'>): MetadataChange {
    const endPoint = data.endPoints[0]
    const broker = {
      nodeId: data.brokerId,
      host: endPoint?.host ?? '',
      port: endPoint?.port ?? 0,
      rack: data.rack,
    }
    this.#brokers.set(data.brokerId, broker)
    return { kind: 'brokerRegistered', broker }
  }

  #addTopic(data: RecordOf<'topic'>): MetadataChange {
    const topic = { ...data, isInternal: isInternalTopic(data.name), partitions: [] }
    this.#byName.set(topic.name, topic)
    this.#byCollisionKey.set(collisionKey(topic.name), topic.name)
    this.#byId.set(topic.topicId, topic)
    this.#sorted = undefined
    return { kind: 'topicCreated', topic }
  }

  #addPartition(data: RecordOf<'partition'>): MetadataChange | undefined {
    const topic = this.#byId.get(data.topicId)
    if (!topic) return undefined
    const { replicas, isr, removingReplicas, addingReplicas, leader, leaderEpoch, partitionEpoch } = data
    const partition = {
      partition: data.partitionId,
      replicas,
      isr,
      removingReplicas,
      addingReplicas,
      leader,
      leaderEpoch,
      partitionEpoch,
    }
    if (topic.partitions[data.partitionId] === undefined) this.partitionCount++
    topic.partitions[data.partitionId] = partition
    return { kind: 'partitionChanged', topic, partition }
  }

  #changePartition(data: RecordOf<'partitionChange'>): MetadataChange | undefined {
    const topic = this.#byId.get(data.topicId)
    const old = topic?.partitions[data.partitionId]
    if (!topic || !old) return undefined
    const elected = data.leader !== -2
    const partition: PartitionImage = {
      partition: old.partition,
      replicas: data.replicas ?? old.replicas,
      isr: data.isr ?? old.isr,
      removingReplicas: data.removingReplicas ?? old.removingReplicas,
      addingReplicas: data.addingReplicas ?? old.addingReplicas,
      leader: elected ? data.leader : old.leader,
      leaderEpoch: elected ? old.leaderEpoch + 1 : old.leaderEpoch,
      partitionEpoch: old.partitionEpoch + 1,
    }
    topic.partitions[data.partitionId] = partition
    return { kind: 'partitionChanged', topic, partition }
  }

  #removeTopic({ topicId }: RecordOf<'removeTopic'>): MetadataChange | undefined {
    const topic = this.#byId.get(topicId)
    if (!topic) return undefined
    this.#byId.delete(topicId)
    this.#byName.delete(topic.name)
    this.#byCollisionKey.delete(collisionKey(topic.name))
    this.#configs.get(2)?.delete(topic.name)
    this.partitionCount -= topic.partitions.length
    this.#sorted = undefined
    return { kind: 'topicDeleted', topic }
  }

  #setClientQuota({ entity, key, value, remove }: RecordOf<'clientQuota'>): void {
    const pairs = entity
      .map(({ entityType, entityName }) => [entityType, entityName] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    const entityKey = JSON.stringify(pairs)
    const values = new Map(this.clientQuotas.get(entityKey)?.values)
    if (remove) values.delete(key)
    else values.set(key, value)
    if (values.size === 0) this.clientQuotas.delete(entityKey)
    else this.clientQuotas.set(entityKey, { entity: new Map(pairs), values })
  }

  #setScramCredential({ name, mechanism, ...credential }: RecordOf<'scramCredential'>): void {
    const ofUser = this.scramCredentials.get(name) ?? new Map<number, ScramCredentialImage>()
    this.scramCredentials.set(name, ofUser.set(mechanism, credential))
  }

  #removeScramCredential({ name, mechanism }: RecordOf<'removeScramCredential'>): void {
    const ofUser = this.scramCredentials.get(name)
    ofUser?.delete(mechanism)
    if (ofUser?.size === 0) this.scramCredentials.delete(name)
  }

  #setConfig({ resourceType, resourceName, name, value }: RecordOf<'config'>): MetadataChange {
    const type = resourceType as ConfigResourceType
    const resources = this.#configs.get(type) ?? new Map<string, Map<string, string>>()
    this.#configs.set(type, resources)
    const configs = resources.get(resourceName) ?? new Map<string, string>()
    if (value === null) configs.delete(name)
    else configs.set(name, value)
    if (configs.size === 0) resources.delete(resourceName)
    else resources.set(resourceName, configs)
    return { kind: 'configChanged', resourceType: type, resourceName, name }
  }
}
