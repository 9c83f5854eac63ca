import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { WireClient } from '../../broker/protocol/client.ts'
import type { CompressionName } from '../../broker/records/compression.ts'
import { batchField, batchHeaderBytes, RecordBatch } from '../../broker/records/record-batch.ts'
import { compressionBits, encodeRecordBatch } from '../../broker/records/record-batch-builder.ts'
import { mib, note } from './crowd.ts'
import { type InspectedBroker, startInspectedBroker } from './inspected-broker.ts'
import { Probe } from './probe.ts'
import { createTopics, type NewTopic, produce } from './requests.ts'

/** ARCHITECTURE.md: what one batch may grow to, and its copy where it is stored anew. */
const decompressedBytes = 256 * mib
const allocatorBytes = 96 * mib

/** Topics that make the broker look at single records. */
const topics: NewTopic[] = [
  { name: 'compacted', partitions: 1, configs: { 'cleanup.policy': 'compact' } },
  { name: 'recompressed', partitions: 1, configs: { 'compression.type': 'lz4' } },
  { name: 'bounded', partitions: 1, configs: { 'message.timestamp.before.max.ms': '3600000' } },
]

let broker: InspectedBroker
let probe: Probe
let client: WireClient
let bomb: Buffer
beforeAll(async () => {
  bomb = gzipBomb()
  broker = await startInspectedBroker()
  probe = await Probe.start(broker.port)
  client = await WireClient.connect({ port: broker.port, timeoutMs: 60_000 })
  await createTopics(client, topics)
}, 60_000)
afterAll(async () => {
  await client?.close()
  await probe?.[Symbol.asyncDispose]()
  await broker?.close()
})

let baseRss: number
beforeEach(async () => {
  baseRss = (await broker.gauges()).rssBytes
  broker.resetPeak()
})

/** A batch below max.message.bytes whose one record is a gigabyte of zeros, as its header has it. */
function gzipBomb(): Buffer {
  const zeros = gzipSync(Buffer.alloc(1024 * mib))
  return batchWith(zeros, 'gzip')
}

/** A real batch's header around any payload, with the CRC that belongs to it. */
function batchWith(payload: Buffer, codec: CompressionName): Buffer {
  const header = encodeRecordBatch({ records: [{ key: 'k', value: 'v' }], timestampMs: Date.now() })
  const bytes = Buffer.concat([header.subarray(0, batchHeaderBytes), payload])
  bytes.writeInt32BE(bytes.length - 12, batchField.batchLength)
  bytes.writeInt16BE(compressionBits[codec], batchField.attributes)
  const batch = new RecordBatch(bytes)
  bytes.writeUInt32BE(batch.computeCrc(), batchField.crc)
  return bytes
}

test.each(topics.map(({ name }) => name))(
  'a gigabyte in a megabyte of gzip to %s is refused within the bound',
  async (topic) => {
    expect(bomb.length).toBeLessThan(1_100_000)
    for (let count = 0; count < 2; count++)
      await expect(produce(client, topic, 0, bomb)).rejects.toThrow(
        /CORRUPT_MESSAGE|INVALID_RECORD|MESSAGE_TOO_LARGE/,
      )
    const grown = broker.peakRssBytes() - baseRss
    note(`a bomb to ${topic}`, grown)
    expect(grown).toBeLessThan(decompressedBytes + allocatorBytes)
    await probe.once()
  },
  60_000,
)

test('many records of a large legal batch are stored anew within the bound', async () => {
  const records = Array.from({ length: 200 }, (_, index) => ({
    key: `k${index}`,
    value: 'x'.repeat(500_000),
  }))
  const batch = encodeRecordBatch({ records, timestampMs: Date.now(), compression: 'zstd' })
  expect(batch.length).toBeLessThan(mib)
  expect(await produce(client, 'compacted', 0, batch)).toBe(0)
  const grown = broker.peakRssBytes() - baseRss
  note('100 MB of records in one batch', grown)
  expect(grown).toBeLessThan(2 * decompressedBytes + allocatorBytes)
  await probe.once()
}, 60_000)
