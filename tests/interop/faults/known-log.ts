import { expect } from 'vitest'
import { WireClient } from '../../../broker/protocol/client.ts'
import { produceRequest, produceResponse } from '../../../broker/protocol/schemas/00-produce.ts'
import { fetchRequest, fetchResponse } from '../../../broker/protocol/schemas/01-fetch.ts'
import { listOffsetsRequest, listOffsetsResponse } from '../../../broker/protocol/schemas/02-list-offsets.ts'
import { recordsOf } from '../../../broker/records/record.ts'
import { batchesOf } from '../../../broker/records/record-batch.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { firstTimestampMs } from '../records.ts'

/*
 * Partition 0 of a topic with a content that its batch numbers say: batch i holds the offsets from 10 i on, was written
 * by one producer with the sequences from 10 i on, and its records are i seconds later than the first.
 */

const recordsPerBatch = 10
const recordBytes = 10_000
const timeoutMs = 20_000

const timestampOf = (batch: number) => firstTimestampMs + batch * 1000
const textOf = (batch: number, index: number) => `${batch} ${index} `.padEnd(recordBytes, '.')

/** A connection for the functions below. */
export function connectTo(broker: { port: number }): Promise<WireClient> {
  return WireClient.connect({ port: broker.port, timeoutMs })
}

/** Appends the batch with that number; one that is there already is told its place again (idempotence). */
export async function appendKnown(
  client: WireClient,
  topic: string,
  producerId: number,
  batch: number,
): Promise<void> {
  const records = encodeRecordBatch({
    producerId,
    producerEpoch: 0,
    baseSequence: batch * recordsPerBatch,
    timestampMs: timestampOf(batch),
    records: Array.from({ length: recordsPerBatch }, (_, index) => ({
      key: Buffer.from(topic),
      value: Buffer.from(textOf(batch, index)),
    })),
  })
  const answer = await client.send(produceRequest, produceResponse, 9, {
    transactionalId: null,
    acks: -1,
    timeoutMs,
    topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
  })
  const { errorCode, baseOffset } = answer.responses[0]!.partitionResponses[0]!
  expect({ errorCode, baseOffset }, `${topic}, batch ${batch}`).toEqual({
    errorCode: 0,
    baseOffset: batch * recordsPerBatch,
  })
}

/** Reads the topic from its start, from inside of each batch and by each batch's time: it holds `count` batches. */
export async function expectKnown(client: WireClient, topic: string, count: number): Promise<void> {
  const values: string[] = []
  const end = count * recordsPerBatch
  while (values.length < end) {
    const found = await fetchValues(client, topic, values.length)
    expect(found.length, `${topic}, from ${values.length}`).toBeGreaterThan(0)
    values.push(...found)
  }
  const wanted = Array.from({ length: end }, (_, offset) =>
    textOf(Math.floor(offset / recordsPerBatch), offset % recordsPerBatch),
  )
  const wrong = values.findIndex((value, offset) => value !== wanted[offset])
  expect(wrong, `${topic}: ${values[wrong]?.slice(0, 20)}`).toBe(-1)
  expect(values.length, topic).toBe(end)
  expect(await fetchValues(client, topic, end), topic).toEqual([])
  for (let batch = 0; batch < count; batch++) {
    const middle = batch * recordsPerBatch + 5
    const [value] = await fetchValues(client, topic, middle, 1)
    expect(value?.slice(0, 10), `${topic}, from ${middle}`).toBe(textOf(batch, 5).slice(0, 10))
    const found = await offsetAt(client, topic, timestampOf(batch))
    expect(found, `${topic}, by time`).toBe(batch * recordsPerBatch)
  }
}

async function fetchValues(
  client: WireClient,
  topic: string,
  fetchOffset: number,
  maxBytes = 10_000_000,
): Promise<string[]> {
  const answer = await client.send(fetchRequest, fetchResponse, 11, {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes,
    topics: [{ topic, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: maxBytes }] }],
    forgottenTopicsData: [],
  })
  const { errorCode, records } = answer.responses[0]!.partitions[0]!
  expect(errorCode, `${topic}, fetch from ${fetchOffset}`).toBe(0)
  return [...batchesOf(records ?? Buffer.alloc(0))]
    .flatMap((batch) => [...recordsOf(batch)])
    .filter(({ offset }) => offset >= fetchOffset)
    .map(({ value }) => value!.toString())
}

async function offsetAt(client: WireClient, topic: string, timestamp: number): Promise<number> {
  const answer = await client.send(listOffsetsRequest, listOffsetsResponse, 5, {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name: topic, partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp }] }],
  })
  const { errorCode, offset } = answer.topics[0]!.partitions[0]!
  expect(errorCode, `${topic}, offset at ${timestamp}`).toBe(0)
  return offset
}
