import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type BenchBroker, createTopic, deleteTopic, runLoad } from './brokers.ts'
import { type Figure, type Figures, ratioAtLeast, ratioAtMost, valueAtMost } from './figures.ts'
import { consumerPerformance, endToEndLatency, producerPerformance } from './kafka-tools.ts'
import type { Throughput } from './load/client.ts'
import { measureLatency } from './load/latency.ts'
import type { Transactions } from './load/transactions.ts'
import {
  fetchLoad,
  latencyLoad,
  latencyRates,
  produceLoad,
  type Scenario,
  scenarios,
  transactionLoad,
} from './scenarios.ts'
import { costOfNodeItself, costToFirstAnswer } from './start-time.ts'

const gb = 1e9
const throughputGoal = { produce: ratioAtLeast(1.2), fetch: ratioAtLeast(1.0) }
const cpuGoal = { produce: ratioAtMost(0.7), fetch: ratioAtMost(1.3) }

let topicNumber = 0

/** Runs `work` on a topic of its own. */
export async function withTopic<Result>(
  broker: BenchBroker,
  partitions: number,
  work: (topic: string) => Promise<Result>,
): Promise<Result> {
  const topic = `bench-${topicNumber++}`
  await createTopic(broker, topic, partitions)
  const result = await work(topic)
  await deleteTopic(broker, topic)
  return result
}

/** Produces and fetches one scenario. Without `figures` it only warms the broker. */
export async function throughput(
  broker: BenchBroker,
  scenario: Scenario,
  bytes: number,
  figures?: Figures,
): Promise<void> {
  const { port, name: on } = broker
  await withTopic(broker, scenario.partitions, async (topic) => {
    const produced = await runLoad<Throughput>(broker, produceLoad(scenario, port, topic, bytes))
    const fetched = await runLoad<Throughput>(broker, fetchLoad(scenario, port, topic, produced))
    for (const [verb, result] of [
      ['produce', produced],
      ['fetch', fetched],
    ] as const) {
      const name = `${verb}, ${scenario.name}`
      const rate: Figure = { name, unit: 'MB/s', better: 'more', goal: throughputGoal[verb] }
      const cpu: Figure = { name: `broker CPU, ${name}`, unit: 's/GB', better: 'less', goal: cpuGoal[verb] }
      figures?.add(on, rate, result.bytes / 1e6 / result.seconds)
      figures?.add(on, cpu, result.cpuSeconds / (result.bytes / gb))
    }
  })
}

export async function ackedLatency(
  broker: BenchBroker,
  scenario: Scenario,
  seconds: number,
  figures?: Figures,
): Promise<void> {
  const measured = await withTopic(broker, scenario.partitions, (topic) =>
    measureLatency(latencyLoad(scenario, broker.port, topic, seconds)),
  )
  for (const [index, { p50Ms, p99Ms }] of measured.entries()) {
    const name = `acked produce, ${scenario.name}, ${latencyRates[index]}/s`
    const add = (quantile: string, most: number, value: number) =>
      figures?.add(
        broker.name,
        { name: `${name}, ${quantile}`, unit: 'ms', better: 'less', goal: ratioAtMost(most) },
        value,
      )
    add('p50', 0.5, p50Ms)
    add('p99', 1.0, p99Ms)
  }
}

/** What is left of the latency when nobody does anything: a server in Node that echoes an answer. */
export async function latencyFloor(seconds: number, figures: Figures): Promise<void> {
  const server = spawn(process.execPath, [`${import.meta.dirname}/load/echo.ts`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(server, 'exit')
  const [line] = (await once(server.stdout!, 'data')) as [Buffer]
  const measured = await measureLatency(latencyLoad(scenarios[0]!, Number(line.toString()), 'echo', seconds))
  server.stdin!.end()
  await exited
  for (const [index, { p50Ms, p99Ms }] of measured.entries()) {
    const name = `the same to an echo in Node instead of Millrace, ${latencyRates[index]}/s`
    figures.add('millrace', { name: `${name}, p50`, unit: 'ms', better: 'less' }, p50Ms)
    figures.add('millrace', { name: `${name}, p99`, unit: 'ms', better: 'less' }, p99Ms)
  }
}

export async function transactionsASecond(
  broker: BenchBroker,
  producers: number,
  seconds: number,
  figures?: Figures,
): Promise<void> {
  const result = await withTopic(broker, 2, (topic) =>
    runLoad<Transactions>(broker, transactionLoad(broker.port, topic, producers, seconds)),
  )
  const name = `transactions, ${producers} producer${producers === 1 ? '' : 's'}`
  const rate: Figure = { name, unit: '/s', better: 'more', goal: ratioAtLeast(1.0) }
  figures?.add(broker.name, rate, result.perSecond)
  figures?.add(broker.name, { name: `${name}, p50`, unit: 'ms', better: 'less' }, result.p50Ms)
}

/** Our start without Node's own: from the first line of a program to the first Metadata answer. */
export async function ready(dataIn: string, figures: Figures): Promise<void> {
  const node = await costOfNodeItself()
  const broker = await costToFirstAnswer(dataIn)
  const name = 'ready after Node is up'
  const figure = { unit: 'ms', better: 'less' } as const
  figures.add('millrace', { ...figure, name: 'Node itself, wall' }, node.wallMs)
  figures.add(
    'millrace',
    { ...figure, name: `${name}, process time`, goal: valueAtMost(100) },
    broker.cpuMs - node.cpuMs,
  )
  figures.add('millrace', { ...figure, name: `${name}, wall` }, broker.wallMs - node.wallMs)
}

export type ToolSizes = { toolRecords: number; endToEndRecords: number }

export async function kafkasOwnTools(broker: BenchBroker, sizes: ToolSizes, figures: Figures): Promise<void> {
  const add = (name: string, unit: string, better: 'more' | 'less', value: number) =>
    figures.add(broker.name, { name, unit, better }, value)
  await withTopic(broker, 6, async (topic) => {
    const produced = await producerPerformance(broker.bootstrap, topic, sizes.toolRecords)
    add('ProducerPerformance', 'MB/s', 'more', produced)
    const consumed = await consumerPerformance(broker.bootstrap, topic, sizes.toolRecords)
    add('ConsumerPerformance', 'MB/s', 'more', consumed)
  })
  await withTopic(broker, 1, async (topic) => {
    const { p50Ms, p99Ms } = await endToEndLatency(broker.bootstrap, topic, sizes.endToEndRecords)
    add('EndToEndLatency p50', 'ms', 'less', p50Ms)
    add('EndToEndLatency p99', 'ms', 'less', p99Ms)
  })
}
