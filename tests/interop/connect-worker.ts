import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import type { Child } from '../support/child.ts'
import { freePorts } from '../support/free-port.ts'
import { startJava } from './java-tool.ts'

const wait = { timeout: 90_000, interval: 200 }

/** A distributed worker of Kafka Connect that carries the lines of a file through a topic into another file. */
export type ConnectWorker = AsyncDisposable & {
  /** The file that is read; lines may be added. */
  source: string
  /** The file that is written; empty while it is not there. */
  sink(): string
  sourceConnector: string
  sinkConnector: string
  start(): Promise<void>
  /** SIGKILL. */
  kill(): Promise<void>
  createConnectors(): Promise<void>
  untilRunning(connector: string): Promise<void>
  offsets(connector: string): Promise<unknown>
  output(): string
}

/** ASCII only: the source connector counts characters and skips bytes. */
export const numberedLines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index} of the file\n`).join('')

/** Prepares a worker named `id` (of its group, too); it is not started yet. */
export async function prepareConnect(bootstrap: string, id: string, topic: string): Promise<ConnectWorker> {
  const home = mkdtempSync(join(tmpdir(), 'connect-'))
  const [port] = await freePorts(1)
  const rest = `http://127.0.0.1:${port}`
  const properties = join(home, 'worker.properties')
  const [source, sink] = [join(home, 'source.txt'), join(home, 'sink.txt')]
  writeFileSync(properties, workerProperties(bootstrap, id, port!))
  let worker: Child | undefined
  const created = (name: string, config: Record<string, string>) => createConnector(rest, name, config)
  return {
    source,
    sink: () => (existsSync(sink) ? readFileSync(sink, 'utf8') : ''),
    sourceConnector: `${id}-source`,
    sinkConnector: `${id}-sink`,
    start: async () => {
      worker = await startJava('org.apache.kafka.connect.cli.ConnectDistributed', [properties])
      await untilUp(rest, worker)
    },
    kill: async () => {
      worker!.signal('SIGKILL')
      await worker!.exited
    },
    createConnectors: async () => {
      await created(`${id}-source`, {
        'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
        file: source,
        topic,
      })
      await created(`${id}-sink`, {
        'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector',
        'consumer.override.isolation.level': 'read_committed',
        file: sink,
        topics: topic,
      })
    },
    untilRunning: (connector) => untilRunning(rest, connector),
    offsets: async (connector) => (await fetch(`${rest}/connectors/${connector}/offsets`)).json(),
    output: () => worker?.output() ?? '',
    [Symbol.asyncDispose]: async () => {
      await worker?.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function workerProperties(bootstrap: string, id: string, port: number): string {
  const string = 'org.apache.kafka.connect.storage.StringConverter'
  const all = {
    'bootstrap.servers': bootstrap,
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

async function untilUp(rest: string, worker: Child): Promise<void> {
  await vi.waitFor(async () => {
    if (worker.exitCode() !== null) throw new Error(worker.output())
    expect((await fetch(`${rest}/connectors`)).status).toBe(200)
  }, wait)
}

async function createConnector(rest: string, name: string, config: Record<string, string>): Promise<void> {
  await vi.waitFor(async () => {
    const answer = await fetch(`${rest}/connectors/${name}/config`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ 'tasks.max': '1', ...config }),
    })
    expect(answer.status, await answer.text()).toBeLessThan(300)
  }, wait)
}

async function untilRunning(rest: string, name: string): Promise<void> {
  await vi.waitFor(async () => {
    const answer = await fetch(`${rest}/connectors/${name}/status`)
    const status = (await answer.json()) as { connector?: { state: string }; tasks?: { state: string }[] }
    const states = [status.connector?.state, ...(status.tasks ?? []).map(({ state }) => state)]
    expect(states, JSON.stringify(status)).toEqual(['RUNNING', 'RUNNING'])
  }, wait)
}
