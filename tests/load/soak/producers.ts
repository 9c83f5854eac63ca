/** Producers without transactions: plain, idempotent, of keyed records, all of them with connections that are cut. */
import { setTimeout as delay } from 'node:timers/promises'
import type { WireClient } from '../../../broker/protocol/client.ts'
import {
  initProducerIdRequest,
  initProducerIdResponse,
} from '../../../broker/protocol/schemas/22-init-producer-id.ts'
import type { CompressionName } from '../../../broker/records/compression.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { check, type NewTopic, produce } from '../requests.ts'
import { markedValue } from './ledger.ts'
import type { Random, Soak } from './soak.ts'

const codecs: readonly CompressionName[] = ['none', 'none', 'gzip', 'snappy', 'lz4', 'zstd']

/** Writes batches to any partition; after a lost answer it goes on with the next ones, as with retries 0. */
export function plainProducer(soak: Soak, topic: NewTopic, name: string, everyMs: number): Promise<void> {
  const random = soak.random()
  let number = 0
  return soak.repeat(name, ['UNKNOWN_TOPIC_OR_PARTITION'], async (client) => {
    for (let turns = random.between(20, 400); turns > 0 && !soak.isOver; turns--) {
      const partition = random.between(0, topic.partitions - 1)
      const count = random.between(1, 20)
      const first = number
      number += count
      const batch = encodeRecordBatch({
        records: numbered(name, first, count, random.between(100, 6000)),
        timestampMs: Date.now(),
        compression: random.of(codecs),
      })
      if (random.isTrue(0.02)) cut(client, random)
      const baseOffset = await produce(client, topic.name, partition, batch, { acks: random.of([1, -1]) })
      soak.ledger.ack(topic.name, partition, { baseOffset, count, producer: name, first })
      soak.count(`produced to ${topic.name}`, count)
      await soak.pause(everyMs)
    }
  })
}

/** Writes with a producer id; what was not answered is sent again as it was, on another connection. */
export function idempotentProducer(
  soak: Soak,
  topic: NewTopic,
  name: string,
  everyMs: number,
): Promise<void> {
  const random = soak.random()
  for (let partition = 0; partition < topic.partitions; partition++)
    soak.ledger.exact.add(`${topic.name}-${partition}`)
  let number = 0
  let left = 0
  let identity = { producerId: -1, producerEpoch: -1 }
  const sequences = new Map<number, number>()
  let unanswered: { batch: Buffer; partition: number; first: number; count: number } | undefined
  return soak.repeat(name, [], async (client) => {
    while (unanswered || !soak.isOver) {
      if (!unanswered && left-- <= 0) {
        identity = await initProducerId(client)
        sequences.clear()
        left = random.between(50, 300)
      }
      if (!unanswered) {
        const partition = random.between(0, topic.partitions - 1)
        const count = random.between(1, 10)
        const baseSequence = sequences.get(partition) ?? 0
        sequences.set(partition, baseSequence + count)
        const records = numbered(name, number, count, random.between(100, 2000))
        const batch = encodeRecordBatch({ records, timestampMs: Date.now(), ...identity, baseSequence })
        unanswered = { batch, partition, first: number, count }
        number += count
      }
      if (random.isTrue(0.03)) cut(client, random)
      const { batch, partition, first, count } = unanswered
      const baseOffset = await produce(client, topic.name, partition, batch)
      unanswered = undefined
      soak.ledger.ack(topic.name, partition, { baseOffset, count, producer: name, first })
      soak.count(`produced to ${topic.name}`, count)
      await soak.pause(everyMs)
    }
  })
}

/** Writes keyed records, each key by this producer alone, to a compacted topic. */
export function keyedProducer(soak: Soak, topic: NewTopic, name: string, everyMs: number): Promise<void> {
  const random = soak.random()
  let number = 0
  return soak.repeat(name, [], async (client) => {
    for (let turns = random.between(50, 500); turns > 0 && !soak.isOver; turns--) {
      const partition = random.between(0, topic.partitions - 1)
      const first = number
      const keys = Array.from({ length: random.between(1, 40) }, () => `${name}-${random.between(0, 99)}`)
      number += keys.length
      const records = keys.map((key, index) => ({ key, value: markedValue(name, first + index, 1000) }))
      await produce(client, topic.name, partition, encodeRecordBatch({ records, timestampMs: Date.now() }))
      keys.forEach((key, index) => {
        soak.ledger.ackKey(topic.name, partition, key, first + index)
      })
      soak.count(`produced to ${topic.name}`, keys.length)
      await soak.pause(everyMs)
    }
  })
}

export async function initProducerId(client: WireClient, transactionalId: string | null = null) {
  const body = { transactionalId, transactionTimeoutMs: 10_000, producerId: -1, producerEpoch: -1 }
  const answer = await client.send(initProducerIdRequest, initProducerIdResponse, 4, body)
  check('init producer id', answer.errorCode)
  return { producerId: answer.producerId, producerEpoch: answer.producerEpoch }
}

export function numbered(producer: string, first: number, count: number, sizeBytes: number) {
  return Array.from({ length: count }, (_, index) => ({
    value: markedValue(producer, first + index, sizeBytes),
  }))
}

/** Cuts the connection in a moment: before, while or after the next request is answered. */
export function cut(client: WireClient, random: Random): void {
  delay(random.between(0, 2)).then(
    () => client.close(),
    () => {},
  )
}
