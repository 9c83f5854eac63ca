/**
 * `npm run bench`: Apache Kafka 4.3.1 and Millrace side by side on this machine; bench/README.md says how.
 * Flags: --rounds N (default 5), --quick (2 rounds, little data, memory alone), --data shm|disk|both,
 * --no-tools, --json FILE.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import {
  type BenchBroker,
  type BrokerName,
  createTopic,
  deleteTopic,
  runLoad,
  startBenchBroker,
} from './brokers.ts'
import { Figures } from './figures.ts'
import { consumerPerformance, endToEndLatency, producerPerformance } from './kafka-tools.ts'
import type { Latency, Throughput } from './load/client.ts'
import type { Transactions } from './load/transactions.ts'
import { residentMib } from './process-usage.ts'
import {
  fetchLoad,
  latencyLoad,
  produceLoad,
  type Scenario,
  scenarios,
  transactionLoad,
} from './scenarios.ts'
import { secondsToFirstAnswer } from './start-time.ts'

type Plan = {
  rounds: number
  warmupBytes: number
  bytesPerLoad: number
  latencySeconds: number
  toolRecords: number
  endToEndRecords: number
  tools: boolean
}

const gb = 1e9
const full: Omit<Plan, 'rounds' | 'tools'> = {
  warmupBytes: 1.5 * gb,
  bytesPerLoad: 0.6 * gb,
  latencySeconds: 5,
  toolRecords: 500_000,
  endToEndRecords: 3_000,
}
const quick: typeof full = {
  warmupBytes: 1 * gb,
  bytesPerLoad: 0.3 * gb,
  latencySeconds: 3,
  toolRecords: 200_000,
  endToEndRecords: 1_000,
}

let topicNumber = 0

/** Produces and fetches one scenario on a topic of its own. */
async function throughput(
  broker: BenchBroker,
  scenario: Scenario,
  bytes: number,
  figures?: Figures,
): Promise<void> {
  const topic = `bench-${topicNumber++}`
  await createTopic(broker, topic, scenario.partitions)
  const produced = await runLoad<Throughput>(broker, produceLoad(scenario, broker.port, topic, bytes))
  const fetched = await runLoad<Throughput>(
    broker,
    fetchLoad(scenario, broker.port, topic, produced.bytes * 0.95),
  )
  await deleteTopic(broker, topic)
  const add = (verb: string, result: Throughput & { cpuSeconds: number }) => {
    const name = `${verb}, ${scenario.name}`
    figures?.add(broker.name, { name, unit: 'MB/s', better: 'more' }, result.bytes / 1e6 / result.seconds)
    const cpu = { name: `broker CPU, ${name}`, unit: 's/GB', better: 'less' } as const
    figures?.add(broker.name, cpu, result.cpuSeconds / (result.bytes / gb))
  }
  add('produce', produced)
  add('fetch', fetched)
}

async function ackedLatency(broker: BenchBroker, seconds: number, figures?: Figures): Promise<void> {
  const topic = `bench-${topicNumber++}`
  await createTopic(broker, topic, 1)
  const { p50Ms, p99Ms } = await runLoad<Latency>(broker, latencyLoad(broker.port, topic, seconds))
  await deleteTopic(broker, topic)
  figures?.add(broker.name, { name: 'acked produce p50, 200/s', unit: 'ms', better: 'less' }, p50Ms)
  figures?.add(broker.name, { name: 'acked produce p99, 200/s', unit: 'ms', better: 'less' }, p99Ms)
}

async function transactionsASecond(
  broker: BenchBroker,
  producers: number,
  seconds: number,
  figures?: Figures,
): Promise<void> {
  const topic = `bench-${topicNumber++}`
  await createTopic(broker, topic, 2)
  const result = await runLoad<Transactions>(broker, transactionLoad(broker.port, topic, producers, seconds))
  await deleteTopic(broker, topic)
  const name = `transactions, ${producers} producer${producers === 1 ? '' : 's'}`
  figures?.add(broker.name, { name, unit: '/s', better: 'more' }, result.perSecond)
  figures?.add(broker.name, { name: `${name}, p50`, unit: 'ms', better: 'less' }, result.p50Ms)
}

async function kafkasOwnTools(broker: BenchBroker, plan: Plan, figures: Figures): Promise<void> {
  const topic = `bench-${topicNumber++}`
  await createTopic(broker, topic, 6)
  const produced = await producerPerformance(broker.bootstrap, topic, plan.toolRecords)
  const consumed = await consumerPerformance(broker.bootstrap, topic, plan.toolRecords)
  await deleteTopic(broker, topic)
  const latencyTopic = `bench-${topicNumber++}`
  await createTopic(broker, latencyTopic, 1)
  const { p50Ms, p99Ms } = await endToEndLatency(broker.bootstrap, latencyTopic, plan.endToEndRecords)
  await deleteTopic(broker, latencyTopic)
  figures.add(broker.name, { name: 'ProducerPerformance', unit: 'MB/s', better: 'more' }, produced)
  figures.add(broker.name, { name: 'ConsumerPerformance', unit: 'MB/s', better: 'more' }, consumed)
  figures.add(broker.name, { name: 'EndToEndLatency p50', unit: 'ms', better: 'less' }, p50Ms)
  figures.add(broker.name, { name: 'EndToEndLatency p99', unit: 'ms', better: 'less' }, p99Ms)
}

async function warm(broker: BenchBroker, plan: Plan): Promise<void> {
  for (const scenario of scenarios) await throughput(broker, scenario, plan.warmupBytes / scenarios.length)
  await ackedLatency(broker, 2)
  await transactionsASecond(broker, 8, 5)
}

/** All rounds with the data of both below `dataIn`; who goes first changes with each round. */
async function compare(dataIn: string, plan: Plan): Promise<Figures> {
  const figures = new Figures()
  for (let round = 0; round < plan.rounds; round++) {
    for (const name of inTurn(round)) {
      const seconds = await secondsToFirstAnswer(name, dataIn)
      figures.add(name, { name: 'start to first metadata answer', unit: 's', better: 'less' }, seconds)
    }
  }
  await using kafka = await startBenchBroker('kafka', dataIn)
  await using millrace = await startBenchBroker('millrace', dataIn)
  const brokers = { kafka, millrace }
  for (const name of inTurn(0)) await warm(brokers[name], plan)
  for (let round = 0; round < plan.rounds; round++) {
    console.log(`round ${round + 1} of ${plan.rounds}`)
    for (const scenario of scenarios) {
      for (const name of inTurn(round)) await throughput(brokers[name], scenario, plan.bytesPerLoad, figures)
    }
    for (const name of inTurn(round)) await ackedLatency(brokers[name], plan.latencySeconds, figures)
    for (const producers of [1, 8]) {
      for (const name of inTurn(round))
        await transactionsASecond(brokers[name], producers, plan.latencySeconds, figures)
    }
  }
  for (const name of inTurn(0)) {
    const memory = { name: 'resident memory after all', unit: 'MiB', better: 'less' } as const
    figures.add(name, memory, residentMib(brokers[name].pid))
  }
  if (plan.tools) for (const name of inTurn(1)) await kafkasOwnTools(brokers[name], plan, figures)
  return figures
}

const inTurn = (round: number): BrokerName[] =>
  round % 2 === 0 ? ['kafka', 'millrace'] : ['millrace', 'kafka']

async function main(): Promise<void> {
  if (process.platform !== 'linux') throw new Error('the bench reads /proc: it runs on Linux alone')
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      data: { type: 'string' },
      tools: { type: 'boolean', default: true },
      json: { type: 'string' },
    },
    allowNegative: true,
  })
  const sizes = values.quick ? quick : full
  const plan: Plan = {
    ...sizes,
    rounds: Number(values.rounds ?? (values.quick ? 2 : 5)),
    tools: values.tools,
  }
  const where = values.data ?? (values.quick ? 'shm' : 'both')
  const places = { shm: '/dev/shm', disk: resolve(import.meta.dirname, '../.cache') }
  const results: Record<string, unknown> = {}
  for (const place of ['shm', 'disk'] as const) {
    if (where !== place && where !== 'both') continue
    const folder = mkdtempSync(join(places[place], 'bench-'))
    try {
      console.log(
        `data ${place === 'shm' ? 'in memory (tmpfs)' : 'on disk'}, ${availableParallelism()} cores`,
      )
      const figures = await compare(folder, plan)
      console.log(`\n${figures.table(place === 'shm' ? 'data in memory' : 'data on disk')}\n`)
      results[place] = figures.toJson()
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  if (values.json) writeFileSync(values.json, JSON.stringify(results, null, 2))
}

await main()
