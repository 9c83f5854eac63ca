/**
 * Records tests/broker/log/golden from Apache Kafka 4.3.1: a partition with small segments, all codecs, idempotent
 * and aborted transactional batches, and the checkpoint files beside it. `node tests/broker/log/record-golden.ts`.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import kafkajs from 'kafkajs'
import { type CompressionName, compress } from '../../../broker/records/compression.ts'
import { startKafka } from '../../support/kafka.ts'

const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs
const golden = join(import.meta.dirname, 'golden')
const topic = 'golden'
const startMs = 1_700_000_000_000

const codecs: readonly [CompressionName, number][] = [
  ['none', CompressionTypes.None],
  ['gzip', CompressionTypes.GZIP],
  ['snappy', CompressionTypes.Snappy],
  ['lz4', CompressionTypes.LZ4],
  ['zstd', CompressionTypes.ZSTD],
]

for (const [name, type] of codecs.slice(1)) {
  const codec = { compress: async (encoder: { buffer: Buffer }) => compress(name, encoder.buffer) }
  Object.assign(CompressionCodecs, { [type]: () => codec })
}

type Expected = {
  offset: number
  timestampMs: number
  key: string | null
  value: string | null
  headers: Record<string, string>
}

const expected: Expected[] = []
let offset = 0

function messages(count: number, atMs: number): kafkajs.Message[] {
  return Array.from({ length: count }, (_, index) => {
    const key = index % 3 === 0 ? null : `key ${offset}`
    const value = index % 7 === 6 ? null : `value ${offset} ${'.'.repeat((offset * 13) % 90)}`
    const timestampMs = atMs + ((index * 37) % 50)
    const headers: Record<string, string> = index % 4 === 1 ? { header: `of ${offset}` } : {}
    expected.push({ offset: offset++, timestampMs, key, value, headers })
    return { key, value, headers, timestamp: String(timestampMs) }
  })
}

async function produce(client: kafkajs.Kafka): Promise<void> {
  const plain = client.producer()
  await plain.connect()
  for (let round = 0; round < 12; round++) {
    const [, type] = codecs[round % codecs.length]!
    const atMs = startMs + round * 40_000
    await plain.send({ topic, compression: type as kafkajs.CompressionTypes, messages: messages(8, atMs) })
  }
  await plain.disconnect()
  const idempotent = client.producer({ idempotent: true, maxInFlightRequests: 1 })
  await idempotent.connect()
  for (let round = 0; round < 3; round++)
    await idempotent.send({ topic, messages: messages(2, startMs + 600_000) })
  await idempotent.disconnect()
  const transactional = client.producer({
    transactionalId: 'golden',
    idempotent: true,
    maxInFlightRequests: 1,
  })
  await transactional.connect()
  for (const end of ['commit', 'abort', 'abort'] as const) {
    const transaction = await transactional.transaction()
    await transaction.send({ topic, messages: messages(3, startMs + 700_000) })
    await transaction[end]()
    offset++
  }
  await transactional.disconnect()
}

async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'golden-'))
  const kafka = await startKafka({ dataDir, configs: { 'transaction.partition.verification.enable': false } })
  try {
    const client = new Kafka({ brokers: [kafka.bootstrap], logLevel: logLevel.ERROR })
    const admin = client.admin()
    await admin.connect()
    const configEntries = Object.entries({
      'segment.ms': '100000',
      'index.interval.bytes': '300',
      'retention.ms': '-1',
    })
    await admin.createTopics({
      topics: [
        { topic, numPartitions: 1, configEntries: configEntries.map(([name, value]) => ({ name, value })) },
      ],
    })
    await produce(client)
    await admin.disconnect()
  } finally {
    await kafka.close()
  }
  rmSync(golden, { recursive: true, force: true })
  mkdirSync(golden, { recursive: true })
  cpSync(join(dataDir, `${topic}-0`), join(golden, `${topic}-0`), { recursive: true })
  for (const name of readdirSync(dataDir)) {
    if (/offset-checkpoint$|meta.properties|cleanshutdown/.test(name) && !name.startsWith('cleaner'))
      cpSync(join(dataDir, name), join(golden, name))
  }
  writeFileSync(join(golden, 'expected.json'), `${JSON.stringify(expected, null, 1)}\n`)
  rmSync(dataDir, { recursive: true, force: true })
}

await main()
