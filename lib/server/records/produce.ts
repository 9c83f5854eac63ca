import { produceV9 } from '@platformatic/kafka'
import type { z } from 'zod'
import type { Produced, produceBody, produceDatum } from '../../contract/records.ts'
import { actionTimeoutMs } from '../kafka/controller.ts'
import type { KafkaClient, TopicMetadata } from '../kafka/kafka-client.ts'
import { check, KafkaError, withErrorCodes } from '../kafka/kafka-error.ts'
import { partitionOfKey } from './murmur2.ts'

type Body = z.output<typeof produceBody>
type MessageRecord = produceV9.ProduceRequest[2][number]
type Placed = { partition: number; message: MessageRecord }

const acksCodes = { all: -1, 1: 1, 0: 0 } as const

/** Produces to each leader at once, one batch a partition, in the order given within a partition. */
export async function produce(client: KafkaClient, name: string, body: Body): Promise<Produced> {
  const begun = performance.now()
  const topic = await client.topic(name)
  const placed = place(topic, body)
  const byLeader = Map.groupBy(placed, ({ partition }) => topic.partitions[partition]!.leaderId)
  const answers = [...byLeader].map(([leader, records]) => send(client, leader, records, body))
  const partitions = (await Promise.all(answers)).flat().sort((a, b) => a.partition - b.partition)
  return { records: placed.length, partitions, elapsedMs: Math.round(performance.now() - begun) }
}

async function send(
  client: KafkaClient,
  leader: number,
  placed: Placed[],
  body: Body,
): Promise<Produced['partitions']> {
  if (leader < 0) throw new KafkaError('LEADER_NOT_AVAILABLE')
  const connection = await client.node(leader)
  const messages = placed.map(({ message }) => message)
  const options = { compression: body.compression, producerId: -1n, producerEpoch: -1 }
  const answer = produceV9.api.async(connection, acksCodes[body.acks], actionTimeoutMs, messages, options)
  const counts = Map.groupBy(placed, ({ partition }) => partition)
  const response = await withErrorCodes(answer)
  // With acks=0 there is no answer.
  if (typeof response === 'boolean' || response === undefined) {
    return [...counts].map(([partition, records]) => ({
      partition,
      records: records.length,
      baseOffset: null,
      lastOffset: null,
    }))
  }
  return response.responses.flatMap(({ partitionResponses }) =>
    partitionResponses.map(({ index, errorCode, errorMessage, baseOffset }) => {
      check(errorCode, errorMessage)
      const records = counts.get(index)?.length ?? 0
      const first = Number(baseOffset)
      return { partition: index, records, baseOffset: first, lastOffset: first + records - 1 }
    }),
  )
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
