import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiRegistry } from '../../../../broker/handlers/registry.ts'
import { startBrokerProcess } from '../../../support/broker.ts'
import { startKafka } from '../../../support/kafka.ts'
import { MeantDifferences } from '../compare.ts'
import { meantDifferences } from '../meant-differences.ts'
import { requestHeader } from './broken-bytes.ts'
import { cases } from './cases.ts'
import { Duel } from './duel.ts'
import { meantEverywhere } from './meant.ts'

/*
 * Every API in every version that ApiVersions advertises: valid, edge and broken requests go to Apache Kafka 4.3.1
 * and to our broker, and the decoded answers have to agree field by field, or the connections end alike.
 */

const configs = { 'node.id': 1, 'offsets.topic.num.partitions': 5, 'transaction.state.log.num.partitions': 5 }
const registry = await new ApiRegistry().loadAll()
const apis = [...registry.values()].sort((a, b) => a.key - b.key)
const gaps = join(import.meta.dirname, '../../../../GAPS.md')
const meant = new MeantDifferences(meantEverywhere)

let duel: Duel

beforeAll(async () => {
  const args = Object.entries(configs).flatMap(([name, value]) => ['--config', `${name}=${value}`])
  const started = await Promise.all([startKafka({ configs }), startBrokerProcess({ args })])
  duel = await Duel.begin(...started, meant)
}, 120_000)

afterAll(async () => {
  await duel?.[Symbol.asyncDispose]()
})

const everyVersion = apis.flatMap((api) =>
  Array.from({ length: api.maxVersion - api.minVersion + 1 }, (_, index) => {
    const version = api.minVersion + index
    return { api, version, title: `${api.name} v${version}` }
  }),
)

describe('every API in every version answers as Apache Kafka does', () => {
  test('each API has its line in the table', () => {
    expect(apis.filter(({ key }) => !cases.has(key)).map(({ name }) => name)).toEqual([])
  })

  test.each(everyVersion)(
    '$title',
    async ({ api, version }) => {
      const apiCase = cases.get(api.key)
      if (!apiCase) throw new Error(`API ${api.key} has no line in the table`)
      const { differences, kinds } = await duel.fight(api, version, apiCase)
      expect(differences).toEqual([])
      expect(
        Math.min(kinds.valid, kinds.edge, kinds.broken),
        'valid, edge and broken requests',
      ).toBeGreaterThan(0)
      expect(await duel.isServed()).toBe(true)
    },
    60_000,
  )
})

test(
  'all that was asked has left the same behind',
  async () => expect(await duel.aftermath()).toEqual([]),
  60_000,
)

/** Those that no one offers, and those that ApiVersions lists for old clients alone. */
const versionsAside = apis.flatMap((api) => {
  const below = Array.from({ length: api.minVersion + 1 }, (_, index) => index - 1)
  return [...below, api.maxVersion + 1, api.maxVersion + 2, 0x7fff].map((version) => ({ api, version }))
})

describe('what is not offered', () => {
  test('versions below and above those advertised', async () => {
    for (const { api, version } of versionsAside) {
      const [kafka, ours] = await duel.unsupported(api, version)
      expect(`${api.name} v${version} ${ours}`).toBe(`${api.name} v${version} ${kafka}`)
    }
    expect(await duel.isServed()).toBe(true)
  }, 60_000)

  test('unknown API keys, and those of brokers among themselves', async () => {
    const isOffered = (key: number) => registry.has(key)
    const keys = [-1, -0x8000, 0x7fff, 1_000, ...Array.from({ length: 110 }, (_, key) => key)]
    for (const key of keys.filter((each) => !isOffered(each))) {
      const { kafka, ours } = await duel.bytes(framed(requestHeader(key, 0, 7, false)))
      expect(`API ${key} ${ours}`).toBe(`API ${key} ${kafka}`)
    }
    expect(await duel.isServed()).toBe(true)
  }, 60_000)

  test.each([
    ['an empty frame', '00000000'],
    ['a frame of less than a header', '0000000300120000'],
    ['a header without a client id', '000000080012000000000007'],
    ['a frame of a negative length', 'ffffffff00120000'],
    ['the least length', '8000000000120000'],
    ['a frame above socket.request.max.bytes', '0640000100120000'],
    ['the greatest length', '7fffffff00120000'],
    ['the first bytes of TLS', '16030100c8010000c40303'],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n').toString('hex')],
  ])('%s', async (_, hex) => {
    const { kafka, ours, isServed } = await duel.bytes(Buffer.from(hex, 'hex'))
    expect(ours).toBe(kafka)
    expect(isServed).toBe(true)
  })
})

function framed(content: Buffer): Buffer {
  const prefix = Buffer.alloc(4)
  prefix.writeInt32BE(content.length)
  return Buffer.concat([prefix, content])
}

describe('what is meant to differ', () => {
  test('still does', () => expect(meant.stale()).toEqual([]))

  test('stands in GAPS.md', () => {
    // As one line: a name may be broken over two.
    const text = readFileSync(gaps, 'utf8').replaceAll(/\s+/g, ' ')
    const named = [...meantEverywhere, ...meantDifferences].flatMap(({ gap }) => gap ?? [])
    expect(named.filter((gap) => !text.includes(gap))).toEqual([])
  })
})
