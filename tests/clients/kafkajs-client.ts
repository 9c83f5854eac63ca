import {
  CompressionCodecs,
  CompressionTypes,
  type Consumer,
  type IHeaders,
  Kafka,
  logLevel,
  PartitionAssigners,
} from 'kafkajs'
import { type CompressionName, compress, decompress } from '../../broker/records/compression.ts'
import type {
  Client,
  Codec,
  ConsumeCall,
  JoinCall,
  ProduceCall,
  ReceivedRecord,
  SentRecord,
} from '../interop/client.ts'

const codecTypes: Record<Codec, CompressionTypes> = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
}
const pluggable = { snappy: 2, lz4: 3, zstd: 4 } as const
const topicResource = 2
const maxDecompressedBytes = 10_000_000

/** kafkajs brings gzip alone; the others are plugged in, as its documentation says. */
function plugIn(name: Exclude<CompressionName, 'none' | 'gzip'>): void {
  CompressionCodecs[pluggable[name]] = () => ({
    compress: async (encoder: { buffer: Buffer }) => compress(name, encoder.buffer),
    decompress: async (bytes: Buffer) => decompress(name, bytes, maxDecompressedBytes),
  })
}

const encode = (bytes: Buffer | string | null | undefined) =>
  bytes == null ? null : Buffer.from(bytes).toString('base64')
const decode = (text: string | null) => (text === null ? null : Buffer.from(text, 'base64'))

/** kafkajs behind the verbs of the interop tests. */
export function kafkaJsClient(bootstrap: string): Client & AsyncDisposable {
  for (const name of ['snappy', 'lz4', 'zstd'] as const) plugIn(name)
  const kafka = new Kafka({
    clientId: 'interop-kafkajs',
    brokers: [bootstrap],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50 },
  })
  const admin = kafka.admin()
  const members = new Map<string, Member>()
  return {
    ...adminVerbs(admin),
    produce: (call) => produce(kafka, call),
    consume: (call) => consume(kafka, call),
    join: async (call) => void members.set(call.member, await startMember(kafka, call)),
    assigned: async ({ member }) => ({ partitions: [...members.get(member)!.held].sort() }),
    leave: async ({ member }) => {
      await members.get(member)!.consumer.disconnect()
      members.delete(member)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...members.values()].map(({ consumer }) => consumer.disconnect()))
      await admin.disconnect()
    },
  }
}

type AdminVerbs = Omit<Client, 'produce' | 'consume' | 'join' | 'assigned' | 'leave'>

function adminVerbs(admin: ReturnType<Kafka['admin']>): AdminVerbs {
  const ready = admin.connect()
  return {
    async createTopic({ topic, partitions, configs = {} }) {
      await ready
      const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }))
      await admin.createTopics({
        waitForLeaders: false,
        topics: [{ topic, numPartitions: partitions, replicationFactor: 1, configEntries }],
      })
    },
    addPartitions: ({ topic, partitions }) =>
      admin.createPartitions({ topicPartitions: [{ topic, count: partitions }] }),
    async describeTopic({ topic }) {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
      return { partitions: topics[0]!.partitions.length }
    },
    async topicConfig({ topic, name }) {
      const resources = [{ type: topicResource, name: topic, configNames: [name] }]
      const described = await admin.describeConfigs({ resources, includeSynonyms: false })
      return { value: described.resources[0]!.configEntries[0]!.configValue }
    },
    alterConfig: ({ topic, name, value }) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [{ type: topicResource, name: topic, configEntries: [{ name, value }] }],
      }),
    listTopics: async () => ({ topics: await admin.listTopics() }),
    deleteTopic: ({ topic }) => admin.deleteTopics({ topics: [topic] }),
    async lag({ group, topic }) {
      const [committed] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
      const ends = await admin.fetchTopicOffsets(topic)
      const partitions = committed!.partitions.map(({ partition, offset }) => ({
        partition,
        committed: Number(offset),
        end: Number(ends.find((end) => end.partition === partition)!.offset),
      }))
      return { partitions }
    },
    listGroups: async () => ({ groups: (await admin.listGroups()).groups.map(({ groupId }) => groupId) }),
    async describeGroup({ group }) {
      const { state, members } = (await admin.describeGroups([group])).groups[0]!
      return { state, members: members.length }
    },
    deleteGroup: ({ group }) => admin.deleteGroups([group]),
  }
}

function toMessage(record: SentRecord) {
  const headers: IHeaders = {}
  for (const [name, value] of record.headers) {
    const earlier = headers[name]
    const bytes = decode(value)!
    headers[name] = earlier === undefined ? bytes : [earlier as Buffer, bytes]
  }
  const { partition, timestamp } = record
  return {
    partition,
    timestamp: String(timestamp),
    headers,
    key: decode(record.key),
    value: decode(record.value),
  }
}

async function produce(kafka: Kafka, { topic, codec, idempotent, records }: ProduceCall) {
  const producer = kafka.producer({ idempotent, maxInFlightRequests: 1, allowAutoTopicCreation: false })
  await producer.connect()
  try {
    const messages = records.map(toMessage)
    const results = await producer.send({ topic, messages, acks: -1, compression: codecTypes[codec] })
    const next = new Map(results.map((result) => [result.partition, Number(result.baseOffset)]))
    const offsets = records.map(({ partition }) => {
      const offset = next.get(partition)!
      next.set(partition, offset + 1)
      return offset
    })
    return { offsets }
  } finally {
    await producer.disconnect()
  }
}

function consumerOf(kafka: Kafka, group: string) {
  return kafka.consumer({
    groupId: group,
    heartbeatInterval: 300,
    sessionTimeout: 10_000,
    rebalanceTimeout: 10_000,
    maxWaitTimeInMs: 200,
    partitionAssigners: [PartitionAssigners.roundRobin],
  })
}

async function consume(kafka: Kafka, { topics, group, count, timeoutMs }: ConsumeCall) {
  const consumer = consumerOf(kafka, group)
  const records: ReceivedRecord[] = []
  await consumer.connect()
  try {
    await consumer.subscribe({ topics, fromBeginning: true })
    const enough = Promise.withResolvers<void>()
    const timer = setTimeout(enough.resolve, timeoutMs)
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) => {
        if (records.length === count) return
        records.push(toReceived(topic, partition, message))
        if (records.length === count) enough.resolve()
      },
    })
    await enough.promise
    clearTimeout(timer)
    const positions = new Map(records.map((record) => [`${record.topic} ${record.partition}`, record]))
    await consumer.commitOffsets(
      [...positions.values()].map(({ topic, partition, offset }) => ({
        topic,
        partition,
        offset: String(offset + 1),
      })),
    )
  } finally {
    await consumer.disconnect()
  }
  return { records }
}

type Message = {
  offset: string
  timestamp: string
  key: Buffer | null
  value: Buffer | null
  headers?: IHeaders
}

function toReceived(topic: string, partition: number, message: Message): ReceivedRecord {
  const headers = Object.entries(message.headers ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string | null] => [name, encode(one)]),
  )
  return {
    topic,
    partition,
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    key: encode(message.key),
    value: encode(message.value),
    headers,
  }
}

type Member = { consumer: Consumer; held: Set<string> }

async function startMember(kafka: Kafka, { topics, group }: JoinCall): Promise<Member> {
  const consumer = consumerOf(kafka, group)
  const held = new Set<string>()
  consumer.on(consumer.events.REBALANCING, () => held.clear())
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    held.clear()
    for (const [topic, partitions] of Object.entries(payload.memberAssignment)) {
      for (const partition of partitions) held.add(`${topic}-${partition}`)
    }
  })
  await consumer.connect()
  await consumer.subscribe({ topics, fromBeginning: true })
  await consumer.run({ autoCommit: false, eachMessage: async () => {} })
  return { consumer, held }
}
