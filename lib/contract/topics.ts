import { z } from 'zod'
import { endpointTable } from './endpoint.ts'
import { done } from './error.ts'
import { point, precision, queryFlag } from './figures.ts'

/** Kafka's rule for a topic name, checked before the broker is asked. */
export const topicName = z
  .string()
  .min(1, 'A topic needs a name.')
  .max(249, 'A topic name has at most 249 characters.')
  .regex(/^[a-zA-Z0-9._-]+$/, 'Only letters, digits, dot, underscore and hyphen.')
  .refine((name) => name !== '.' && name !== '..', 'A topic cannot be called . or ..')

/**
 * Column-wise, so that 10,000 topics are half a megabyte: row i is `name[i]`, `partitions[i]`, ….
 * Sorted by name.
 */
export const topicColumns = z
  .object({
    name: z.array(z.string()),
    internal: z.array(z.boolean()),
    partitions: z.array(z.number()),
    replicationFactor: z.array(z.number()),
    /** Sum of (high watermark − log start offset): the true count where `precision` is exact. */
    records: z.array(z.number().nullable()),
    precision: z.array(precision),
    sizeBytes: z.array(z.number().nullable()),
    recordsPerSecond: z.array(z.number()),
    /** Groups with a committed offset on it. */
    groups: z.array(z.number()),
    offlinePartitions: z.array(z.number()),
    underReplicatedPartitions: z.array(z.number()),
    /** `cleanup.policy` where it is known cheaply; null: not asked yet. */
    cleanupPolicy: z.array(z.string().nullable()),
  })
  .meta({ id: 'TopicColumns' })
export type TopicColumns = z.infer<typeof topicColumns>

export const partition = z
  .object({
    partition: z.number(),
    leader: z.number(),
    leaderEpoch: z.number(),
    replicas: z.array(z.number()),
    isr: z.array(z.number()),
    offlineReplicas: z.array(z.number()),
    logStartOffset: z.number(),
    highWatermark: z.number(),
    /** Only the embedded broker says; equals the high watermark with one replica. */
    logEndOffset: z.number().nullable(),
    lastStableOffset: z.number().nullable(),
    records: z.number().nullable(),
    /** Of `records`: whether each offset is a record, and no marker of a transaction or gap of compaction. */
    precision,
    sizeBytes: z.number().nullable(),
    recordsPerSecond: z.number(),
    bytesPerSecond: z.number().nullable(),
    /** Why it is offline, in words. */
    problem: z.string().nullable(),
  })
  .meta({ id: 'Partition' })
export type Partition = z.infer<typeof partition>

export const topic = z
  .object({
    name: z.string(),
    topicId: z.string().nullable(),
    internal: z.boolean(),
    precision,
    partitions: z.array(partition),
    replicationFactor: z.number(),
    records: z.number().nullable(),
    sizeBytes: z.number().nullable(),
    recordsPerSecond: z.number(),
    /** Largest partition's share of the records over the mean; 1: even, partitions.length: all in one. */
    skew: z.number().nullable(),
  })
  .meta({ id: 'Topic' })
export type Topic = z.infer<typeof topic>

/** One point each 5 s at most for 30 minutes: records a second in, per partition and in sum. */
export const topicHistory = z.object({
  recordsPerSecond: z.array(point),
  partitions: z.array(z.object({ partition: z.number(), recordsPerSecond: z.array(point) })),
})
export type TopicHistory = z.infer<typeof topicHistory>

export const topicConsumer = z
  .object({
    groupId: z.string(),
    state: z.string(),
    members: z.number(),
    lag: z.number().nullable(),
    lagSeconds: z.number().nullable(),
    partitions: z.array(
      z.object({
        partition: z.number(),
        committedOffset: z.number().nullable(),
        lag: z.number().nullable(),
        memberId: z.string().nullable(),
        clientId: z.string().nullable(),
        host: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'TopicConsumer' })
export type TopicConsumer = z.infer<typeof topicConsumer>

export const topicProducer = z
  .object({
    partition: z.number(),
    producerId: z.number(),
    producerEpoch: z.number(),
    lastSequence: z.number(),
    lastTimestamp: z.number(),
    coordinatorEpoch: z.number(),
    /** First offset of the open transaction; null: none open. */
    currentTransactionStartOffset: z.number().nullable(),
  })
  .meta({ id: 'TopicProducer' })
export type TopicProducer = z.infer<typeof topicProducer>

export const segment = z.object({
  baseOffset: z.number(),
  nextOffset: z.number().nullable(),
  sizeBytes: z.number(),
  offsetIndexBytes: z.number(),
  timeIndexBytes: z.number(),
  transactionIndexBytes: z.number(),
  largestTimestamp: z.number().nullable(),
  lastModified: z.number().nullable(),
  active: z.boolean(),
  /** What retention does to it next; null: nothing in sight. */
  removal: z.object({ reason: z.enum(['time', 'size', 'logStart']), at: z.number().nullable() }).nullable(),
})
export type Segment = z.infer<typeof segment>

export const partitionStorage = z
  .object({
    partition: z.number(),
    broker: z.number(),
    logDir: z.string(),
    sizeBytes: z.number(),
    /** Null where the cluster does not tell of segments (external). */
    segments: z.array(segment).nullable(),
  })
  .meta({ id: 'PartitionStorage' })
export type PartitionStorage = z.infer<typeof partitionStorage>

export const createTopicBody = z
  .object({
    name: topicName,
    /** −1: the broker's `num.partitions`. */
    partitions: z.int().min(-1).max(10_000).default(-1),
    /** −1: the broker's `default.replication.factor`. */
    replicationFactor: z.int().min(-1).max(32_767).default(-1),
    configs: z.record(z.string(), z.string()).default({}),
    validateOnly: z.boolean().default(false),
  })
  .meta({ id: 'CreateTopic' })

/** A new topic with another's partitions, replication factor and set configs; records are not copied. */
export const cloneTopicBody = z.object({ name: topicName }).meta({ id: 'CloneTopic' })

export const addPartitionsBody = z
  .object({
    /** The new total. */ partitions: z.int().min(2).max(10_000),
    validateOnly: z.boolean().default(false),
  })
  .meta({ id: 'AddPartitions' })

export const keyMove = z.object({
  key: z.string(),
  records: z.number(),
  /** Where its records lie today. */
  from: z.array(z.number()),
  /** Where a client with Kafka's default partitioner sends it afterwards. */
  to: z.number(),
})

export const partitionPreview = z
  .object({
    partitions: z.object({ before: z.number(), after: z.number() }),
    recordsScanned: z.number(),
    /** False: only the newest records of each partition were read. */
    complete: z.boolean(),
    recordsWithoutKey: z.number(),
    keys: z.number(),
    keysMoved: z.number(),
    /** Keys whose records lie where murmur2 sends them today, of all; below `keys`: another partitioner writes here. */
    keysPlacedByMurmur2: z.number(),
    /** The moved keys with most records, at most 200. */
    moves: z.array(keyMove),
    /** Keys a partition, before and after. */
    keysByPartition: z.array(z.object({ partition: z.number(), before: z.number(), after: z.number() })),
  })
  .meta({ id: 'PartitionPreview' })
export type PartitionPreview = z.infer<typeof partitionPreview>

export const deleteRecordsBody = z
  .object({
    /** Records below `offset` go; −1: all up to the high watermark. */
    partitions: z.array(z.object({ partition: z.int().min(0), offset: z.int().min(-1) })).min(1),
  })
  .meta({ id: 'DeleteRecords' })

export const topicEndpoints = endpointTable({
  'GET /api/clusters/{cluster}/topics': {
    tag: 'Topics',
    summary: 'All topics, column-wise',
    query: z.object({ internal: queryFlag.default(false) }),
    response: z.object({ precision, topics: topicColumns }),
  },
  'POST /api/clusters/{cluster}/topics': {
    tag: 'Topics',
    summary: 'Create a topic',
    body: createTopicBody,
    response: z.object({
      name: z.string(),
      topicId: z.string().nullable(),
      partitions: z.number(),
      replicationFactor: z.number(),
    }),
  },
  'GET /api/clusters/{cluster}/topics/{topic}': {
    tag: 'Topics',
    summary: 'One topic with its partitions and 30 minutes of history',
    response: z.object({ topic, history: topicHistory }),
  },
  'DELETE /api/clusters/{cluster}/topics/{topic}': {
    tag: 'Topics',
    summary: 'Delete a topic and all of its records',
    response: done,
  },
  'POST /api/clusters/{cluster}/topics/{topic}/clone': {
    tag: 'Topics',
    summary: 'Create an empty topic with the same partitions and configs',
    body: cloneTopicBody,
    response: z.object({ name: z.string() }),
  },
  'GET /api/clusters/{cluster}/topics/{topic}/partition-preview': {
    tag: 'Topics',
    summary: 'Which keys move when partitions are added',
    query: z.object({ partitions: z.coerce.number().int().min(1).max(10_000) }),
    response: partitionPreview,
  },
  'POST /api/clusters/{cluster}/topics/{topic}/partitions': {
    tag: 'Topics',
    summary: 'Add partitions',
    body: addPartitionsBody,
    response: z.object({ partitions: z.number() }),
  },
  'GET /api/clusters/{cluster}/topics/{topic}/consumers': {
    tag: 'Topics',
    summary: 'Groups with offsets or members on the topic',
    response: z.object({ precision, consumers: z.array(topicConsumer) }),
  },
  'GET /api/clusters/{cluster}/topics/{topic}/producers': {
    tag: 'Topics',
    summary: 'Idempotent and transactional producers that the partitions remember',
    response: z.object({ producers: z.array(topicProducer) }),
  },
  'GET /api/clusters/{cluster}/topics/{topic}/storage': {
    tag: 'Topics',
    summary: 'Size on disk; segments and what retention removes next on the embedded broker',
    response: z.object({ precision, partitions: z.array(partitionStorage) }),
  },
  'POST /api/clusters/{cluster}/topics/{topic}/delete-records': {
    tag: 'Topics',
    summary: 'Delete records before an offset',
    body: deleteRecordsBody,
    response: z.object({
      partitions: z.array(
        z.object({ partition: z.number(), logStartOffset: z.number(), error: z.string().nullable() }),
      ),
    }),
  },
})
