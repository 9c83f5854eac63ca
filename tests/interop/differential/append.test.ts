import { afterAll, beforeAll, expect, test } from 'vitest'
import { WireClient } from '../../../broker/protocol/client.ts'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import { produceRequest, produceResponse } from '../../../broker/protocol/schemas/00-produce.ts'
import { listOffsetsRequest, listOffsetsResponse } from '../../../broker/protocol/schemas/02-list-offsets.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../../broker/protocol/schemas/19-create-topics.ts'
import { encodeEndTransactionMarker } from '../../../broker/records/control-record.ts'
import { batchField, RecordBatch } from '../../../broker/records/record-batch.ts'
import { encodeRecordBatch, type NewRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { startBrokerProcess } from '../../support/broker.ts'
import { startKafka } from '../../support/kafka.ts'

/*
 * The same valid, edge and broken batches go to Apache Kafka 4.3.1 and to our broker: error code, base offset,
 * append time and the indexes of the records at fault have to agree, and so does what ListOffsets says afterwards.
 */

type Side = { client: WireClient; close(): Promise<void> }
type Append = { topic: string; records: Buffer }

const nowMs = Date.now()
const topics = {
  plain: { 'max.message.bytes': '5000' },
  compacted: { 'cleanup.policy': 'compact' },
  appendTime: { 'message.timestamp.type': 'LogAppendTime' },
  bounded: { 'message.timestamp.before.max.ms': '60000', 'message.timestamp.after.max.ms': '60000' },
} as const

const sides: Side[] = []

async function connectTo(broker: { bootstrap: string; close(): Promise<void> }): Promise<Side> {
  const client = await WireClient.connect({
    port: Number(broker.bootstrap.split(':').at(-1)),
    timeoutMs: 20_000,
  })
  await client.send(createTopicsRequest, createTopicsResponse, 6, {
    topics: Object.entries(topics).map(([name, configs]) => ({
      name,
      numPartitions: 1,
      replicationFactor: 1,
      assignments: [],
      configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
    })),
    timeoutMs: 10_000,
    validateOnly: false,
  })
  const close = async () => {
    await client.close()
    await broker.close()
  }
  return { client, close }
}

async function produce({ client }: Side, { topic, records }: Append) {
  const answer = await client.send(produceRequest, produceResponse, 9, {
    transactionalId: null,
    acks: -1,
    timeoutMs: 10_000,
    topicData: [{ name: topic, partitionData: [{ index: 0, records: Buffer.from(records) }] }],
  })
  const partition = answer.responses[0]!.partitionResponses[0]!
  const name = Object.entries(errorCode).find(([, code]) => code === partition.errorCode)?.[0]
  return {
    error: name ?? partition.errorCode,
    baseOffset: partition.baseOffset,
    hasAppendTime: partition.logAppendTimeMs > 0,
    recordErrors: partition.recordErrors.map((each) => each.batchIndex),
  }
}

async function listOffset({ client }: Side, topic: string, timestamp: number) {
  const answer = await client.send(listOffsetsRequest, listOffsetsResponse, 8, {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name: topic, partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp }] }],
  })
  const { errorCode: error, offset } = answer.topics[0]!.partitions[0]!
  return { error, offset }
}

function of(count: number, more: Partial<NewRecordBatch> = {}): Buffer {
  const records = Array.from({ length: count }, (_, index) => ({
    key: `k${index}`,
    value: 'x'.repeat(50),
    timestampMs: nowMs,
  }))
  return encodeRecordBatch({ records, ...more })
}

const producer = (baseSequence: number, producerEpoch = 0, count = 1) =>
  of(count, { producerId: 4242, producerEpoch, baseSequence })

/** Changes a field of a batch, and makes the CRC right again. */
function changed(bytes: Buffer, change: (bytes: Buffer) => void): Buffer {
  change(bytes)
  bytes.writeUInt32BE(new RecordBatch(bytes).computeCrc(), batchField.crc)
  return bytes
}

const marker = {
  type: 'commit',
  producerId: 1,
  producerEpoch: 0,
  coordinatorEpoch: 0,
  timestampMs: nowMs,
} as const

const appends: Record<string, Append> = {
  'one record': { topic: 'plain', records: of(1) },
  gzip: { topic: 'plain', records: of(20, { compression: 'gzip' }) },
  snappy: { topic: 'plain', records: of(20, { compression: 'snappy' }) },
  lz4: { topic: 'plain', records: of(20, { compression: 'lz4' }) },
  zstd: { topic: 'plain', records: of(20, { compression: 'zstd' }) },
  'too large': { topic: 'plain', records: of(100) },
  'two batches': { topic: 'plain', records: Buffer.concat([of(1), of(1)]) },
  'a batch and half a batch': { topic: 'plain', records: Buffer.concat([of(1), of(1).subarray(0, 70)]) },
  'half a batch': { topic: 'plain', records: of(1).subarray(0, 70) },
  'five bytes': { topic: 'plain', records: Buffer.alloc(5) },
  'no bytes': { topic: 'plain', records: Buffer.alloc(0) },
  'a length below a header': {
    topic: 'plain',
    records: damaged(of(1), (bytes) => bytes.writeInt32BE(20, batchField.batchLength)),
  },
  'a length of 0': {
    topic: 'plain',
    records: damaged(of(1), (bytes) => bytes.writeInt32BE(0, batchField.batchLength)),
  },
  'a negative length': {
    topic: 'plain',
    records: damaged(of(1), (bytes) => bytes.writeInt32BE(-5, batchField.batchLength)),
  },
  'magic 1': { topic: 'plain', records: damaged(of(1), (bytes) => bytes.writeInt8(1, batchField.magic)) },
  'magic 3': { topic: 'plain', records: damaged(of(1), (bytes) => bytes.writeInt8(3, batchField.magic)) },
  'a wrong CRC': {
    topic: 'plain',
    records: damaged(of(1), (bytes) => bytes.writeUInt32BE(1, batchField.crc)),
  },
  'a base offset of 7': { topic: 'plain', records: of(1, { baseOffset: 7 }) },
  'a leader epoch of 99': { topic: 'plain', records: of(1, { partitionLeaderEpoch: 99 }) },
  'a control batch': { topic: 'plain', records: encodeEndTransactionMarker(marker) },
  'a count of 0': {
    topic: 'plain',
    records: changed(of(1), (bytes) => bytes.writeInt32BE(0, batchField.recordCount)),
  },
  'a count of -1': {
    topic: 'plain',
    records: changed(of(1), (bytes) => bytes.writeInt32BE(-1, batchField.recordCount)),
  },
  'a last offset delta too high': {
    topic: 'plain',
    records: changed(of(2), (bytes) => bytes.writeInt32BE(5, batchField.lastOffsetDelta)),
  },
  'a last offset delta of -1': {
    topic: 'plain',
    records: changed(of(1), (bytes) => bytes.writeInt32BE(-1, batchField.lastOffsetDelta)),
  },
  'compression type 5': {
    topic: 'plain',
    records: changed(of(1), (bytes) => bytes.writeInt16BE(5, batchField.attributes)),
  },
  'a producer without sequence': { topic: 'plain', records: of(1, { producerId: 5, producerEpoch: 0 }) },
  'the LogAppendTime bit': { topic: 'plain', records: of(1, { logAppendTimeMs: nowMs - 5 }) },
  'an hour and a bit ahead': {
    topic: 'plain',
    records: encodeRecordBatch({ records: [{ timestampMs: nowMs }, { timestampMs: nowMs + 3_700_000 }] }),
  },
  'no timestamp': { topic: 'plain', records: encodeRecordBatch({ records: [{ value: 'x' }] }) },
  'sequence 0': { topic: 'plain', records: producer(0) },
  'sequence 0 again': { topic: 'plain', records: producer(0) },
  'sequence 1, two records': { topic: 'plain', records: producer(1, 0, 2) },
  'sequence 1 again, one record': { topic: 'plain', records: producer(1) },
  'sequence 7': { topic: 'plain', records: producer(7) },
  'epoch 1, sequence 3': { topic: 'plain', records: producer(3, 1) },
  'epoch 1, sequence 0': { topic: 'plain', records: producer(0, 1) },
  'epoch 0 after epoch 1': { topic: 'plain', records: producer(3, 0) },
  'an unknown producer in mid-sequence': {
    topic: 'plain',
    records: of(1, { producerId: 77, producerEpoch: 3, baseSequence: 12 }),
  },
  'the highest sequences': {
    topic: 'plain',
    records: of(2, { producerId: 78, producerEpoch: 0, baseSequence: 0x7ffffffe }),
  },
  'and 0 after them': {
    topic: 'plain',
    records: of(1, { producerId: 78, producerEpoch: 0, baseSequence: 0 }),
  },
  'keys on a compacted topic': { topic: 'compacted', records: of(3) },
  'a missing key on a compacted topic': {
    topic: 'compacted',
    records: encodeRecordBatch({
      records: [
        { key: 'a', timestampMs: nowMs },
        { value: 'b', timestampMs: nowMs },
      ],
    }),
  },
  'missing keys, compressed': {
    topic: 'compacted',
    records: encodeRecordBatch({
      records: [
        { value: 'a', timestampMs: nowMs },
        { value: 'b', timestampMs: nowMs },
      ],
      compression: 'zstd',
    }),
  },
  'an old time under LogAppendTime': {
    topic: 'appendTime',
    records: encodeRecordBatch({ records: [{ timestampMs: 5 }, { timestampMs: 6 }] }),
  },
  'an old record, bounded': {
    topic: 'bounded',
    records: encodeRecordBatch({ records: [{ timestampMs: nowMs }, { timestampMs: nowMs - 90_000 }] }),
  },
  'a record ahead, bounded': {
    topic: 'bounded',
    records: encodeRecordBatch({ records: [{ timestampMs: nowMs + 90_000 }, { timestampMs: nowMs }] }),
  },
  'within bounds': {
    topic: 'bounded',
    records: encodeRecordBatch({ records: [{ timestampMs: nowMs - 30_000 }, { timestampMs: nowMs }] }),
  },
}

function damaged(bytes: Buffer, change: (bytes: Buffer) => void): Buffer {
  change(bytes)
  return bytes
}

/** Kafka answers CreateTopics before the partitions have their leader. */
async function untilLed(side: Side): Promise<void> {
  for (const topic of Object.keys(topics)) {
    while ((await produce(side, { topic, records: of(1) })).error === 'notLeaderOrFollower');
  }
}

beforeAll(async () => {
  sides.push(...(await Promise.all([startKafka().then(connectTo), startBrokerProcess().then(connectTo)])))
  await Promise.all(sides.map(untilLed))
}, 120_000)

afterAll(async () => {
  for (const side of sides) await side.close()
})

/** Differences that we mean. */
const meant: Record<string, { error: string; reason: string }> = {
  'compression type 5': {
    error: 'unsupportedCompressionType',
    reason: 'Kafka fails with UNKNOWN_SERVER_ERROR, which has clients retry',
  },
}

test.each(Object.entries(appends))('%s', async (name, append) => {
  const [kafka, ours] = [await produce(sides[0]!, append), await produce(sides[1]!, append)]
  const difference = meant[name]
  expect(ours).toEqual(difference ? { ...kafka, error: difference.error } : kafka)
})

const moments = {
  latest: -1,
  earliest: -2,
  maxTimestamp: -3,
  ago: nowMs - 60_000,
  now: nowMs,
  later: nowMs + 1_000_000,
}

test.each(
  Object.keys(topics).flatMap((topic) =>
    Object.entries(moments).map(([name, at]) => [topic, name, at] as const),
  ),
)('ListOffsets of %s: %s', async (topic, _name, at) => {
  expect(await listOffset(sides[1]!, topic, at)).toEqual(await listOffset(sides[0]!, topic, at))
})
