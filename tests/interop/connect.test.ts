import { randomUUID } from 'node:crypto'
import { appendFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { type ConnectWorker, numberedLines, prepareConnect } from './connect-worker.ts'
import { programCommand } from './install.ts'
import { type Program, startProgram } from './program.ts'

/*
 * A distributed worker of Kafka Connect carries a file's lines through a topic into another file; it is killed (-9)
 * and started again, and no line is missing or there twice.
 */

const id = `connect-${randomUUID().slice(0, 8)}`
const topic = `${id}-lines`
const wait = { timeout: 90_000, interval: 200 }

let client: Program
let worker: ConnectWorker

const untilArrived = (text: string) => vi.waitFor(() => expect(worker.sink()).toBe(text), wait)

/** The sink's offsets are committed up to the end of the topic, but for a marker behind the last record. */
async function untilCommitted(): Promise<void> {
  await vi.waitFor(async () => {
    const { partitions } = await client.lag({ group: `connect-${worker.sinkConnector}`, topic })
    expect(partitions.map(({ committed, end }) => end - committed <= 1)).toEqual([true])
  }, wait)
}

beforeAll(async () => {
  client = startProgram(await programCommand('franz'), inject('bootstrap'))
  await client.createTopic({ topic, partitions: 1 })
  worker = await prepareConnect(inject('bootstrap'), id, topic)
  await worker.start()
}, 150_000)

afterAll(async () => {
  await worker?.[Symbol.asyncDispose]()
  await client?.[Symbol.asyncDispose]()
}, 60_000)

test('a file goes through a topic into a file, and on after kill -9 of the worker', async () => {
  const { source, sourceConnector, sinkConnector } = worker
  writeFileSync(source, numberedLines(0, 500))
  await worker.createConnectors()
  await worker.untilRunning(sourceConnector)
  await worker.untilRunning(sinkConnector)
  await untilArrived(numberedLines(0, 500))
  await untilCommitted()
  await worker.kill()
  appendFileSync(source, numberedLines(500, 800))
  await worker.start()
  await worker.untilRunning(sourceConnector)
  await untilArrived(numberedLines(0, 800))
  expect(await worker.offsets(sourceConnector)).toEqual({
    offsets: [
      {
        partition: { filename: source },
        offset: { position: Buffer.byteLength(numberedLines(0, 800)) },
      },
    ],
  })
}, 240_000)
