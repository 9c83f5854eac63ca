import { randomUUID } from 'node:crypto'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import type { Child } from '../support/child.ts'
import { freePorts } from '../support/free-port.ts'
import { programCommand } from './install.ts'
import { startJava } from './java-tool.ts'
import { type Program, startProgram } from './program.ts'

/*
 * A distributed worker of Kafka Connect carries a file's lines through a topic into another file; it is killed (-9)
 * and started again, and no line is missing or there twice.
 */

const id = `connect-${randomUUID().slice(0, 8)}`
const topic = `${id}-lines`
const wait = { timeout: 90_000, interval: 200 }

let home: string
let rest: string
let client: Program
let worker: Child

/** ASCII only: the source connector counts characters and skips bytes. */
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index} of the file\n`).join('')

async function startWorker(): Promise<void> {
  worker = await startJava('org.apache.kafka.connect.cli.ConnectDistributed', [
    join(home, 'worker.properties'),
  ])
  await vi.waitFor(async () => {
    if (worker.exitCode() !== null) throw new Error(worker.output())
    expect((await fetch(`${rest}/connectors`)).status).toBe(200)
  }, wait)
}

function workerProperties(port: number): string {
  const string = 'org.apache.kafka.connect.storage.StringConverter'
  const all = {
    'bootstrap.servers': inject('bootstrap'),
    'group.id': id,
    'config.storage.topic': `${id}-configs`,
    'offset.storage.topic': `${id}-offsets`,
    'status.storage.topic': `${id}-status`,
    'offset.storage.partitions': 3,
    'config.storage.replication.factor': 1,
    'offset.storage.replication.factor': 1,
    'status.storage.replication.factor': 1,
    'key.converter': string,
    'value.converter': string,
    listeners: `http://127.0.0.1:${port}`,
    'plugin.discovery': 'service_load',
    // Source records and their offsets in one transaction.
    'exactly.once.source.support': 'enabled',
    'offset.flush.interval.ms': 500,
    'session.timeout.ms': 6000,
    'heartbeat.interval.ms': 500,
    'rebalance.timeout.ms': 6000,
    'scheduled.rebalance.max.delay.ms': 0,
  }
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

async function createConnector(name: string, config: Record<string, string>): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  await vi.waitFor(async () => {
    const answer = await fetch(`${rest}/connectors/${name}/config`, {
      method: 'PUT',
      headers,
      body: JSON.stringify({ 'tasks.max': '1', ...config }),
    })
    expect(answer.status, await answer.text()).toBeLessThan(300)
  }, wait)
}

async function expectRunning(name: string): Promise<void> {
  await vi.waitFor(async () => {
    const answer = await fetch(`${rest}/connectors/${name}/status`)
    const status = (await answer.json()) as { connector?: { state: string }; tasks?: { state: string }[] }
    const states = [status.connector?.state, ...(status.tasks ?? []).map(({ state }) => state)]
    expect(states, JSON.stringify(status)).toEqual(['RUNNING', 'RUNNING'])
  }, wait)
}

async function expectArrived(text: string): Promise<void> {
  const sink = join(home, 'sink.txt')
  await vi.waitFor(() => expect(existsSync(sink) && readFileSync(sink, 'utf8')).toBe(text), wait)
}

/** The sink's offsets are committed up to the end of the topic, but for a marker behind the last record. */
async function expectCommitted(): Promise<void> {
  await vi.waitFor(async () => {
    const { partitions } = await client.lag({ group: `connect-${id}-sink`, topic })
    expect(partitions.map(({ committed, end }) => end - committed <= 1)).toEqual([true])
  }, wait)
}

beforeAll(async () => {
  client = startProgram(await programCommand('franz'), inject('bootstrap'))
  home = mkdtempSync(join(tmpdir(), 'connect-'))
  const [port] = await freePorts(1)
  rest = `http://127.0.0.1:${port}`
  writeFileSync(join(home, 'worker.properties'), workerProperties(port!))
  await client.createTopic({ topic, partitions: 1 })
  await startWorker()
}, 150_000)

afterAll(async () => {
  await worker?.stop()
  await client?.[Symbol.asyncDispose]()
  rmSync(home, { recursive: true, force: true })
}, 60_000)

test('a file goes through a topic into a file, and on after kill -9 of the worker', async () => {
  const source = join(home, 'source.txt')
  writeFileSync(source, lines(0, 500))
  const [reads, writes] = [`${id}-source`, `${id}-sink`]
  await createConnector(reads, {
    'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
    file: source,
    topic,
  })
  await createConnector(writes, {
    'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector',
    'consumer.override.isolation.level': 'read_committed',
    file: join(home, 'sink.txt'),
    topics: topic,
  })
  await expectRunning(reads)
  await expectRunning(writes)
  await expectArrived(lines(0, 500))
  await expectCommitted()
  worker.signal('SIGKILL')
  await worker.exited
  appendFileSync(source, lines(500, 800))
  await startWorker()
  await expectRunning(reads)
  await expectArrived(lines(0, 800))
  const described = await fetch(`${rest}/connectors/${reads}/offsets`)
  expect(await described.json()).toEqual({
    offsets: [{ partition: { filename: source }, offset: { position: Buffer.byteLength(lines(0, 800)) } }],
  })
}, 240_000)
