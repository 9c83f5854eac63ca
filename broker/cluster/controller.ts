import { nodeCrypto } from '../core/crypto.ts'
import { errorCode } from '../protocol/error-codes.ts'
import {
  eligibleLeaderReplicasFeature,
  type FeatureUpdate,
  featureUpdatesFault,
  initialFeatures,
} from './features.ts'
import {
  type ConfigResourceType,
  configResourceType,
  type ScramCredentialImage,
  type TopicImage,
} from './metadata-image.ts'
import { type MetadataLog, MetadataWriteError } from './metadata-log.ts'
import type { MetadataRecord } from './metadata-records.ts'
import { isInternalTopic } from './replayed-metadata.ts'
import { assignmentFault, placeReplicas } from './replica-placement.ts'
import { topicNameFault } from './topic-name.ts'

/** Asked before partitions are created or deleted, with their number; false refuses the change (KIP-599). */
export type ChargePartitions = (count: number) => boolean

/** A topic to create. Its configs have been validated by the caller (core/config). */
export type NewTopic = {
  readonly name: string
  /** -1: the broker's `num.partitions`; must be -1 when `assignments` is given. */
  readonly numPartitions: number
  /** -1: the broker's `default.replication.factor`; must be -1 when `assignments` is given. */
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

/** A null credential is taken away. The caller has validated it (security/scram). */
export type ScramCredentialChange = {
  readonly user: string
  readonly mechanism: number
  readonly credential: ScramCredentialImage | null
}

/** A block of producer ids, `first` to `first + count - 1`. */
export type ProducerIdBlock = { readonly first: number; readonly count: number }

export type ControllerOptions = {
  readonly nodeId: number
  readonly metadataLog: MetadataLog
  /** The broker's current defaults for topics that do not say. */
  readonly defaults: () => { readonly numPartitions: number; readonly replicationFactor: number }
  /** The `min.insync.replicas` that this node was started with. */
  readonly minInsyncReplicas: string
}

type Plan = { readonly replicas: readonly (readonly number[])[] }

const producerIdBlockSize = 1000
const maxPartitionsPerRequest = 10_000
const zeroUuid = 'AAAAAAAAAAAAAAAAAAAAAA'
const success: Outcome = { errorCode: errorCode.none, message: null }

/** Kafka has no words for it. */
const throttled: Outcome = { errorCode: errorCode.throttlingQuotaExceeded, message: null }

function failure(code: number, message: string): Outcome {
  return { errorCode: code, message }
}

/** A random (v4) topic id in Kafka's text form; none begins with '-', which reads as a flag on command lines. */
function newTopicId(): string {
  for (;;) {
    const bytes = nodeCrypto().randomBytes(16)
    bytes[6] = (bytes[6]! & 0x0f) | 0x40
    bytes[8] = (bytes[8]! & 0x3f) | 0x80
    const text = bytes.toString('base64url')
    if (!text.startsWith('-')) return text
  }
}

/**
 * The one writer of the metadata log: each verb validates, appends metadata records, and the image of every node
 * has replayed them when the call returns. Results come in the order of the requests; topics of one call are
 * independent of each other.
 */
export class Controller {
  /** The node that is the active controller. */
  readonly nodeId: number
  readonly #metadataLog: MetadataLog
  readonly #defaults: ControllerOptions['defaults']
  readonly #minInsyncReplicas: string
  readonly #leaderEpoch = 0

  constructor(options: ControllerOptions) {
    this.nodeId = options.nodeId
    this.#metadataLog = options.metadataLog
    this.#defaults = options.defaults
    this.#minInsyncReplicas = options.minInsyncReplicas
  }

  createTopics(
    topics: readonly NewTopic[],
    options: { validateOnly?: boolean; charge?: ChargePartitions } = {},
  ): readonly CreatedTopic[] {
    let budget = maxPartitionsPerRequest
    return topics.map((topic) => {
      const plan = this.#planTopic(topic)
      if ('errorCode' in plan) return this.#notCreated(topic.name, plan)
      budget -= plan.replicas.length
      if (budget < 0) {
        const message = `Excessively large number of partitions per request: at most ${maxPartitionsPerRequest} are created at once.`
        return this.#notCreated(topic.name, failure(errorCode.policyViolation, message))
      }
      if (options.charge && !options.charge(plan.replicas.length))
        return this.#notCreated(topic.name, throttled)
      const topicId = newTopicId()
      const records = topicRecords(topic, topicId, plan)
      const outcome = options.validateOnly ? success : this.#commit(records)
      if (outcome.errorCode !== 0) return this.#notCreated(topic.name, outcome)
      return {
        ...outcome,
        name: topic.name,
        topicId,
        numPartitions: plan.replicas.length,
        replicationFactor: plan.replicas[0]!.length,
      }
    })
  }

  /** The names are free at once; the disk is freed right after, in turns where there is much to free. */
  deleteTopics(
    topics: readonly TopicReference[],
    options: { charge?: ChargePartitions } = {},
  ): readonly DeletedTopic[] {
    const { image } = this.#metadataLog
    return topics.map((reference) => {
      const named = 'name' in reference
      const topic = named ? image.topic(reference.name) : image.topicById(reference.topicId)
      if (!topic) {
        const code = named ? errorCode.unknownTopicOrPartition : errorCode.unknownTopicId
        const name = named ? reference.name : null
        return {
          ...failure(code, 'This topic does not exist.'),
          name,
          topicId: named ? zeroUuid : reference.topicId,
        }
      }
      const { name, topicId } = topic
      if (topic.isInternal) {
        const message = `The topic '${name}' belongs to the broker and cannot be deleted.`
        return { ...failure(errorCode.invalidRequest, message), name, topicId }
      }
      if (options.charge && !options.charge(topic.partitions.length)) return { ...throttled, name, topicId }
      const records = removalRecords(topic, image.configs(2, name))
      return { ...this.#commit(records, { freesSpace: true }), name, topicId }
    })
  }

  createPartitions(
    topics: readonly NewPartitions[],
    options: { validateOnly?: boolean; charge?: ChargePartitions } = {},
  ): readonly Outcome[] {
    return topics.map((request) => {
      const topic = this.#metadataLog.image.topic(request.name)
      if (!topic) return failure(errorCode.unknownTopicOrPartition, 'This topic does not exist.')
      const plan = this.#planPartitions(request, topic)
      if ('errorCode' in plan) return plan
      if (options.charge && !options.charge(plan.replicas.length)) return throttled
      if (options.validateOnly) return success
      return this.#commit(partitionRecords(topic.topicId, topic.partitions.length, plan))
    })
  }

  alterConfigs(
    changes: readonly ConfigChange[],
    options: { validateOnly?: boolean } = {},
  ): readonly Outcome[] {
    return changes.map(({ resourceType, resourceName, changes: values }) => {
      if (resourceType === 2 && !this.#metadataLog.image.topic(resourceName)) {
        return failure(errorCode.unknownTopicOrPartition, `The topic '${resourceName}' does not exist.`)
      }
      if (options.validateOnly) return success
      const records = [...values].map(
        ([name, value]): MetadataRecord => ({
          type: 'config',
          data: { resourceType, resourceName, name, value },
        }),
      )
      return this.#commit(records, { freesSpace: true })
    })
  }

  /**
   * A block of producer ids that no broker of this cluster has handed out before, nor will again.
   * Throws MetadataWriteError when the log cannot be written.
   */
  allocateProducerIds(nodeId: number): ProducerIdBlock {
    const first = this.#metadataLog.image.nextProducerId
    const data = { brokerId: nodeId, nextProducerId: first + producerIdBlockSize }
    this.#append([{ type: 'producerIds', data }])
    return { first, count: producerIdBlockSize }
  }

  /** Tells the cluster where a node listens; writes nothing when that is known already. */
  registerBroker(broker: { nodeId: number; host: string; port: number; rack: string | null }): void {
    const { image } = this.#metadataLog
    const known = image.brokers().find(({ nodeId }) => nodeId === broker.nodeId)
    const { nodeId, host, port, rack } = broker
    if (known && known.host === host && known.port === port && known.rack === rack) return
    const data = {
      brokerId: nodeId,
      incarnationId: newTopicId(),
      brokerEpoch: image.offset + 1,
      endPoints: [{ name: 'PLAINTEXT', host, port, securityProtocol: 0 }],
      features: [],
      rack,
      fenced: false,
    }
    this.#append([{ type: 'registerBroker', data }])
  }

  /** Finalizes the features of a new cluster; one that has some keeps them, as Kafka's does when it is upgraded. */
  bootstrapFeatures(): void {
    if (this.#metadataLog.image.features.size === 0) this.#append(this.#featureRecords(initialFeatures))
  }

  /** Finalizes features at other levels (KIP-584): all of the updates, or, when one is refused, none. */
  updateFeatures(
    updates: ReadonlyMap<string, FeatureUpdate>,
    options: { validateOnly?: boolean } = {},
  ): Outcome {
    const { features } = this.#metadataLog.image
    const fault = featureUpdatesFault(updates, features, this.nodeId)
    if (fault) return failure(errorCode.invalidUpdateVersion, fault)
    if (options.validateOnly) return success
    const changed = [...updates].filter(([name, { level }]) => (features.get(name) ?? 0) !== level)
    return this.#commit(this.#featureRecords(new Map(changed.map(([name, { level }]) => [name, level]))))
  }

  /** Writes and takes away SCRAM credentials (KIP-554): all of them or, when the disk fails, none. */
  alterScramCredentials(changes: readonly ScramCredentialChange[]): Outcome {
    return this.#commit(
      changes.map(({ user: name, mechanism, credential }): MetadataRecord => {
        if (!credential) return { type: 'removeScramCredential', data: { name, mechanism } }
        return { type: 'scramCredential', data: { name, mechanism, ...credential } }
      }),
    )
  }

  #featureRecords(levels: ReadonlyMap<string, number>): MetadataRecord[] {
    const records = [...levels].map(
      ([name, featureLevel]): MetadataRecord => ({ type: 'featureLevel', data: { name, featureLevel } }),
    )
    return (levels.get(eligibleLeaderReplicasFeature) ?? 0) > 0
      ? [...records, ...this.#sharedMinInsyncReplicas()]
      : records
  }

  /** Eligible leader replicas need one `min.insync.replicas` for all brokers (KIP-966): set once, and for none alone. */
  #sharedMinInsyncReplicas(): MetadataRecord[] {
    const { image } = this.#metadataLog
    const { broker: resourceType } = configResourceType
    const name = 'min.insync.replicas'
    const record = (resourceName: string, value: string | null): MetadataRecord => ({
      type: 'config',
      data: { resourceType, resourceName, name, value },
    })
    const own = image
      .configuredResources(resourceType)
      .filter((resource) => resource !== '' && image.configs(resourceType, resource).has(name))
    const isShared = image.configs(resourceType, '').has(name)
    return [...(isShared ? [] : [record('', this.#minInsyncReplicas)]), ...own.map((id) => record(id, null))]
  }

  #notCreated(name: string, outcome: Outcome): CreatedTopic {
    return { ...outcome, name, topicId: zeroUuid, numPartitions: -1, replicationFactor: -1 }
  }

  #append(records: readonly MetadataRecord[], options: { freesSpace?: boolean } = {}): void {
    this.#metadataLog.append(records, this.#leaderEpoch, options)
  }

  /** Sets (or, with null, removes) quotas of one entity. The caller has validated them (security/quota). */
  alterClientQuotas(
    entity: ReadonlyMap<string, string | null>,
    changes: ReadonlyMap<string, number | null>,
  ): Outcome {
    const parts = [...entity].map(([entityType, entityName]) => ({ entityType, entityName }))
    const records = [...changes].map(([key, value]): MetadataRecord => {
      return { type: 'clientQuota', data: { entity: parts, key, value: value ?? 0, remove: value === null } }
    })
    return this.#commit(records, { freesSpace: true })
  }

  #commit(records: readonly MetadataRecord[], options: { freesSpace?: boolean } = {}): Outcome {
    try {
      this.#append(records, options)
      return success
    } catch (error) {
      if (error instanceof MetadataWriteError) return failure(errorCode.kafkaStorageError, error.message)
      throw error
    }
  }

  #brokerIds(): number[] {
    return this.#metadataLog.image.brokers().map(({ nodeId }) => nodeId)
  }

  #planTopic(topic: NewTopic): Plan | Outcome {
    const fault = topicNameFault(topic.name)
    if (fault) return failure(errorCode.invalidTopicException, fault)
    if (this.#metadataLog.image.topic(topic.name)) {
      return failure(errorCode.topicAlreadyExists, `Topic '${topic.name}' already exists.`)
    }
    const twin = this.#metadataLog.image.collidingTopic(topic.name)
    if (twin) {
      return failure(
        errorCode.invalidTopicException,
        `Topic '${topic.name}' collides with existing topic: ${twin}.`,
      )
    }
    return topic.assignments?.length ? this.#planAssigned(topic) : this.#planPlaced(topic)
  }

  #planPlaced(topic: NewTopic): Plan | Outcome {
    const defaults = this.#defaults()
    const factor = topic.replicationFactor === -1 ? defaults.replicationFactor : topic.replicationFactor
    if (factor < 1) {
      const message = 'Replication factor was set to an invalid non-positive value.'
      return failure(errorCode.invalidReplicationFactor, message)
    }
    const count = topic.numPartitions === -1 ? defaults.numPartitions : topic.numPartitions
    if (count < 1) {
      return failure(
        errorCode.invalidPartitions,
        'Number of partitions was set to an invalid non-positive value.',
      )
    }
    if (count > maxPartitionsPerRequest) {
      const message = `${count} partitions: at most ${maxPartitionsPerRequest} are created at once.`
      return failure(errorCode.policyViolation, message)
    }
    const brokerIds = this.#brokerIds()
    if (factor > brokerIds.length) {
      const message = `Unable to replicate the partition ${factor} time(s): The target replication factor of ${factor} cannot be reached because only ${brokerIds.length} broker(s) are registered.`
      return failure(errorCode.invalidReplicationFactor, message)
    }
    return { replicas: placeReplicas(brokerIds, count, factor, this.#metadataLog.image.topicCount) }
  }

  #planAssigned(topic: NewTopic): Plan | Outcome {
    if (topic.replicationFactor !== -1) {
      const message = 'A manual partition assignment was specified, but replication factor was not set to -1.'
      return failure(errorCode.invalidRequest, message)
    }
    if (topic.numPartitions !== -1) {
      const message = 'A manual partition assignment was specified, but numPartitions was not set to -1.'
      return failure(errorCode.invalidRequest, message)
    }
    const assignments = [...topic.assignments!].sort((a, b) => a.partition - b.partition)
    if (assignments.some(({ partition }, index) => partition !== index)) {
      const message = 'Partitions should be a consecutive 0-based integer sequence.'
      return failure(errorCode.invalidReplicaAssignment, message)
    }
    const brokerIds = this.#brokerIds()
    const factor = assignments[0]!.brokerIds.length
    for (const { brokerIds: replicas } of assignments) {
      const fault = assignmentFault(replicas, brokerIds, factor)
      if (fault) return failure(errorCode.invalidReplicaAssignment, fault)
    }
    return { replicas: assignments.map((assignment) => assignment.brokerIds) }
  }

  #planPartitions(request: NewPartitions, topic: TopicImage): Plan | Outcome {
    const current = topic.partitions.length
    if (isInternalTopic(topic.name)) {
      const message = `The topic '${topic.name}' belongs to the broker; its partitions are fixed.`
      return failure(errorCode.invalidRequest, message)
    }
    if (request.count === current) {
      return failure(errorCode.invalidPartitions, `Topic already has ${current} partition(s).`)
    }
    if (request.count < current) {
      const message = `The topic ${topic.name} currently has ${current} partition(s); ${request.count} would not be an increase.`
      return failure(errorCode.invalidPartitions, message)
    }
    const added = request.count - current
    const factor = topic.partitions[0]!.replicas.length
    if (request.assignments && request.assignments.length !== added) {
      const message = `Attempted to add ${added} additional partition(s), but only ${request.assignments.length} assignment(s) were specified.`
      return failure(errorCode.invalidReplicaAssignment, message)
    }
    if (added > maxPartitionsPerRequest) {
      const message = `${added} partitions: at most ${maxPartitionsPerRequest} are created at once.`
      return failure(errorCode.policyViolation, message)
    }
    if (!request.assignments) {
      return { replicas: placeReplicas(this.#brokerIds(), added, factor, current) }
    }
    const brokerIds = this.#brokerIds()
    for (const { brokerIds: replicas } of request.assignments) {
      const fault = assignmentFault(replicas, brokerIds, factor)
      if (fault) return failure(errorCode.invalidReplicaAssignment, fault)
    }
    return { replicas: request.assignments.map((assignment) => assignment.brokerIds) }
  }
}

function topicRecords(topic: NewTopic, topicId: string, plan: Plan): MetadataRecord[] {
  const configs = [...(topic.configs ?? [])].map(
    ([name, value]): MetadataRecord => ({
      type: 'config',
      data: { resourceType: 2, resourceName: topic.name, name, value },
    }),
  )
  return [
    { type: 'topic', data: { name: topic.name, topicId } },
    ...configs,
    ...partitionRecords(topicId, 0, plan),
  ]
}

function partitionRecords(topicId: string, first: number, plan: Plan): MetadataRecord[] {
  return plan.replicas.map((replicas, index) => ({
    type: 'partition',
    data: {
      partitionId: first + index,
      topicId,
      replicas,
      isr: replicas,
      removingReplicas: [],
      addingReplicas: [],
      leader: replicas[0]!,
      leaderEpoch: 0,
      partitionEpoch: 0,
    },
  }))
}

/** Kafka takes the topic's configs away before the topic, so that a new one of that name starts clean. */
function removalRecords(topic: TopicImage, configs: ReadonlyMap<string, string>): MetadataRecord[] {
  const cleared = [...configs.keys()].map(
    (name): MetadataRecord => ({
      type: 'config',
      data: { resourceType: 2, resourceName: topic.name, name, value: null },
    }),
  )
  return [...cleared, { type: 'removeTopic', data: { topicId: topic.topicId } }]
}
