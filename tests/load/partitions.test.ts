import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WireClient } from '../../broker/protocol/client.ts'
import { encodeRequest } from '../../broker/protocol/header.ts'
import { produceRequest, produceResponse } from '../../broker/protocol/schemas/00-produce.ts'
import { fetchRequest, fetchResponse } from '../../broker/protocol/schemas/01-fetch.ts'
import { encodeRecordBatch } from '../../broker/records/record-batch-builder.ts'
import { closeAll, connectMany, heldBytes, kib, note, untilGauges } from './crowd.ts'
import { type Gauges, type InspectedBroker, startInspectedBroker } from './inspected-broker.ts'
import { Probe } from './probe.ts'
import { createTopics, metadata, produce } from './requests.ts'

const topicCount = 100
const partitionsEach = 100
const partitionCount = topicCount * partitionsEach
const sessionSlots = 100
/** ARCHITECTURE.md: a partition with a log, its segment, indexes and producer state, at rest. */
const partitionBytes = 24 * kib
/** ARCHITECTURE.md: a partition's place in a fetch session, and what a parked fetch holds of it. */
const sessionPartitionBytes = 1 * kib
const parkedPartitionBytes = 1 * kib

const topicNames = Array.from({ length: topicCount }, (_, index) => `topic-${index}`)
const allPartitions = Array.from({ length: partitionsEach }, (_, partition) => partition)

describe('ten thousand partitions', () => {
  let broker: InspectedBroker
  let probe: Probe
  let client: WireClient
  let before: Gauges
  beforeAll(async () => {
    broker = await startInspectedBroker({
      'max.incremental.fetch.session.cache.slots': String(sessionSlots),
    })
    probe = await Probe.start(broker.port)
    client = await WireClient.connect({ port: broker.port, timeoutMs: 60_000 })
    await probe.serve(50)
    before = await broker.gauges()
  }, 30_000)
  afterAll(async () => {
    await client?.close()
    await probe?.[Symbol.asyncDispose]()
    await broker?.close()
  })

  test('are created while others are served', async () => {
    const created = (async () => {
      for (const name of topicNames) await createTopics(client, [{ name, partitions: partitionsEach }])
    })()
    const { served } = await probe.serveDuring(created)
    expect(served).toBeGreaterThan(topicCount / 10)
    const { topics } = await metadata(client, topicNames)
    expect(topics.flatMap(({ partitions }) => partitions)).toHaveLength(partitionCount)
  }, 60_000)

  test('are written and read to the last, and cost what is stated', async () => {
    const written = (async () => {
      for (const name of topicNames) await writeAll(client, name)
    })()
    const { served } = await probe.serveDuring(written)
    expect(served).toBeGreaterThan(topicCount / 10)
    const gauges = await broker.gauges()
    const held = heldBytes(before, gauges)
    note('a partition', held / partitionCount)
    expect(held / partitionCount).toBeLessThan(partitionBytes)
    // Files are opened by need: see file-cache.ts.
    expect(gauges.fileDescriptors).toBeLessThan(before.fileDescriptors + 512 + 16)
    let read = 0
    for (const name of topicNames) read += await readAll(client, name)
    expect(read).toBe(partitionCount)
  }, 60_000)

  test('are in one Metadata answer, and twenty thousand names that nobody knows in another', async () => {
    const all = await metadata(client)
    expect(all.topics.flatMap(({ partitions }) => partitions).length).toBeGreaterThanOrEqual(partitionCount)
    broker.resetPeak()
    const { rssBytes } = await broker.gauges()
    const unknown = Array.from({ length: 20_000 }, (_, index) => `nobody-knows-${index}`)
    const { topics } = await metadata(client, unknown)
    expect(topics.every(({ errorCode }) => errorCode === 3)).toBe(true)
    note('20,000 unknown names', broker.peakRssBytes() - rssBytes)
    expect(broker.peakRssBytes() - rssBytes).toBeLessThan(20_000 * 4 * kib)
  }, 30_000)

  test('a thousand parked fetches on ten each are woken by what they wait for alone', async () => {
    const clients = await connectMany(broker.port, 1_000)
    const unparked = await broker.gauges()
    const waits = clients.map((each, index) => fetchTopic(each, index % topicCount, tenOf(index), 60_000))
    await untilGauges(broker, ({ parkedFetches }) => parkedFetches === 1_000)
    const parked = await broker.gauges()
    const held = heldBytes(unparked, parked)
    note('a parked fetch of ten partitions', held / 1_000)
    expect(held).toBeLessThan(1_000 * 10 * (parkedPartitionBytes + sessionPartitionBytes))
    // The probe's own partition is none of theirs: nobody is woken by it.
    await probe.serve(200)
    expect((await broker.gauges()).parkedFetches).toBe(1_000)
    await produce(client, topicNames[0]!, 0, record)
    const woken = (index: number) => index % topicCount === 0 && tenOf(index).includes(0)
    const first = waits.filter((_, index) => woken(index))
    const answers = await Promise.all(first)
    expect(answers.every((bytes) => bytes > 0)).toBe(true)
    expect((await broker.gauges()).parkedFetches).toBe(1_000 - first.length)
    await Promise.allSettled([...waits.map((wait) => wait.catch(() => 0)), closeAll(clients)])
    await untilGauges(broker, ({ parkedFetches }) => parkedFetches === 0)
  }, 60_000)

  test('forty fetches that each wait for all of them are woken together, and others are served between', async () => {
    const clients = await connectMany(broker.port, 40)
    const unparked = await broker.gauges()
    const frame = fetchAllFrame(60_000)
    const waits = clients.map((each) => each.exchange(1, frame, 90_000))
    await untilGauges(broker, ({ parkedFetches }) => parkedFetches === 40)
    const parked = await broker.gauges()
    const held = heldBytes(unparked, parked)
    note('a parked fetch of all partitions, each', held / 40 / partitionCount)
    expect(held).toBeLessThan(40 * partitionCount * (parkedPartitionBytes + sessionPartitionBytes))
    await produce(client, topicNames[0]!, 0, record)
    const { served, longestMs } = await probe.serveDuring(Promise.all(waits))
    if (process.env.LOAD_FIGURES) console.log(`the longest wait meanwhile: ${longestMs.toFixed(0)} ms`)
    // All at once they held it up until the last was answered.
    expect(served).toBeGreaterThan(10)
    expect(await Promise.all(waits)).toHaveLength(40)
    await closeAll(clients)
  }, 90_000)

  test('fetch sessions beyond their slots are served without one', async () => {
    const clients = await connectMany(broker.port, 3 * sessionSlots)
    const answers = await Promise.all(
      clients.map((each, index) => sessionOf(each, index % topicCount, tenOf(index))),
    )
    const kept = answers.filter((sessionId) => sessionId !== 0)
    expect(kept.length).toBeLessThanOrEqual(sessionSlots)
    expect((await broker.gauges()).fetchSessions).toBe(sessionSlots)
    await closeAll(clients)
  }, 30_000)
})

const record = encodeRecordBatch({ records: [{ value: 'v' }], timestampMs: Date.now() })

const tenOf = (index: number) => Array.from({ length: 10 }, (_, at) => (index + at * 10) % partitionsEach)

async function writeAll(client: WireClient, name: string): Promise<void> {
  const partitionData = allPartitions.map((index) => ({ index, records: [record] }))
  const topicData = [{ name, partitionData }]
  const body = { acks: -1, timeoutMs: 30_000, topicData }
  const { responses } = await client.send(produceRequest, produceResponse, 11, body)
  const refused = responses[0]!.partitionResponses.filter(({ errorCode }) => errorCode !== 0)
  if (refused.length > 0) throw new Error(`${name}: ${refused.length} refused`)
}

const asked = (partition: number, fetchOffset: number) => ({
  partition,
  fetchOffset,
  partitionMaxBytes: 100_000,
})

/** How many partitions of the topic had a record. */
async function readAll(client: WireClient, topic: string): Promise<number> {
  const topics = [{ topic, partitions: allPartitions.map((partition) => asked(partition, 0)) }]
  const body = { maxWaitMs: 0, minBytes: 1, topics, forgottenTopicsData: [] }
  const { responses } = await client.send(fetchRequest, fetchResponse, 12, body)
  const read = responses.flatMap(({ partitions }) => partitions)
  return read.filter(({ records }) => records !== null && records.length > 0).length
}

/** Waits for what comes to these partitions after what is there; gives the bytes that came. */
async function fetchTopic(
  client: WireClient,
  topicIndex: number,
  partitions: readonly number[],
  maxWaitMs: number,
): Promise<number> {
  const topic = topicNames[topicIndex]!
  const topics = [{ topic, partitions: partitions.map((partition) => asked(partition, 1)) }]
  const body = { maxWaitMs, minBytes: 1, topics, sessionEpoch: 0, forgottenTopicsData: [] }
  const { responses } = await client.send(fetchRequest, fetchResponse, 12, body, maxWaitMs + 30_000)
  return bytesOf(responses.flatMap((each) => each.partitions))
}

/** A fetch that waits for whatever comes to any partition; the same bytes for every client. */
function fetchAllFrame(maxWaitMs: number): Buffer[] {
  const topics = topicNames.map((topic) => ({
    topic,
    partitions: allPartitions.map((partition) =>
      asked(partition, topic === topicNames[0] && partition === 0 ? 2 : 1),
    ),
  }))
  const body = { maxWaitMs, minBytes: 1, topics, forgottenTopicsData: [] }
  return encodeRequest(fetchRequest, 12, { correlationId: 1, clientId: 'all' }, body)
}

async function sessionOf(client: WireClient, topicIndex: number, partitions: readonly number[]) {
  const topic = topicNames[topicIndex]!
  const topics = [{ topic, partitions: partitions.map((partition) => asked(partition, 0)) }]
  const body = { maxWaitMs: 0, minBytes: 1, topics, sessionEpoch: 0, forgottenTopicsData: [] }
  const answer = await client.send(fetchRequest, fetchResponse, 12, body)
  const read = answer.responses.flatMap((each) => each.partitions)
  if (read.some(({ records }) => records === null || records.length === 0)) throw new Error('not served')
  return answer.sessionId
}

function bytesOf(partitions: readonly { readonly records: Buffer | null }[]): number {
  return partitions.reduce((sum, { records }) => sum + (records?.length ?? 0), 0)
}
