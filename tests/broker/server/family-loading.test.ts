import { connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { BufferPool } from '../../../broker/core/buffer-pool.ts'
import { systemClock } from '../../../broker/core/clock.ts'
import type { ApiHandler } from '../../../broker/handlers/api.ts'
import { groups } from '../../../broker/handlers/families/groups.ts'
import { topics } from '../../../broker/handlers/families/topics.ts'
import { CloseConnectionError } from '../../../broker/handlers/handler.ts'
import { ApiRegistry } from '../../../broker/handlers/registry.ts'
import { FrameSplitter } from '../../../broker/protocol/frame.ts'
import { encodeRequest } from '../../../broker/protocol/header.ts'
import { metadataRequest } from '../../../broker/protocol/schemas/03-metadata.ts'
import { listGroupsRequest } from '../../../broker/protocol/schemas/16-list-groups.ts'
import { createTopicsRequest } from '../../../broker/protocol/schemas/19-create-topics.ts'
import { ClientQuotas } from '../../../broker/security/quota/client-quotas.ts'
import { Dispatcher } from '../../../broker/server/dispatch.ts'
import { Listener } from '../../../broker/server/listener.ts'
import { NodeFixture } from '../handlers/node-fixture.ts'
import { closed, until } from './broker-fixture.ts'

const logged: string[] = []
const exchanged: string[] = []
let listener: Listener
afterEach(async () => {
  await listener.close()
  logged.length = exchanged.length = 0
})

const topicsLoading = () => Promise.withResolvers<readonly ApiHandler[]>()

/** A node's port, where APIs of topics are loaded when the test says so. */
async function listen(loadTopics: () => Promise<readonly ApiHandler[]>): Promise<void> {
  const none = async () => []
  const others = { records: none, transactions: none, cluster: none, security: none }
  const registry = new ApiRegistry({
    loaders: { ...others, groups: async () => groups, topics: loadTopics },
  })
  const fixture = new NodeFixture()
  await fixture.startCoordinators()
  const { node } = fixture
  const window = () => ({ count: 11, sampleMs: 1000 })
  const quotas = new ClientQuotas({
    quotas: () => node.image.clientQuotas,
    window,
    mutationWindow: window,
    nowMs: () => 0,
  })
  const limits = { maxConnections: 100, maxConnectionsPerIp: 100, sendBufferBytes: -1, maxIdleMs: -1 }
  listener = await Listener.listen({
    host: '127.0.0.1',
    port: 0,
    dispatcher: new Dispatcher({
      quotas,
      node,
      coordinators: { groups: fixture.groups.coordinator, transactions: fixture.transactions.coordinator },
      registry,
      onExchange: ({ api }) => exchanged.push(api.name),
    }),
    advertise: (_connection, { host, port }) => ({ host, port }),
    observer: { opened: () => {}, closed: () => {}, log: (_level, message) => logged.push(message) },
    buffers: new BufferPool(),
    clock: systemClock,
    capacity: 100,
    holdOffMs: () => 0,
    limits: () => ({ ...limits, maxFrameBytes: 100_000 }),
  })
}

const header = (correlationId: number) => ({ correlationId, clientId: 'test' })
const metadataFrame = (correlationId: number) =>
  Buffer.concat(encodeRequest(metadataRequest, 1, header(correlationId), { topics: null }))
const listGroupsFrame = (correlationId: number) =>
  Buffer.concat(encodeRequest(listGroupsRequest, 0, header(correlationId), {}))

function createTopicFrame(correlationId: number, name: string): Buffer {
  const body = { topics: [{ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }] }
  return Buffer.concat(
    encodeRequest(createTopicsRequest, 2, header(correlationId), { ...body, timeoutMs: 1000 }),
  )
}

/** A client that sends these bytes, and the answers that it gets. */
function client(bytes: Buffer, sendsMore = true): { socket: Socket; frames: Buffer[] } {
  const socket = connect({ port: listener.port, host: '127.0.0.1' })
  const splitter = new FrameSplitter(100_000)
  const frames: Buffer[] = []
  socket.on('data', (chunk: Buffer) =>
    frames.push(...splitter.push(chunk).map((frame) => Buffer.from(frame))),
  )
  socket.write(bytes)
  if (!sendsMore) socket.end()
  return { socket, frames }
}

const idsOf = (frames: readonly Buffer[]) => frames.map((frame) => frame.readInt32BE(0))

/** Looks a few times whether nothing comes. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

test('requests wait for their code in order, while other connections are served', async () => {
  const { promise, resolve } = topicsLoading()
  await listen(() => promise)
  const frames = [createTopicFrame(1, 'a'), metadataFrame(2), createTopicFrame(3, 'b'), listGroupsFrame(4)]
  const waiting = client(Buffer.concat(frames))
  await until(() => listener.connections.size === 1)
  const other = client(Buffer.concat([metadataFrame(7), listGroupsFrame(8)]))
  await until(() => other.frames.length === 2)
  expect(waiting.frames).toEqual([])
  resolve(topics)
  await until(() => waiting.frames.length === 4)
  expect(idsOf(waiting.frames)).toEqual([1, 2, 3, 4])
  expect(waiting.frames[1]!.includes('a'), 'the topic is there when the next request is answered').toBe(true)
  expect(exchanged.slice(2)).toEqual(['CreateTopics', 'Metadata', 'CreateTopics', 'ListGroups'])
  waiting.socket.destroy()
  other.socket.destroy()
})

test('a client that sends no more gets the answer that waits for code', async () => {
  const { promise, resolve } = topicsLoading()
  await listen(() => promise)
  const { socket, frames } = client(createTopicFrame(1, 'a'), false)
  await until(() => listener.connections.size === 1)
  await turns(20)
  resolve(topics)
  await closed(socket)
  expect(idsOf(frames)).toEqual([1])
})

test('code that cannot be loaded closes the connection, is told, and is tried again', async () => {
  const outcomes = [() => Promise.reject(new Error('the file is gone')), async () => topics]
  await listen(() => outcomes.shift()!())
  const { socket, frames } = client(createTopicFrame(1, 'a'))
  await closed(socket)
  expect(frames).toEqual([])
  expect(logged.join('\n')).toContain(
    'What answers the APIs for topics could not be loaded: the file is gone',
  )
  const next = client(createTopicFrame(2, 'a'))
  await until(() => next.frames.length === 1)
  next.socket.destroy()
})

test('a request that comes while the node closes is no bug of ours', async () => {
  await listen(() => Promise.reject(new CloseConnectionError('was too late')))
  const { socket } = client(createTopicFrame(1, 'a'))
  await closed(socket)
  expect(logged.join('\n')).toMatch(/^The connection from .* was closed: was too late$/)
})
