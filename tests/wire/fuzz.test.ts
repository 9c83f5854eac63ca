import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Broker, startBroker } from '../../broker/index.ts'
import { WireClient } from '../../broker/protocol/client.ts'
import { apiVersionsRequest, apiVersionsResponse } from '../../broker/protocol/schemas/18-api-versions.ts'
import { createTopicsRequest, createTopicsResponse } from '../../broker/protocol/schemas/19-create-topics.ts'

const folder = join(import.meta.dirname, 'golden/kafka')
/** Real requests of every API, to be damaged. */
const requests = readdirSync(folder).flatMap((file) =>
  (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { request: string }[]).map(({ request }) =>
    Buffer.from(request, 'hex'),
  ),
)
const answerWithinMs = 1_000

let broker: Broker
let healthy: WireClient
/** What the broker said on the way; it would be noise in the test's output. */
const said: string[] = []

beforeAll(async () => {
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
    said.push(String(line))
    return true
  })
  broker = await startBroker({ port: 0, thread: false })
  healthy = await WireClient.connect({ port: broker.port })
  const topic = { name: 'golden', numPartitions: 3, replicationFactor: 1, assignments: [], configs: [] }
  await healthy.send(createTopicsRequest, createTopicsResponse, 7, { topics: [topic] })
})

afterAll(async () => {
  await healthy.close()
  await broker.close()
  vi.restoreAllMocks()
})

function framed(body: Buffer): Buffer {
  const prefix = Buffer.alloc(4)
  prefix.writeInt32BE(body.length)
  return Buffer.concat([prefix, body])
}

/** Writes bytes on a connection of their own, ends it, and waits until the broker has let go of it. */
function deliver(bytes: Buffer): Promise<'closed' | 'held'> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: broker.port })
    const timer = setTimeout(() => {
      socket.destroy()
      resolve('held')
    }, answerWithinMs)
    socket.on('error', () => {})
    socket.on('data', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve('closed')
    })
    socket.end(bytes)
  })
}

async function expectHealthy(): Promise<void> {
  const body = { clientSoftwareName: 'healthy', clientSoftwareVersion: '1' }
  const answer = await healthy.send(apiVersionsRequest, apiVersionsResponse, 3, body)
  expect(answer.errorCode).toBe(0)
}

/** A request of which some bytes are changed, cut away or doubled. */
const damaged = fc
  .record({
    request: fc.constantFrom(...requests),
    changes: fc.array(fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) }), { maxLength: 6 }),
    keep: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.boolean(),
  })
  .map(({ request, changes, keep, cut }) => {
    const bytes = Buffer.from(request)
    // The API key stays, or most requests would be of no API at all.
    for (const { at, byte } of changes) bytes[2 + (at % (bytes.length - 2))] = byte
    return cut ? bytes.subarray(0, Math.floor(keep * bytes.length)) : bytes
  })

describe('bad bytes close their connection alone', () => {
  test('damaged requests', { timeout: 60_000 }, async () => {
    const property = fc.asyncProperty(fc.array(damaged, { minLength: 1, maxLength: 4 }), async (frames) => {
      await deliver(Buffer.concat(frames.map(framed)))
      await expectHealthy()
    })
    await fc.assert(property, { numRuns: 1500, interruptAfterTimeLimit: 30_000 })
  })

  test('random frames and random streams', { timeout: 60_000 }, async () => {
    const random = fc.uint8Array({ maxLength: 300 }).map((some) => Buffer.from(some))
    const property = fc.asyncProperty(random, fc.boolean(), async (bytes, asFrame) => {
      expect(await deliver(asFrame ? framed(bytes) : bytes)).toBe('closed')
      await expectHealthy()
    })
    await fc.assert(property, { numRuns: 200, interruptAfterTimeLimit: 30_000 })
  })

  test.each([
    ['a negative length', Buffer.from('ffffffff', 'hex')],
    ['a length above the limit', Buffer.from('7fffffff00', 'hex')],
    ['an empty frame', Buffer.alloc(4)],
    ['an unknown API', framed(Buffer.from('7fff000000000001ffff', 'hex'))],
    ['a version too high', framed(Buffer.from('0003007f00000001ffff', 'hex'))],
    ['an array of 2³¹−1 topics', framed(Buffer.from('0003000100000001ffff7fffffff', 'hex'))],
  ])('%s', async (_, bytes) => {
    await using client = await WireClient.connect({ port: broker.port })
    client.writeRaw([bytes])
    await client.closed()
    await expectHealthy()
  })

  test('a length alone takes no memory to speak of', async () => {
    const before = process.memoryUsage().rss
    const prefix = Buffer.from('0600000000', 'hex')
    const clients = await Promise.all(
      Array.from({ length: 100 }, () => WireClient.connect({ port: broker.port })),
    )
    for (const client of clients) client.writeRaw([prefix])
    await expectHealthy()
    const grown = process.memoryUsage().rss - before
    await Promise.all(clients.map((client) => client.close()))
    expect(grown).toBeLessThan(300 * 1024 * 1024)
  })

  test('the broker said why it closed each, and met no bug of its own', () => {
    expect(said.length).toBeGreaterThan(100)
    expect(said.filter((line) => !/ was closed: (?!an internal error)/.test(line))).toEqual([])
  })
})
