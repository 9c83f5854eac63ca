import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { kafkaJsClient } from '../clients/kafkajs-client.ts'
import { platformaticClient } from '../clients/platformatic-client.ts'
import { type Client, codecs, type SentRecord } from './client.ts'
import { programCommand, programs } from './install.ts'
import { startProgram } from './program.ts'
import { makeRecords } from './records.ts'
import { expectKept } from './suite.ts'

const names = [...programs, 'kafkajs', 'platformatic'] as const
const recordsPerCodec = 40
const timeoutMs = 60_000

const clients = new Map<string, Client & AsyncDisposable>()
const topic = `cross-${randomUUID().slice(0, 8)}`
const sent: SentRecord[] = []

/** What every library can write: kafkajs no header without a value, aiokafka no record without key and value. */
function writable(record: SentRecord): SentRecord {
  const headers = record.headers.filter(([, value]) => value !== null)
  const key = record.key === null && record.value === null ? '' : record.key
  return { ...record, headers, key }
}

beforeAll(async () => {
  const bootstrap = inject('bootstrap')
  for (const name of programs) clients.set(name, startProgram(await programCommand(name), bootstrap))
  clients.set('kafkajs', kafkaJsClient(bootstrap))
  clients.set('platformatic', platformaticClient(bootstrap))
  await clients.get('kafkajs')!.createTopic({ topic, partitions: names.length })
  await vi.waitFor(async () =>
    expect(await clients.get('kafkajs')!.describeTopic({ topic })).toEqual({ partitions: names.length }),
  )
}, 120_000)

afterAll(async () => {
  for (const client of clients.values()) await client[Symbol.asyncDispose]()
}, 60_000)

test.each(names)('%s writes a partition of its own with every codec', async (name) => {
  const partition = names.indexOf(name)
  for (const codec of codecs) {
    const records = makeRecords(`${name} ${codec}`, recordsPerCodec, 1).map((record) => ({
      ...writable(record),
      partition,
    }))
    await clients.get(name)!.produce({ topic, codec, idempotent: false, records })
    sent.push(...records)
  }
})

test.each(names)('%s reads what all of them wrote', async (name) => {
  expect(sent).toHaveLength(names.length * codecs.length * recordsPerCodec)
  const { records } = await clients.get(name)!.consume({
    protocol: 'classic',
    topics: [topic],
    group: `${topic}-${name}`,
    count: sent.length,
    timeoutMs,
  })
  expectKept(topic, records, sent)
})
