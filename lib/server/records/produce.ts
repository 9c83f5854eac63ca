import { setTimeout } from 'node:timers/promises'
import { produceV9 } from '@platformatic/kafka'
import type { z } from 'zod'
import type { Produced, produceBody, produceDatum } from '../../contract/records.ts'
import { actionTimeoutMs } from '../kafka/controller.ts'
import type { KafkaClient, TopicMetadata } from '../kafka/kafka-client.ts'
import { errorName, KafkaError, withErrorCodes } from '../kafka/kafka-error.ts'
import { partitionOfKey } from './murmur2.ts'

type Body = z.output<typeof produceBody>
type MessageRecord = produceV9.ProduceRequest[2][number]
type Placed = { partition: number; message: MessageRecord }

const attempts = 6
const retryMs = 250
const acksCodes = { all: -1, 1: 1, 0: 0 } as const

/** Produces to each leader at once, one batch a partition, in the order given within a partition. */
export async function produce(client: KafkaClient, name: string, body: Body): Promise<Produced> {
  const begun = performance.now()
  let topic = await client.topic(name)
  const placed = place(topic, body)
  const partitions: Produced['partitions'] = []
  let open = placed
  for (let attempt = 1; open.length > 0; attempt++) {
    const leaders = topic.partitions
    const byLeader = Map.groupBy(open, ({ partition }) => leaders[partition]!.leaderId)
    const answers = await Promise.all(
      [...byLeader].map(([leader, records]) => send(client, leader, records, body)),
    )
    partitions.push(...answers.flatMap(({ done }) => done))
    const refused = new Map(answers.flatMap(({ refused }) => refused))
    const fault = [...refused.values()].find((error) => !error.retriable || attempt >= attempts)
    if (fault !== undefined) throw partly(fault, partitions)
    open = open.filter(({ partition }) => refused.has(partition))
    if (open.length === 0) break
    // A topic just created has leaders that do not know it yet; a moved leader is found in new metadata.
    await setTimeout(retryMs)
    topic = await client.topic(name)
  }
  partitions.sort((a, b) => a.partition - b.partition)
  return { records: placed.length, partitions, elapsedMs: Math.round(performance.now() - begun) }
}

/** What was written before a refusal stays written: the error says so. */
function partly(fault: KafkaError, done: Produced['partitions']): KafkaError {
  if (done.length === 0) return fault
  const written = done.map(({ partition, records }) => `${records} on partition ${partition}`).join(', ')
  return new KafkaError(fault.code, `${fault.message} Written all the same: ${written}.`, { cause: fault })
}

type Sent = { done: Produced['partitions']; refused: [partition: number, error: KafkaError][] }

async function send(client: KafkaClient, leader: number, placed: Placed[], body: Body): Promise<Sent> {
  const counts = Map.groupBy(placed, ({ partition }) => partition)
  if (leader < 0) {
    return { done: [], refused: [...counts.keys()].map((p) => [p, new KafkaError('LEADER_NOT_AVAILABLE')]) }
  }
  const connection = await client.node(leader)
  const messages = placed.map(({ message }) => message)
  const options = { compression: body.compression, producerId: -1n, producerEpoch: -1 }
  const answer = produceV9.api.async(connection, acksCodes[body.acks], actionTimeoutMs, messages, options)
  const response = await withErrorCodes(answer)
  const sent: Sent = { done: [], refused: [] }
  if (typeof response === 'boolean' || response === undefined) {
    // With acks=0 there is no answer.
    const unknown = { baseOffset: null, lastOffset: null }
    for (const [partition, records] of counts)
      sent.done.push({ partition, records: records.length, ...unknown })
    return sent
  }
  for (const { index, errorCode, errorMessage, baseOffset } of response.responses.flatMap(
    (t) => t.partitionResponses,
  )) {
    const records = counts.get(index)?.length ?? 0
    const first = Number(baseOffset)
    if (errorCode !== 0) sent.refused.push([index, new KafkaError(errorName(errorCode), errorMessage)])
    else sent.done.push({ partition: index, records, baseOffset: first, lastOffset: first + records - 1 })
  }
  return sent
}

/** Partition of each record as Kafka's producer chooses it; without a key, evenly in turn. */
function place(topic: TopicMetadata, { records }: Body): Placed[] {
  const count = topic.partitions.length
  const now = Date.now()
  let turn = Math.floor(Math.random() * count)
  return records.map((record) => {
    const key = bytesOf(record.key)
    const partition = record.partition ?? (key === null ? turn++ % count : partitionOfKey(key, count))
    if (partition >= count) {
      throw new KafkaError(
        'UNKNOWN_TOPIC_OR_PARTITION',
        `Topic ${topic.name} has partitions 0 to ${count - 1}.`,
      )
    }
    return {
      partition,
      message: messageOf({
        topic: topic.name,
        partition,
        timestamp: BigInt(record.timestamp ?? now),
        key,
        value: bytesOf(record.value),
        headers: new Map(record.headers.map((header) => [Buffer.from(header.key), bytesOf(header.value)])),
      }),
    }
  })
}

type WithNulls = Omit<MessageRecord, 'key' | 'value' | 'headers'> & {
  key: Buffer | null
  value: Buffer | null
  headers: Map<Buffer, Buffer | null>
}

/** The package writes a null as a null but has no type for it. */
function messageOf(message: WithNulls): MessageRecord {
  return message as MessageRecord
}

function bytesOf(datum: z.output<typeof produceDatum>): Buffer | null {
  if (datum === null) return null
  return typeof datum === 'string' ? Buffer.from(datum) : Buffer.from(datum.base64, 'base64')
}
