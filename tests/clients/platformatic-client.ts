import {
  Admin,
  ConfigResourceTypes,
  Consumer,
  IncrementalAlterConfigOperationTypes,
  ListOffsetTimestamps,
  type Message,
  type MessageToProduce,
  Producer,
} from '@platformatic/kafka'
import type {
  Client,
  ConsumeCall,
  GroupMode,
  JoinCall,
  ProduceCall,
  ReceivedRecord,
  SentRecord,
} from '../interop/client.ts'

const encode = (bytes: Buffer | null | undefined) => (bytes ? bytes.toString('base64') : null)
const decode = (text: string | null) => (text === null ? undefined : Buffer.from(text, 'base64'))

type Member = { consumer: Consumer; topics: string[] }

/** @platformatic/kafka behind the verbs of the interop tests. */
export function platformaticClient(bootstrap: string): Client & AsyncDisposable {
  const base = { clientId: 'interop-platformatic', bootstrapBrokers: [bootstrap], retryDelay: 100 }
  const admin = new Admin(base)
  const members = new Map<string, Member>()
  const leave = async ({ member }: { member: string }) => {
    const left = members.get(member)!
    members.delete(member)
    await left.consumer.close(true)
  }
  return {
    ...topicVerbs(admin),
    ...groupVerbs(admin),
    produce: (call) => produce(base, call),
    consume: (call) => consume(base, call),
    join: async (call) => void members.set(call.member, await startMember(base, call)),
    assigned: async ({ member }) => ({ partitions: held(members.get(member)!.consumer) }),
    leave,
    async [Symbol.asyncDispose]() {
      for (const member of members.keys()) await leave({ member })
      await admin.close()
    },
  }
}

type Base = { clientId: string; bootstrapBrokers: string[]; retryDelay: number }

type TopicVerbs = Pick<
  Client,
  | 'createTopic'
  | 'addPartitions'
  | 'describeTopic'
  | 'topicConfig'
  | 'alterConfig'
  | 'listTopics'
  | 'deleteTopic'
>

function topicVerbs(admin: Admin): TopicVerbs {
  const resourceType = ConfigResourceTypes.TOPIC
  return {
    createTopic: ({ topic, partitions, configs = {} }) =>
      admin.createTopics({
        topics: [topic],
        partitions,
        replicas: 1,
        configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
      }),
    addPartitions: ({ topic, partitions }) =>
      admin.createPartitions({ topics: [{ name: topic, count: partitions, assignments: null }] }),
    async describeTopic({ topic }) {
      const { topics } = await admin.metadata({ topics: [topic], forceUpdate: true })
      return { partitions: topics.get(topic)!.partitionsCount }
    },
    async topicConfig({ topic, name }) {
      const resources = [{ resourceType, resourceName: topic, configurationKeys: [name] }]
      const [described] = await admin.describeConfigs({ resources })
      return { value: described!.configs[0]!.value! }
    },
    alterConfig: ({ topic, name, value }) => {
      const configs = [{ name, configOperation: IncrementalAlterConfigOperationTypes.SET, value }]
      return admin.incrementalAlterConfigs({ resources: [{ resourceType, resourceName: topic, configs }] })
    },
    listTopics: async () => ({ topics: await admin.listTopics() }),
    deleteTopic: ({ topic }) => admin.deleteTopics({ topics: [topic] }),
  }
}

function groupVerbs(admin: Admin): Pick<Client, 'lag' | 'listGroups' | 'describeGroup' | 'deleteGroup'> {
  return {
    async lag({ group, topic }) {
      const [described] = await admin.listConsumerGroupOffsets({ groups: [group] })
      const committed = described!.topics.find(({ name }) => name === topic)!.partitions
      const wanted = committed.map(({ partitionIndex }) => ({
        partitionIndex,
        timestamp: ListOffsetTimestamps.LATEST,
      }))
      const [listed] = await admin.listOffsets({ topics: [{ name: topic, partitions: wanted }] })
      const partitions = committed.map(({ partitionIndex, committedOffset }) => ({
        partition: partitionIndex,
        committed: Number(committedOffset),
        end: Number(listed!.partitions.find((end) => end.partitionIndex === partitionIndex)!.offset),
      }))
      return { partitions }
    },
    listGroups: async () => ({ groups: [...(await admin.listGroups()).keys()] }),
    async describeGroup({ group }) {
      const described = (await admin.describeGroups({ groups: [group] })).get(group)!
      return { state: described.state, members: described.members.size }
    },
    deleteGroup: ({ group }) => admin.deleteGroups({ groups: [group] }),
  }
}

/** A Map keyed by buffers keeps headers that share a name. */
function toMessage(topic: string, record: SentRecord): MessageToProduce {
  const message: MessageToProduce = {
    topic,
    partition: record.partition,
    timestamp: BigInt(record.timestamp),
    headers: new Map(record.headers.map(([name, value]) => [Buffer.from(name), decode(value)!])),
  }
  const [key, value] = [decode(record.key), decode(record.value)]
  if (key) message.key = key
  if (value) message.value = value
  return message
}

async function produce(base: Base, { topic, codec, idempotent, records }: ProduceCall) {
  const producer = new Producer({ ...base, idempotent, autocreateTopics: false })
  try {
    const { offsets } = await producer.send({
      messages: records.map((record) => toMessage(topic, record)),
      compression: codec,
      acks: -1,
    })
    const next = new Map(offsets!.map(({ partition, offset }) => [partition, Number(offset)]))
    return {
      offsets: records.map(({ partition }) => {
        const offset = next.get(partition)!
        next.set(partition, offset + 1)
        return offset
      }),
    }
  } finally {
    await producer.close()
  }
}

function consumerOf(base: Base, group: string, { protocol, assignor }: GroupMode): Consumer {
  if (protocol === 'consumer') {
    const remote = assignor === undefined ? {} : { groupRemoteAssignor: assignor }
    return new Consumer({ ...base, groupId: group, groupProtocol: 'consumer', maxWaitTime: 200, ...remote })
  }
  return new Consumer({
    ...base,
    groupId: group,
    heartbeatInterval: 300,
    sessionTimeout: 10_000,
    maxWaitTime: 200,
  })
}

async function consume(base: Base, { topics, group, count, timeoutMs, ...mode }: ConsumeCall) {
  const consumer = consumerOf(base, group, mode)
  const records: ReceivedRecord[] = []
  const positions = new Map<
    string,
    { topic: string; partition: number; offset: bigint; leaderEpoch: number }
  >()
  try {
    const stream = await consumer.consume({
      topics,
      mode: 'committed',
      fallbackMode: 'earliest',
      autocommit: false,
    })
    const timer = setTimeout(() => stream.destroy(), timeoutMs)
    for await (const message of stream) {
      records.push(toReceived(message))
      const { topic, partition, offset, leaderEpoch } = message
      positions.set(`${topic} ${partition}`, { topic, partition, offset: offset + 1n, leaderEpoch })
      if (records.length === count) {
        await consumer.commit({ offsets: [...positions.values()] })
        break
      }
    }
    clearTimeout(timer)
  } finally {
    await consumer.close(true)
  }
  return { records }
}

function toReceived(message: Message): ReceivedRecord {
  return {
    topic: message.topic,
    partition: message.partition,
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    key: encode(message.key),
    value: encode(message.value),
    headers: message.headerEntries.map(([name, value]) => [name.toString(), encode(value)]),
  }
}

async function startMember(base: Base, { topics, group, ...mode }: JoinCall): Promise<Member> {
  const consumer = consumerOf(base, group, mode)
  const stream = await consumer.consume({
    topics,
    mode: 'committed',
    fallbackMode: 'earliest',
    autocommit: false,
  })
  stream.on('error', () => {})
  stream.resume()
  return { consumer, topics }
}

function held(consumer: Consumer): string[] {
  return (consumer.assignments ?? [])
    .flatMap(({ topic, partitions }) => partitions.map((partition) => `${topic}-${partition}`))
    .sort()
}
