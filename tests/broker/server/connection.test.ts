import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decode } from '../../../broker/protocol/codec.ts'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import { FrameSplitter } from '../../../broker/protocol/frame.ts'
import { encodeRequest } from '../../../broker/protocol/header.ts'
import { produceRequest, produceResponse } from '../../../broker/protocol/schemas/00-produce.ts'
import { fetchRequest, fetchResponse } from '../../../broker/protocol/schemas/01-fetch.ts'
import { metadataRequest, metadataResponse } from '../../../broker/protocol/schemas/03-metadata.ts'
import { joinGroupRequest } from '../../../broker/protocol/schemas/11-join-group.ts'
import { apiVersionsRequest, apiVersionsResponse } from '../../../broker/protocol/schemas/18-api-versions.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { BrokerFixture, closed, until } from './broker-fixture.ts'

const header = (correlationId: number) => ({ correlationId, clientId: 'test' })
const metadataFrame = (correlationId: number) =>
  Buffer.concat(encodeRequest(metadataRequest, 1, header(correlationId), { topics: [] }))

function produceFrame(correlationId: number, acks: number, valueBytes = 10, topic = 't'): Buffer {
  const records = encodeRecordBatch({ records: [{ value: 'v'.repeat(valueBytes) }], timestampMs: Date.now() })
  const body = { acks, timeoutMs: 1000, topicData: [{ name: topic, partitionData: [{ index: 0, records }] }] }
  return Buffer.concat(encodeRequest(produceRequest, 7, header(correlationId), body))
}

function fetchFrame(correlationId: number, fetchOffset: number, maxWaitMs: number): Buffer {
  const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes: 10_000_000 }]
  const body = { maxWaitMs, minBytes: 1, topics: [{ topic: 't', partitions }], forgottenTopicsData: [] }
  return Buffer.concat(encodeRequest(fetchRequest, 11, header(correlationId), body))
}

/** JoinGroup of a new member, which a group that has one already answers only when that one comes again. */
function joinFrame(correlationId: number): Buffer {
  const protocols = [{ name: 'range', metadata: Buffer.alloc(0) }]
  const body = {
    groupId: 'g',
    sessionTimeoutMs: 30_000,
    rebalanceTimeoutMs: 300_000,
    memberId: '',
    protocolType: 'consumer',
    protocols,
  }
  return Buffer.concat(encodeRequest(joinGroupRequest, 3, header(correlationId), body))
}

/** A request whose header names any API and version, with an empty body. */
function bareFrame(apiKey: number, apiVersion: number, correlationId = 1): Buffer {
  const frame = Buffer.alloc(4 + 10)
  frame.writeInt32BE(10, 0)
  frame.writeInt16BE(apiKey, 4)
  frame.writeInt16BE(apiVersion, 6)
  frame.writeInt32BE(correlationId, 8)
  frame.writeInt16BE(-1, 12)
  return frame
}

/** Sends the bytes and gives the correlation ids of the first `count` answers, in their order. */
async function answers(broker: BrokerFixture, bytes: Buffer, count: number): Promise<number[]> {
  const socket = await broker.socket()
  const splitter = new FrameSplitter(100_000_000)
  const ids: number[] = []
  socket.on('data', (chunk: Buffer) => {
    for (const frame of splitter.push(chunk)) ids.push(frame.readInt32BE(0))
  })
  socket.write(bytes)
  await until(() => ids.length >= count || socket.destroyed)
  socket.destroy()
  return ids
}

describe('a connection', () => {
  test('answers in the order of the requests, also behind one that waits', async () => {
    await using broker = await BrokerFixture.start()
    broker.createTopic('t')
    const frames = [fetchFrame(1, 0, 50), metadataFrame(2), produceFrame(3, -1), metadataFrame(4)]
    expect(await answers(broker, Buffer.concat(frames), 4)).toEqual([1, 2, 3, 4])
  })

  test('answers small and large requests in their order', async () => {
    await using broker = await BrokerFixture.start()
    broker.createTopic('t')
    const large = (correlationId: number) => produceFrame(correlationId, -1, 100_000)
    const frames = [large(1), large(2), metadataFrame(3), large(4), large(5)]
    expect(await answers(broker, Buffer.concat(frames), 5)).toEqual([1, 2, 3, 4, 5])
  })

  test.each([10, 100_000])('what was answered before a broken request is sent (%i bytes)', async (bytes) => {
    await using broker = await BrokerFixture.start()
    broker.createTopic('t')
    const cut = bareFrame(3, 1, 3)
    const frames = [produceFrame(1, -1, bytes), produceFrame(2, -1, bytes), cut]
    expect(await answers(broker, Buffer.concat(frames), 3)).toEqual([1, 2])
  })

  test('what came before a frame that is none is answered, also what has to wait', async () => {
    await using broker = await BrokerFixture.start()
    broker.createTopic('t')
    const frames = [metadataFrame(1), fetchFrame(2, 0, 50), metadataFrame(3), Buffer.alloc(4, 0xff)]
    expect(await answers(broker, Buffer.concat(frames), 4)).toEqual([1, 2, 3])
    expect(broker.logged.join()).toContain('frame')
  })

  test('reads requests that come byte by byte', async () => {
    await using broker = await BrokerFixture.start()
    const socket = await broker.socket()
    socket.setNoDelay(true)
    let received = 0
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length
    })
    for (const byte of metadataFrame(9)) socket.write(Buffer.of(byte))
    await until(() => received > 4)
    socket.destroy()
  })

  test('does not answer acks=0, and hangs up when it fails', async () => {
    await using broker = await BrokerFixture.start()
    broker.createTopic('t')
    const bytes = Buffer.concat([produceFrame(1, 0), metadataFrame(2)])
    expect(await answers(broker, bytes, 1)).toEqual([2])
    const socket = await broker.socket()
    socket.write(produceFrame(1, 0, 10, 'nope'))
    await closed(socket)
    expect(broker.logged.join()).toContain('acks=0')
  })

  test('an unknown version of ApiVersions is answered with v0 and error 35', async () => {
    await using broker = await BrokerFixture.start()
    const socket = await broker.socket()
    const frames: Buffer[] = []
    const splitter = new FrameSplitter(1_000_000)
    socket.on('data', (chunk: Buffer) => frames.push(...splitter.push(chunk)))
    socket.write(bareFrame(18, 99, 7))
    await until(() => frames.length > 0)
    expect(frames[0]!.readInt32BE(0)).toBe(7)
    expect(decode(apiVersionsResponse, 0, frames[0]!.subarray(4))).toMatchObject({
      errorCode: errorCode.unsupportedVersion,
      apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }],
    })
    socket.write(Buffer.concat(encodeRequest(apiVersionsRequest, 0, header(8), {})))
    await until(() => frames.length > 1)
    socket.destroy()
  })

  test.each([
    ['an unknown API', () => bareFrame(999, 0), 'API 999'],
    ['an API that is not offered', () => bareFrame(67, 0), 'API 67'],
    ['a version that is not offered', () => bareFrame(3, 99), 'Metadata version 99'],
    ['Produce v2', () => bareFrame(0, 2), 'Produce version 2'],
    ['a frame that is too large', () => Buffer.from([0x7f, 0xff, 0xff, 0xff]), 'socket.request.max.bytes'],
    ['a negative frame', () => Buffer.from([0xff, 0xff, 0xff, 0xff]), 'frame'],
    ['an empty frame', () => Buffer.alloc(4), 'decode'],
    ['a body that is cut', () => bareFrame(3, 1), 'MetadataRequest v1'],
  ])('%s closes that connection alone, and the log says why', async (_name, bytes, reason) => {
    await using broker = await BrokerFixture.start()
    await using other = await broker.client()
    const socket = await broker.socket()
    socket.write(bytes())
    await closed(socket)
    await until(() => broker.logged.length > 0)
    expect(broker.logged.join()).toContain(reason)
    const { brokers } = await other.send(metadataRequest, metadataResponse, 1, { topics: [] })
    expect(brokers).toHaveLength(1)
  })

  test('outlives random bytes', async () => {
    await using broker = await BrokerFixture.start()
    await using other = await broker.client()
    for (let round = 0; round < 60; round++) {
      const socket = await broker.socket()
      const body = randomBytes(1 + ((round * 37) % 400))
      const prefix = Buffer.alloc(4)
      prefix.writeInt32BE(body.length)
      // Half of them with a header that looks right, so that bodies are decoded.
      if (round % 2 === 0) bareFrame(round % 45, round % 5).copy(body, 0, 4)
      socket.end(Buffer.concat([prefix, body]))
      await closed(socket)
    }
    const { brokers } = await other.send(metadataRequest, metadataResponse, 1, { topics: [] })
    expect(brokers).toHaveLength(1)
    await until(() => broker.connectionCount === 1)
    expect(broker.logged.filter((line) => line.includes('internal error'))).toEqual([])
  })

  test('a client that goes while it waits leaves nothing behind', async () => {
    await using broker = await BrokerFixture.start()
    broker.createTopic('t')
    const { purgatory } = broker.running.node
    for (const leave of ['end', 'destroy'] as const) {
      const socket = await broker.socket()
      socket.write(fetchFrame(1, 0, 60_000))
      await until(() => purgatory.size === 1)
      socket[leave]()
      await until(() => purgatory.size === 0 && broker.connectionCount === 0)
    }
  })

  test('what a client sent behind a request that waits is done, though it sends no more', async () => {
    await using broker = await BrokerFixture.start()
    broker.createTopic('t')
    broker.createTopic('other')
    const socket = await broker.socket()
    socket.end(Buffer.concat([fetchFrame(1, 0, 300), produceFrame(2, 0, 10, 'other')]))
    await until(() => broker.running.node.partition('other', 0)?.highWatermark === 1)
    await until(() => broker.connectionCount === 0)
  })

  test('a client that goes while its group rebalances is gone at once', async () => {
    await using broker = await BrokerFixture.start()
    broker.createTopic('__consumer_offsets', 50)
    const stays = await broker.socket()
    let answeredBytes = 0
    stays.on('data', (chunk: Buffer) => {
      answeredBytes += chunk.length
    })
    stays.write(joinFrame(1))
    await until(() => answeredBytes > 0)
    const goes = await broker.socket()
    await until(() => broker.connectionCount === 2)
    goes.end(joinFrame(2))
    let sentBytes = 0
    goes.on('data', (chunk: Buffer) => {
      sentBytes += chunk.length
    })
    await until(() => broker.connectionCount === 1)
    expect(sentBytes).toBe(0)
    stays.destroy()
  })
})

describe('back-pressure', () => {
  test('a client that sends without reading is read no further, and nothing is lost', async () => {
    await using broker = await BrokerFixture.start()
    broker.createTopic('t')
    await using producer = await broker.client()
    for (let count = 0; count < 8; count++) {
      const records = encodeRecordBatch({
        records: [{ value: 'v'.repeat(900_000) }],
        timestampMs: Date.now(),
      })
      const topicData = [{ name: 't', partitionData: [{ index: 0, records }] }]
      await producer.send(produceRequest, produceResponse, 7, { acks: -1, timeoutMs: 1000, topicData })
    }
    const socket = await broker.socket()
    socket.pause()
    const requests = 60
    for (let id = 1; id <= requests; id++) socket.write(fetchFrame(id, 0, 0))
    const connection = [...broker.running.listener.connections.values()].at(-1)!
    await until(() => connection.bytesOut > 0)
    await until(() => connection.unsentBytes > 0)
    // At most the answer in hand is unsent: with all of them it would be more than a gigabyte.
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(connection.unsentBytes).toBeLessThan(20_000_000)
    const splitter = new FrameSplitter(100_000_000)
    const ids: number[] = []
    socket.on('data', (chunk: Buffer) => {
      for (const frame of splitter.push(chunk)) ids.push(frame.readInt32BE(0))
    })
    socket.resume()
    await until(() => ids.length >= requests)
    expect(ids).toEqual(Array.from({ length: requests }, (_, index) => index + 1))
    socket.destroy()
  }, 30_000)

  test('requests behind one that waits are read ahead to a limit only', async () => {
    await using broker = await BrokerFixture.start({ 'connections.max.idle.ms': '2000' })
    broker.createTopic('t')
    const socket = await broker.socket()
    socket.write(fetchFrame(1, 0, 60_000))
    const chunk = Buffer.concat(Array.from({ length: 100 }, () => produceFrame(2, -1, 100_000)))
    socket.write(chunk)
    const connection = [...broker.running.listener.connections.values()].at(-1)!
    await until(() => connection.bytesIn > 1_000_000)
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(connection.bytesIn).toBeLessThan(chunk.length / 2)
    socket.destroy()
    await until(() => broker.connectionCount === 0)
  })

  test('a client that never reads is closed in the end', async () => {
    await using broker = await BrokerFixture.start({ 'connections.max.idle.ms': '300' })
    broker.createTopic('t')
    await using producer = await broker.client()
    const records = encodeRecordBatch({ records: [{ value: 'v'.repeat(900_000) }], timestampMs: Date.now() })
    const topicData = [{ name: 't', partitionData: [{ index: 0, records }] }]
    for (let count = 0; count < 10; count++) {
      await producer.send(produceRequest, produceResponse, 7, { acks: -1, timeoutMs: 1000, topicData })
    }
    const socket = await broker.socket()
    socket.on('error', () => {})
    socket.pause()
    for (let id = 1; id <= 20; id++) socket.write(fetchFrame(id, 0, 0))
    await until(() => broker.logged.some((line) => line.includes('did not read')))
    socket.destroy()
  })
})

describe('the listener', () => {
  test('closes a connection that is silent', async () => {
    await using broker = await BrokerFixture.start({ 'connections.max.idle.ms': '100' })
    const socket = await broker.socket()
    await closed(socket)
    expect(broker.logged).toEqual([])
  })

  test('a negative connections.max.idle.ms closes nobody', async () => {
    await using broker = await BrokerFixture.start({ 'connections.max.idle.ms': '-1' })
    await using client = await broker.client()
    const connection = [...broker.running.listener.connections.values()][0]!
    connection.sweep(Number.MAX_SAFE_INTEGER, -1)
    const answer = await client.send(apiVersionsRequest, apiVersionsResponse, 0, {})
    expect(answer.errorCode).toBe(0)
  })

  test('a long poll is no idleness', async () => {
    await using broker = await BrokerFixture.start({ 'connections.max.idle.ms': '100' })
    broker.createTopic('t')
    await using client = await broker.client()
    const answer = await client.send(fetchRequest, fetchResponse, 11, {
      maxWaitMs: 400,
      minBytes: 1,
      topics: [{ topic: 't', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 100 }] }],
      forgottenTopicsData: [],
    })
    expect(answer.errorCode).toBe(0)
  })
})
