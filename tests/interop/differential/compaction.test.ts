import { afterAll, beforeAll, expect, test } from 'vitest'
import { WireClient } from '../../../broker/protocol/client.ts'
import { produceRequest, produceResponse } from '../../../broker/protocol/schemas/00-produce.ts'
import { fetchRequest, fetchResponse } from '../../../broker/protocol/schemas/01-fetch.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../../broker/protocol/schemas/19-create-topics.ts'
import {
  writeTxnMarkersRequest,
  writeTxnMarkersResponse,
} from '../../../broker/protocol/schemas/27-write-txn-markers.ts'
import { recordsOf } from '../../../broker/records/record.ts'
import { batchesOf } from '../../../broker/records/record-batch.ts'
import { encodeRecordBatch, type NewRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { startBrokerProcess } from '../../support/broker.ts'
import { untilAnswers } from '../../support/child.ts'
import { startKafka } from '../../support/kafka.ts'

/*
 * The same records go to Apache Kafka 4.3.1 and to our broker, both compact, and what is left is compared batch by
 * batch: offsets, sequences, flags, delete horizons, records. Segments are rolled by the records' own time.
 */

type Side = { name: string; client: WireClient; close(): Promise<void> }

const configs: Record<string, Record<string, string>> = {
  plain: {},
  tombstones: { 'delete.retention.ms': '1' },
  transactions: { 'delete.retention.ms': '1' },
  kept: { 'delete.retention.ms': '86400000' },
}
const brokerConfigs = {
  'log.cleaner.backoff.ms': 100,
  'transaction.partition.verification.enable': false,
  'offsets.topic.num.partitions': 1,
}
const startMs = Date.now() - 3_600_000
const sides: Side[] = []

async function connectTo(name: string, broker: { bootstrap: string; close(): Promise<void> }): Promise<Side> {
  const port = Number(broker.bootstrap.split(':').at(-1))
  const client = await WireClient.connect({ port, timeoutMs: 20_000 })
  await client.send(createTopicsRequest, createTopicsResponse, 6, {
    topics: Object.entries(configs).map(([topic, more]) => ({
      name: topic,
      numPartitions: 1,
      replicationFactor: 1,
      assignments: [],
      configs: Object.entries({
        'cleanup.policy': 'compact',
        'segment.ms': '1000',
        'min.cleanable.dirty.ratio': '0.001',
        ...more,
      }).map(([key, value]) => ({ name: key, value })),
    })),
    timeoutMs: 10_000,
    validateOnly: false,
  })
  const close = async () => {
    await client.close()
    await broker.close()
  }
  return { name, client, close }
}

/** Base offset of the append; waits while the partition has no leader yet. */
async function produce({ client }: Side, topic: string, batch: NewRecordBatch): Promise<number> {
  return untilAnswers(
    async () => {
      const answer = await client.send(produceRequest, produceResponse, 9, {
        transactionalId: batch.isTransactional ? 'txn' : null,
        acks: -1,
        timeoutMs: 10_000,
        topicData: [{ name: topic, partitionData: [{ index: 0, records: encodeRecordBatch(batch) }] }],
      })
      const { errorCode, baseOffset } = answer.responses[0]!.partitionResponses[0]!
      if (errorCode === 6) return undefined
      expect(errorCode).toBe(0)
      return baseOffset
    },
    { timeoutMs: 20_000, intervalMs: 50 },
  )
}

async function endTransaction({ client }: Side, producerId: number, commits: boolean): Promise<void> {
  const answer = await client.send(writeTxnMarkersRequest, writeTxnMarkersResponse, 1, {
    markers: [
      {
        producerId,
        producerEpoch: 0,
        transactionResult: commits,
        topics: [{ name: 'transactions', partitionIndexes: [0] }],
        coordinatorEpoch: 0,
      },
    ],
  })
  expect(answer.markers[0]!.topics[0]!.partitions[0]!.errorCode).toBe(0)
}

/** What a fetch from the beginning brings, without what depends on the hour. */
async function batches({ client }: Side, topic: string) {
  const answer = await client.send(fetchRequest, fetchResponse, 11, {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 50_000_000,
    topics: [{ topic, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 50_000_000 }] }],
    forgottenTopicsData: [],
  })
  const found = []
  // One fetch may end at a segment's end.
  let { highWatermark, records } = answer.responses[0]!.partitions[0]!
  for (let next = 0; next < highWatermark; ) {
    const before = next
    for (const batch of batchesOf(records ?? Buffer.alloc(0))) {
      if (batch.nextOffset <= next) continue
      next = batch.nextOffset
      found.push({
        offsets: `${batch.baseOffset}-${batch.lastOffset}`,
        count: batch.recordCount,
        codec: batch.compression,
        producer: `${batch.producerId} ${batch.producerEpoch} ${batch.baseSequence}`,
        flags: `${batch.isTransactional ? 'T' : ''}${batch.isControl ? 'C' : ''}${batch.hasDeleteHorizon ? 'H' : ''}`,
        maxTimestampMs: batch.isControl ? 'now' : batch.maxTimestampMs,
        records: [...recordsOf(batch)].map(({ offset, key, value, timestampMs, headers }) =>
          batch.isControl
            ? offset
            : [offset, String(key), value && String(value), timestampMs, headers.length],
        ),
      })
    }
    if (next === before || next >= highWatermark) break
    const more = await client.send(fetchRequest, fetchResponse, 11, {
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: 50_000_000,
      topics: [{ topic, partitions: [{ partition: 0, fetchOffset: next, partitionMaxBytes: 50_000_000 }] }],
      forgottenTopicsData: [],
    })
    ;({ highWatermark, records } = more.responses[0]!.partitions[0]!)
  }
  return { highWatermark, batches: found }
}

type Batch = Awaited<ReturnType<typeof batches>>['batches'][number]

/** Waits until both have cleaned `topic` to the same end; shows the difference when they never do. */
async function agree(topic: string, isCleaned: (batches: readonly Batch[]) => boolean): Promise<void> {
  const read = () => Promise.all(sides.map((side) => batches(side, topic)))
  const isSame = async () => {
    const [kafka, ours] = await read()
    const areCleaned = [kafka!, ours!].every((side) => isCleaned(side.batches))
    return areCleaned && JSON.stringify(kafka) === JSON.stringify(ours) ? true : undefined
  }
  await untilAnswers(isSame, { timeoutMs: 20_000, intervalMs: 200 }).catch(() => undefined)
  const [kafka, ours] = await read()
  expect(ours).toEqual(kafka)
  expect(isCleaned(ours!.batches)).toBe(true)
}

/** Begins new segments with a key of their own, each after both have cleaned the one before. */
async function cleanAgain(topic: string, rounds: number, firstMs: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const side of sides) {
      const record = { key: 'z', value: String(round), timestampMs: firstMs + round * 2000 }
      const offset = await produce(side, topic, { records: [record] })
      const isCleaned = async () => {
        const found = (await batches(side, topic)).batches
        const older = found.filter((each) => JSON.stringify(each.records).includes('"z"'))
        return round < 2 || older.length === 2 ? true : undefined
      }
      await untilAnswers(isCleaned, { timeoutMs: 20_000, intervalMs: 50 })
      expect(offset).toBeGreaterThan(0)
    }
  }
}

beforeAll(async () => {
  const args = Object.entries(brokerConfigs).flatMap(([name, value]) => ['--config', `${name}=${value}`])
  sides.push(
    ...(await Promise.all([
      startKafka({ configs: brokerConfigs }).then((broker) => connectTo('kafka', broker)),
      startBrokerProcess({ args }).then((broker) => connectTo('ours', broker)),
    ])),
  )
}, 120_000)

afterAll(async () => {
  for (const side of sides) await side.close()
})

/** Two seconds of the records' time a segment. */
const at = (segment: number) => startMs + segment * 2000

test('keys, codecs, headers, several records a batch', async () => {
  for (const side of sides) {
    for (const [index, compression] of (
      ['none', 'gzip', 'snappy', 'lz4', 'zstd', 'none'] as const
    ).entries()) {
      const records = ['a', 'b', 'c', 'd', 'e', `only ${compression}`].map((key, place) => ({
        key,
        value: `${index} ${place}`,
        headers: [{ key: 'h', value: String(index) }],
        timestampMs: at(index) + place,
      }))
      await produce(side, 'plain', { records: records.slice(0, 6 - (index % 3)), compression })
    }
    await produce(side, 'plain', { records: [{ key: 'z', value: 'active', timestampMs: at(10) }] })
  }
  await agree('plain', ([first]) => first!.count === 1)
})

test('a horizon is set on what holds tombstones, and they stay until then', async () => {
  for (const side of sides) {
    const records = ['a', 'b', 'c'].map((key) => ({ key, value: 'old', timestampMs: at(0) }))
    await produce(side, 'kept', { records })
    const newer = [
      { key: 'a', value: null, timestampMs: at(1) },
      { key: 'b', value: 'new', timestampMs: at(1) + 5 },
    ]
    await produce(side, 'kept', { records: newer, compression: 'gzip' })
    await produce(side, 'kept', { records: [{ key: 'z', value: 'active', timestampMs: at(10) }] })
  }
  await agree('kept', (found) => found.length === 3 && found.some(({ flags }) => flags === 'H'))
})

test('tombstones and idempotent producers: the last sequence stays in an empty batch', async () => {
  for (const side of sides) {
    const of = (key: string, value: string | null, segment: number, sequence: number) =>
      produce(side, 'tombstones', {
        records: [{ key, value, timestampMs: at(segment) }],
        producerId: 4242,
        producerEpoch: 0,
        baseSequence: sequence,
      })
    await of('a', '1', 0, 0)
    await of('b', '1', 0, 1)
    await of('a', null, 1, 2)
    await of('b', null, 2, 3)
  }
  await cleanAgain('tombstones', 7, at(10))
  await agree('tombstones', (found) => found.every(({ flags }) => flags === ''))
})

test('transactions: aborted data, markers, and what is left of both', async () => {
  for (const side of sides) {
    const sequences = new Map<number, number>()
    const send = async (producerId: number, key: string, value: string, segment: number) => {
      const baseSequence = sequences.get(producerId) ?? 0
      sequences.set(producerId, baseSequence + 1)
      await produce(side, 'transactions', {
        records: [{ key, value, timestampMs: at(segment) }],
        producerId,
        producerEpoch: 0,
        baseSequence,
        isTransactional: true,
      })
    }
    await send(71, 'a', 'committed', 0)
    await endTransaction(side, 71, true)
    await send(72, 'a', 'aborted', 1)
    await send(72, 'b', 'aborted', 1)
    await endTransaction(side, 72, false)
    await send(71, 'c', 'aborted', 2)
    await endTransaction(side, 71, false)
    await send(72, 'c', 'committed', 3)
    await send(71, 'a', 'newer', 3)
    await endTransaction(side, 72, true)
    await endTransaction(side, 71, true)
  }
  await cleanAgain('transactions', 8, startMs + 4_200_000)
  await agree('transactions', (found) => found.some(({ offsets }) => offsets === '10-10'))
})
