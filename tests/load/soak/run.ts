/**
 * `npm run soak`: a mixed load on a broker of its own for ten minutes, with people coming and going. It ends with a
 * table and 0 when memory and handles stayed flat, every acknowledged record is there and no error was logged.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { textTable } from '../../../bench/text-table.ts'
import { WireClient } from '../../../broker/protocol/client.ts'
import { type InspectedBroker, startInspectedBroker } from '../inspected-broker.ts'
import { createTopics } from '../requests.ts'
import * as churn from './churn.ts'
import { classicMember, consumerMember } from './consumers.ts'
import { flatness, type Sample } from './flatness.ts'
import { idempotentProducer, keyedProducer, plainProducer } from './producers.ts'
import { Soak } from './soak.ts'
import { soakConfig, topics } from './topics.ts'
import { transactionalProducer } from './transactions.ts'
import { untilStable, type Verdict, verifyCompacted, verifyPlain, verifyTransactions } from './verify.ts'

const help = `Usage: npm run soak -- [flags]

  --minutes N   how long the load lasts (default 10)
  --seed N      of everything random (default: the time)
  --json FILE   all samples
  --snapshots FOLDER   heap snapshots at each third of the time; they swell resident memory
`
const sampleEveryMs = 5_000
/** What a broker may print: connections that it had to close, since clients here send nonsense and hang up. */
const expectedLine = /^(The connection from \S+ was closed: |Debugger |For help, see: |Kafka listening on )/

function actors(soak: Soak): Promise<void>[] {
  const { kept, exact, retained, aged, compacted, recompressed } = topics
  const some = (count: number, start: (index: number) => Promise<void>) =>
    Array.from({ length: count }, (_, index) => start(index))
  return [
    ...some(3, (index) => plainProducer(soak, kept, `kept${index}`, 120)),
    ...some(3, (index) => idempotentProducer(soak, exact, `exact${index}`, 60)),
    ...some(3, (index) => plainProducer(soak, retained, `retained${index}`, 60)),
    plainProducer(soak, aged, 'aged0', 80),
    plainProducer(soak, recompressed, 'throttled', 100),
    plainProducer(soak, recompressed, 'recompressed1', 100),
    ...some(2, (index) => keyedProducer(soak, compacted, `keyed${index}`, 60)),
    ...some(2, (index) => transactionalProducer(soak, topics.transactions, `one${index}`, false, 100)),
    ...some(3, (index) => transactionalProducer(soak, topics.transactions, `two${index}`, true, 80)),
    ...some(6, () => classicMember(soak, kept, 'classic')),
    ...some(4, () => classicMember(soak, retained, 'classic-retained')),
    ...some(6, () => consumerMember(soak, exact, 'consumer')),
    ...some(4, () => consumerMember(soak, aged, 'consumer-aged')),
    ...some(2, (index) => churn.topicChurn(soak, `passing${index}`, 1_500)),
    churn.configChurn(soak, 700),
    churn.quotaChurn(soak, 3_000),
    ...some(2, () => churn.connectionChurn(soak, 300)),
    ...some(3, () => churn.slowReader(soak, topics.kept.name)),
    ...some(4, () => churn.slowWriter(soak)),
    ...some(5, () => churn.waitingReader(soak, topics.kept.name)),
    churn.administrator(soak, 2_000),
  ]
}

type Duration = { readonly minutes: number; readonly snapshots: string | undefined }

async function sample(
  broker: InspectedBroker,
  soak: Soak,
  { minutes, snapshots }: Duration,
): Promise<Sample[]> {
  const samples: Sample[] = []
  let thirds = 1
  const startMs = Date.now()
  const endMs = startMs + minutes * 60_000
  while (Date.now() < endMs) {
    await soak.pause(sampleEveryMs)
    samples.push({ atMs: Date.now() - startMs, ...(await broker.gauges()) })
    if (samples.length % 12 === 0) tell(samples.at(-1)!)
    if (snapshots === undefined || (Date.now() - startMs) * 3 < thirds * minutes * 60_000) continue
    await broker.snapshot(`${snapshots}/third-${thirds++}.heapsnapshot`)
  }
  return samples
}

function tell({ atMs, rssBytes, heapUsedBytes, fileDescriptors, connections, timers }: Sample): void {
  const mib = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`
  const counts = `${connections} connections, ${fileDescriptors} files, ${timers} timers`
  console.log(
    `${Math.round(atMs / 1000)} s: ${mib(rssBytes)} resident, ${mib(heapUsedBytes)} heap, ${counts}`,
  )
}

async function verify(soak: Soak): Promise<[string, Verdict][]> {
  await using client = await WireClient.connect({ port: soak.port, timeoutMs: 60_000 })
  await untilStable(client, topics.transactions, 60_000)
  const { kept, exact, retained, aged, recompressed } = topics
  const verdicts: [string, Verdict][] = []
  for (const topic of [kept, exact, retained, aged, recompressed]) {
    const isKept = topic === kept || topic === exact
    verdicts.push([topic.name, await verifyPlain(client, topic, soak.ledger, isKept)])
  }
  verdicts.push([topics.compacted.name, await verifyCompacted(client, topics.compacted, soak.ledger)])
  verdicts.push([
    topics.transactions.name,
    await verifyTransactions(client, topics.transactions, soak.ledger),
  ])
  return verdicts
}

/** With all clients gone nothing of them may be left; sessions stay for the next to come, up to their slots. */
async function untilQuiet(broker: InspectedBroker): Promise<string[]> {
  const deadlineMs = Date.now() + 30_000
  for (;;) {
    const { connections, parkedFetches, waitingConnections } = await broker.gauges()
    if (connections + parkedFetches + waitingConnections === 0) return []
    if (Date.now() > deadlineMs)
      return [`${connections} connections, ${parkedFetches} parked fetches are left without clients`]
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string' },
      json: { type: 'string' },
      snapshots: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return void console.log(help)
  const seed = Number(values.seed ?? Date.now() % 1_000_000)
  console.log(`Soak of ${values.minutes} minutes; --seed ${seed} has the same actors do the same again.`)
  await using broker = await startInspectedBroker(soakConfig)
  const soak = new Soak(broker.port, seed)
  await using admin = await soak.connect()
  await createTopics(admin, Object.values(topics))
  await admin.close()
  const running = Promise.all(actors(soak))
  const samples = await sample(broker, soak, { minutes: Number(values.minutes), snapshots: values.snapshots })
  soak.end()
  await running
  if (values.json) writeFileSync(values.json, JSON.stringify(samples))
  const faults = [...soak.faults]
  const verdicts = await verify(soak)
  for (const [, verdict] of verdicts) faults.push(...verdict.faults.slice(0, 20))
  faults.push(...(await untilQuiet(broker)))
  const lines = broker.process.output().split('\n')
  const unexpected = lines.filter((line) => line !== '' && !expectedLine.test(line))
  faults.push(...unexpected.map((line) => `logged: ${line}`))
  const { rows, grown } = flatness(samples)
  faults.push(...grown.map((name) => `${name} has grown`))
  report(soak, rows, verdicts, faults)
  process.exitCode = faults.length > 0 ? 1 : 0
}

function report(
  soak: Soak,
  rows: readonly (readonly string[])[],
  verdicts: readonly [string, Verdict][],
  faults: readonly string[],
): void {
  const counts = [...soak.counts].sort(([a], [b]) => a.localeCompare(b))
  console.log(
    `\n${textTable([['what was done', '', 'times'], ...counts.map(([what, times]) => [what, '', String(times)])])}`,
  )
  const checked = verdicts.map(([topic, { checked, faults }]) => [
    topic,
    '',
    String(checked),
    String(faults.length),
  ])
  console.log(`\n${textTable([['topic', '', 'records checked', 'wrong'], ...checked])}`)
  console.log(`\n${textTable(rows)}\n`)
  for (const fault of faults.slice(0, 100)) console.log(fault)
  console.log(faults.length === 0 ? 'Flat, complete, and without an error.' : `${faults.length} faults.`)
}

await main()
