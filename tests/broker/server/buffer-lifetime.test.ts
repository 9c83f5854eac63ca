import type { Socket } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeFrom } from '../../../broker/protocol/codec.ts'
import { FrameSplitter } from '../../../broker/protocol/frame.ts'
import { encodeRequest } from '../../../broker/protocol/header.ts'
import { Reader } from '../../../broker/protocol/reader.ts'
import { produceRequest } from '../../../broker/protocol/schemas/00-produce.ts'
import { fetchRequest, fetchResponse } from '../../../broker/protocol/schemas/01-fetch.ts'
import { batchesOf } from '../../../broker/records/record-batch.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { BrokerFixture, closed, until } from './broker-fixture.ts'

const partitionCount = 3
const fetchVersion = 11
const header = { correlationId: 7, clientId: 'test' }

/** One Produce request with a batch of two records for each partition, large enough for pooled memory. */
function produceFrame(valueBytes: number, fill: number): Buffer {
  const value = Buffer.alloc(valueBytes, fill)
  const records = encodeRecordBatch({ records: [{ value }, { value }], timestampMs: Date.now() })
  const partitionData = Array.from({ length: partitionCount }, (_, index) => ({ index, records }))
  const body = { acks: -1, timeoutMs: 1000, topicData: [{ name: 't', partitionData }] }
  return Buffer.concat(encodeRequest(produceRequest, 7, header, body))
}

function fetchFrame(fetchOffset: number, partitionMaxBytes: number): Buffer {
  const partitions = Array.from({ length: partitionCount }, (_, partition) => ({
    partition,
    fetchOffset,
    partitionMaxBytes,
  }))
  const topics = [{ topic: 't', partitions }]
  const body = { maxWaitMs: 0, minBytes: 1, maxBytes: 50_000_000, topics, forgottenTopicsData: [] }
  return Buffer.concat(encodeRequest(fetchRequest, fetchVersion, header, body))
}

/** Checks an answer's batches: whole, with a good CRC, and at the offsets that were asked for. */
function checkFetched(frame: Buffer, fetchOffset: number): void {
  const reader = new Reader(frame, 4)
  const { responses } = decodeFrom(fetchResponse, fetchVersion, reader)
  for (const { partitions } of responses) {
    for (const { records } of partitions) {
      let nextOffset = fetchOffset
      for (const batch of batchesOf(records ?? Buffer.alloc(0))) {
        expect(batch.baseOffset).toBe(nextOffset)
        expect(batch.hasValidCrc()).toBe(true)
        nextOffset = batch.nextOffset
      }
    }
  }
}

/** Waits until so many frames came on a socket that is read in jerks. */
async function framesOf(socket: Socket, count: number, check: (frame: Buffer, index: number) => void) {
  const splitter = new FrameSplitter(100_000_000)
  let seen = 0
  socket.on('data', (chunk: Buffer) => {
    for (const frame of splitter.push(chunk)) check(frame, seen++)
    socket.pause()
    setImmediate(() => setImmediate(() => socket.resume()))
  })
  await until(() => seen >= count || socket.destroyed)
  expect(seen).toBe(count)
}

/** What is asked of the broker at once; numbers that no test of ours would think of. */
const plan = fc.record({
  valueBytes: fc.constantFrom(9_000, 40_000, 120_000),
  batches: fc.integer({ min: 10, max: 25 }),
  readers: fc.integer({ min: 2, max: 5 }),
  fetches: fc.integer({ min: 5, max: 30 }),
  partitionMaxBytes: fc.constantFrom(50_000, 300_000, 1_048_576),
  dying: fc.nat(2),
})

test('slow readers get the right bytes while buffers are used again, and others hang up', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async ({ valueBytes, batches, readers, fetches, partitionMaxBytes, dying }) => {
      await using broker = await BrokerFixture.start()
      broker.createTopic('t', partitionCount)
      const producer = await broker.socket()
      for (let fill = 0; fill < batches; fill++) producer.write(produceFrame(valueBytes, fill))
      await framesOf(producer, batches, (frame) => expect(frame.length).toBeGreaterThan(0))
      const offsets = Array.from({ length: fetches }, (_, index) => (index % batches) * 2)
      const asked = Buffer.concat(offsets.map((offset) => fetchFrame(offset, partitionMaxBytes)))
      const sockets = await Promise.all(Array.from({ length: readers + dying }, () => broker.socket()))
      for (const socket of sockets) socket.write(asked)
      // Those who hang up have answers on their way, whose memory must not come back while it is in use.
      for (const socket of sockets.splice(readers)) {
        socket.once('data', () => socket.destroy())
        await closed(socket)
      }
      const second = await broker.socket()
      for (let fill = 0; fill < batches; fill++) second.write(produceFrame(valueBytes, fill))
      const written = framesOf(second, batches, (frame) => expect(frame.length).toBeGreaterThan(0))
      const read = sockets.map((socket) =>
        framesOf(socket, fetches, (frame, index) => checkFetched(frame, offsets[index]!)),
      )
      await Promise.all([written, ...read])
      for (const socket of [...sockets, producer, second]) socket.destroy()
    }),
    { numRuns: 6 },
  )
}, 60_000)
