import type { Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { fetchFrame } from '../../bench/load/frames.ts'
import { WireClient } from '../../broker/protocol/client.ts'
import { FrameSplitter } from '../../broker/protocol/frame.ts'
import { encodeRequest } from '../../broker/protocol/header.ts'
import { metadataRequest } from '../../broker/protocol/schemas/03-metadata.ts'
import { apiVersionsRequest } from '../../broker/protocol/schemas/18-api-versions.ts'
import { encodeRecordBatch } from '../../broker/records/record-batch-builder.ts'
import { kib, mib, note, openSocket, untilGauges, untilPrinted } from './crowd.ts'
import { type InspectedBroker, startInspectedBroker } from './inspected-broker.ts'
import { Probe } from './probe.ts'
import { createTopics, produce } from './requests.ts'

const maxFrameBytes = 8 * mib
/** ARCHITECTURE.md: an answer's records, what is unsent before it, and the one batch by which it may exceed. */
const answerBytes = 8 * mib + 1 * mib + 1 * mib
/** ARCHITECTURE.md: of a frame of which nothing has come yet. */
const announcedBytes = 64 * kib
/** ARCHITECTURE.md: free buffers of the pool. */
const pooledBytes = 32 * mib
/** What V8 and the allocator may keep of what is free again. */
const allocatorBytes = 128 * mib
/** A client that does nothing wrong may wait longer on a machine under load, but not by this much. */
const maxSlowdown = 20

const apiVersions = Buffer.concat(
  encodeRequest(apiVersionsRequest, 2, { correlationId: 7, clientId: 'slow' }, {}),
)

let broker: InspectedBroker
let probe: Probe
let quietMs: number
beforeAll(async () => {
  broker = await startInspectedBroker({ 'socket.request.max.bytes': String(maxFrameBytes) })
  probe = await Probe.start(broker.port)
  await using client = await WireClient.connect({ port: broker.port })
  await createTopics(client, [
    { name: 'big', partitions: 8 },
    // Of it Metadata makes an answer of some 10 KB.
    { name: 'wide', partitions: 200 },
  ])
  const value = 'x'.repeat(1_000_000)
  const batch = encodeRecordBatch({ records: [{ value }], timestampMs: Date.now() })
  for (let count = 0; count < 16; count++) await produce(client, 'big', count % 8, batch)
  await probe.serve(200)
  quietMs = await probe.serve(200)
}, 60_000)
afterAll(async () => {
  await probe?.[Symbol.asyncDispose]()
  await broker?.close()
})

const opened: Socket[] = []
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy()
})

let baseRss: number
beforeEach(async () => {
  await untilGauges(broker, ({ connections }) => connections === 1)
  baseRss = (await broker.gauges()).rssBytes
  broker.resetPeak()
}, 30_000)

/** The broker's memory since the test began, and the probe's pace now. */
async function expectBounded(what: string, bytes: number): Promise<void> {
  const grown = broker.peakRssBytes() - baseRss
  note(what, grown)
  expect(grown).toBeLessThan(bytes)
  expect((await probe.serve(100)) / quietMs).toBeLessThan(maxSlowdown)
}

const allOfBig = new Map(Array.from({ length: 8 }, (_, partition) => [partition, 0]))

describe('clients that do not read', () => {
  test('ten with two hundred big fetches each hold one answer each', async () => {
    const before = await broker.gauges()
    const frame = fetchFrame('big', allOfBig, 64 * mib)
    const sockets = await openMany(10)
    for (const socket of sockets) {
      socket.pause()
      for (let count = 0; count < 200; count++) socket.write(frame)
    }
    await untilGauges(broker, ({ unsentBytes }) => unsentBytes >= 10 * mib)
    await probe.serve(300)
    // Of each one answer behind one MiB: the other 199 requests are not begun.
    expect((await broker.gauges()).unsentBytes).toBeLessThan(10 * answerBytes)
    await expectBounded('10 clients that read no answer', 10 * answerBytes + pooledBytes + allocatorBytes)
    for (const socket of sockets) socket.destroy()
    // Whatever lay ready for them in files is let go.
    await untilGauges(broker, ({ connections }) => connections === 1)
    expect((await broker.gauges()).fileDescriptors).toBeLessThanOrEqual(before.fileDescriptors)
  }, 60_000)

  test('one that sends 10,000 requests without reading gets all its answers when it does, in order', async () => {
    const count = 10_000
    const [socket] = await openMany(1)
    socket!.pause()
    const all = { topics: null, allowAutoTopicCreation: false, includeTopicAuthorizedOperations: false }
    for (let correlationId = 1; correlationId <= count; correlationId++)
      socket!.write(Buffer.concat(encodeRequest(metadataRequest, 9, { correlationId, clientId: 'c' }, all)))
    await untilGauges(broker, ({ unsentBytes }) => unsentBytes >= mib / 2)
    await probe.serve(500)
    // Above one MiB no further request of the connection is begun.
    expect((await broker.gauges()).unsentBytes).toBeLessThan(2 * mib)
    await expectBounded('10,000 unread answers of 10 KB', 4 * mib + allocatorBytes)
    const splitter = new FrameSplitter(mib)
    let next = 1
    await new Promise<void>((resolve, reject) => {
      socket!.on('close', () => reject(new Error(`closed after ${next - 1} answers`)))
      socket!.on('data', (chunk: Buffer) => {
        for (const frame of splitter.push(chunk)) {
          if (frame.readInt32BE(0) !== next++)
            reject(new Error(`answer ${frame.readInt32BE(0)} at ${next - 1}`))
        }
        if (next > count) resolve()
      })
      socket!.resume()
    })
    socket!.removeAllListeners('close')
  }, 60_000)
})

describe('clients that send a byte now and then', () => {
  test('a hundred at once are answered in the end, and the others all the while', async () => {
    const sockets = await openMany(100)
    const answers = sockets.map((socket) => new Promise((resolve) => socket.once('data', resolve)))
    for (const byte of apiVersions) {
      for (const socket of sockets) socket.write(Buffer.from([byte]))
      await probe.once()
    }
    await Promise.all(answers)
    await expectBounded('100 clients that send single bytes', 100 * announcedBytes + allocatorBytes)
  }, 60_000)

  test('a hundred that announce the longest frame hold what they have sent', async () => {
    const before = await broker.gauges()
    const sockets = await openMany(100)
    const head = Buffer.alloc(6)
    head.writeInt32BE(maxFrameBytes, 0)
    for (const socket of sockets) socket.write(head)
    for (let turn = 0; turn < 50; turn++) {
      for (const socket of sockets) socket.write(Buffer.from([0]))
      await probe.once()
    }
    const gauges = await broker.gauges()
    expect(gauges.connections).toBe(101)
    note('external memory of 100 announced frames', gauges.externalBytes - before.externalBytes)
    expect(gauges.externalBytes - before.externalBytes).toBeLessThan(100 * 2 * announcedBytes)
    await expectBounded('100 clients that announce 8 MiB', 100 * announcedBytes + allocatorBytes)
  }, 60_000)
})

describe('frames at the limit', () => {
  /** A frame that is no request: an ApiVersions head, then zeros up to its size. */
  const frameOf = (sizeBytes: number) => {
    const frame = Buffer.alloc(4 + sizeBytes)
    apiVersions.copy(frame, 0)
    frame.writeInt32BE(sizeBytes, 0)
    return frame
  }

  test('one of exactly socket.request.max.bytes is read and answered', async () => {
    const [socket] = await openMany(1)
    const answer = new Promise<Buffer>((resolve) => socket!.once('data', resolve))
    socket!.write(frameOf(maxFrameBytes))
    expect((await answer).readInt32BE(4)).toBe(7)
    await expectBounded('a frame of 8 MiB', 3 * maxFrameBytes + allocatorBytes)
  })

  test.each([
    ['one byte more', maxFrameBytes + 1],
    ['the greatest length', 0x7fff_ffff],
    ['a negative length', -1],
    ['the least length', -0x8000_0000],
  ])('%s: the connection is closed, the log says why', async (_name, length) => {
    const [socket] = await openMany(1)
    const closed = new Promise((resolve) => socket!.once('close', resolve))
    const head = Buffer.alloc(4)
    head.writeInt32BE(length, 0)
    socket!.write(head)
    await closed
    const line = await untilPrinted(
      broker,
      new RegExp(`${socket!.localPort ?? ''} was closed.* ${length}\\b`),
    )
    expect(line).toContain('socket.request.max.bytes')
    await expectBounded(`a frame of ${length} bytes`, allocatorBytes)
  })
})

async function openMany(count: number): Promise<Socket[]> {
  const sockets = await Promise.all(Array.from({ length: count }, () => openSocket(broker.port)))
  opened.push(...sockets)
  return sockets
}
