/**
 * `npm run bench`: Apache Kafka 4.3.1 and Millrace side by side on this machine; bench/README.md says how.
 * Flags: --rounds N (default 5), --quick (2 rounds, little data, memory alone), --data shm|disk|both,
 * --only A,B, --no-tools, --json FILE.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type BenchBroker, type BrokerName, startBenchBroker } from './brokers.ts'
import { Figures, ratioAtMost } from './figures.ts'
import { groupsOf50 } from './group-of-50.ts'
import {
  ackedLatency,
  kafkasOwnTools,
  latencyFloor,
  ready,
  throughput,
  transactionsASecond,
} from './measure.ts'
import { residentMib } from './process-usage.ts'
import { scenarios } from './scenarios.ts'
import { secondsToFirstAnswer } from './start-time.ts'

const parts = ['start', 'groups', 'throughput', 'latency', 'transactions', 'memory', 'tools'] as const
type Part = (typeof parts)[number]

type Plan = {
  rounds: number
  only: ReadonlySet<Part>
  warmupBytes: number
  bytesPerLoad: number
  latencySeconds: number
  transactionSeconds: number
  toolRecords: number
  endToEndRecords: number
}

const gb = 1e9
const full: Omit<Plan, 'rounds' | 'only'> = {
  warmupBytes: 1.5 * gb,
  bytesPerLoad: 0.6 * gb,
  latencySeconds: 4,
  transactionSeconds: 5,
  toolRecords: 500_000,
  endToEndRecords: 3_000,
}
const quick: typeof full = {
  warmupBytes: 1 * gb,
  bytesPerLoad: 0.3 * gb,
  latencySeconds: 2,
  transactionSeconds: 3,
  toolRecords: 200_000,
  endToEndRecords: 1_000,
}

const inTurn = (round: number): BrokerName[] =>
  round % 2 === 0 ? ['kafka', 'millrace'] : ['millrace', 'kafka']

const range = (length: number) => Array.from({ length }, (_, index) => index)

async function starts(dataIn: string, rounds: number, figures: Figures): Promise<void> {
  for (const round of range(rounds)) {
    for (const name of inTurn(round)) {
      const seconds = await secondsToFirstAnswer(name, dataIn)
      figures.add(name, { name: 'start to first metadata answer', unit: 's', better: 'less' }, seconds)
    }
    await ready(dataIn, figures)
  }
}

async function warm(broker: BenchBroker, plan: Plan): Promise<void> {
  for (const scenario of scenarios) await throughput(broker, scenario, plan.warmupBytes / scenarios.length)
  for (const scenario of scenarios) await ackedLatency(broker, scenario, 2)
  await transactionsASecond(broker, 8, 5)
}

type Brokers = Readonly<Record<BrokerName, BenchBroker>>

async function round(number: number, brokers: Brokers, plan: Plan, figures: Figures): Promise<void> {
  const onBoth = async (measure: (broker: BenchBroker) => Promise<void>) => {
    for (const name of inTurn(number)) await measure(brokers[name])
  }
  if (plan.only.has('throughput'))
    for (const scenario of scenarios)
      await onBoth((broker) => throughput(broker, scenario, plan.bytesPerLoad, figures))
  if (plan.only.has('latency')) {
    for (const scenario of scenarios)
      await onBoth((broker) => ackedLatency(broker, scenario, plan.latencySeconds, figures))
    await latencyFloor(plan.latencySeconds, figures)
  }
  if (plan.only.has('transactions'))
    for (const producers of [1, 8])
      await onBoth((broker) => transactionsASecond(broker, producers, plan.transactionSeconds, figures))
}

/** All rounds with the data of both below `dataIn`; who goes first changes with each round. */
async function compare(dataIn: string, plan: Plan, figures: Figures): Promise<void> {
  const { only, rounds } = plan
  if (only.has('start')) await starts(dataIn, rounds, figures)
  if (only.has('groups')) await groupsOf50(dataIn, rounds, inTurn, figures)
  if (parts.slice(2).every((part) => !only.has(part))) return
  await using kafka = await startBenchBroker('kafka', dataIn)
  await using millrace = await startBenchBroker('millrace', dataIn)
  const brokers = { kafka, millrace }
  for (const name of inTurn(0)) await warm(brokers[name], plan)
  for (const number of range(rounds)) {
    console.log(`round ${number + 1} of ${rounds}`)
    await round(number, brokers, plan, figures)
  }
  for (const name of only.has('memory') ? inTurn(0) : []) {
    const memory = { name: 'resident memory after all', unit: 'MiB', better: 'less' } as const
    figures.add(name, { ...memory, goal: ratioAtMost(0.25) }, residentMib(brokers[name].pid))
  }
  if (only.has('tools')) for (const name of inTurn(1)) await kafkasOwnTools(brokers[name], plan, figures)
}

function readPlan() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      data: { type: 'string' },
      only: { type: 'string', default: parts.join(',') },
      tools: { type: 'boolean', default: true },
      json: { type: 'string' },
    },
    allowNegative: true,
  })
  const wanted = values.only.split(',')
  const unknown = wanted.find((each) => !parts.some((part) => part === each))
  if (unknown !== undefined) throw new Error(`--only ${unknown}: it takes some of ${parts.join(', ')}`)
  const only = new Set(parts.filter((part) => wanted.includes(part) && (part !== 'tools' || values.tools)))
  const rounds = Number(values.rounds ?? (values.quick ? 2 : 5))
  const plan: Plan = { ...(values.quick ? quick : full), rounds, only }
  return { plan, where: values.data ?? (values.quick ? 'shm' : 'both'), json: values.json }
}

async function main(): Promise<void> {
  if (process.platform !== 'linux') throw new Error('the bench reads /proc: it runs on Linux alone')
  const { plan, where, json } = readPlan()
  const places = { shm: '/dev/shm', disk: resolve(import.meta.dirname, '../.cache') }
  const figures = new Figures()
  const load = () => loadavg()[0]!.toFixed(1)
  console.log(`${availableParallelism()} cores, load average ${load()} at the start, ${plan.rounds} rounds`)
  for (const place of ['shm', 'disk'] as const) {
    if (where !== place && where !== 'both') continue
    const folder = mkdtempSync(join(places[place], 'bench-'))
    figures.place = place === 'shm' ? 'tmpfs' : 'disk'
    console.log(`data in ${figures.place}`)
    try {
      await compare(folder, plan, figures)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const { count, held } = figures.goals()
  console.log(`\n${figures.table()}\n\n${held} of ${count} goals held; load average ${load()} at the end`)
  if (json) writeFileSync(json, JSON.stringify(figures.toJson(), null, 2))
}

await main()
