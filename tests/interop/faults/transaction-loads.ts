import { expect } from 'vitest'
import { expectTransactions, expectTransformed, visible } from './checks.ts'
import { until } from './kill-loop.ts'
import { type Library, type Load, type LoadSpec, libraries, startLoad } from './load.ts'
import { committedOffsets } from './offsets.ts'
import { readWholeTopic } from './stored-log.ts'
import { createTopics } from './topics.ts'

/*
 * Three libraries write transactions, and two threads of each consume, process and produce in transactions. Each
 * fourth transaction is aborted on purpose.
 */

const partitions = 3
/** What two threads of a library take part in as a group. */
const groups = {
  java: { protocol: 'consumer' },
  franz: { protocol: 'classic' },
  confluent: { protocol: 'classic', assignor: 'roundrobin' },
} as const satisfies Record<Library, { protocol: 'classic' | 'consumer'; assignor?: string }>

const inputOf = (library: Library) => `in-${library}`
const outputOf = (library: Library) => `out-${library}`

/** The group's offsets stand at the end of what can be read, but for the marker behind the last record. */
async function isThrough(broker: { port: number; dataDir: string }, library: Library): Promise<boolean> {
  const topic = inputOf(library)
  const committed = await committedOffsets(broker, `group-${library}`, topic, partitions).catch(() => [])
  const logs = readWholeTopic(broker.dataDir, topic, partitions)
  return logs.every((log, partition) => committed[partition]! > (visible(log).at(-1)?.offset ?? -1))
}

export type TransactionLoads = { writers: Load[]; transformers: Load[] }

/** Starts them all; `bootstrap` is where they are told to find the broker. */
export async function startTransactions(
  broker: { port: number },
  bootstrap: string,
  processes: AsyncDisposableStack,
  more: { requestTimeoutMs?: number } = {},
): Promise<TransactionLoads> {
  await createTopics(broker, [...libraries.map(inputOf), ...libraries.map(outputOf)], partitions)
  const start = async (spec: LoadSpec) => processes.use(await startLoad(bootstrap, { ...spec, ...more }))
  const loads: TransactionLoads = { writers: [], transformers: [] }
  for (const library of libraries) {
    const [topic, to] = [inputOf(library), outputOf(library)]
    const write = { role: 'transact', name: `writer-${library}`, topic, partitions, pauseMs: 15 } as const
    loads.writers.push(await start({ library, ...write }))
    const transform = { role: 'transform', name: library, topic, to, group: `group-${library}` } as const
    loads.transformers.push(await start({ library, ...transform, instances: 2, ...groups[library] }))
  }
  return loads
}

/** Lets all come to their end and checks input and output, record by record. */
export async function finishTransactions(
  broker: { port: number; dataDir: string },
  { writers, transformers }: TransactionLoads,
): Promise<void> {
  await Promise.all(writers.map((load) => load.end()))
  for (const library of libraries) {
    await until(
      () => `${library} to be through`,
      () => isThrough(broker, library),
    )
  }
  await Promise.all(transformers.map((load) => load.end()))
  for (const [index, library] of libraries.entries()) {
    const input = readWholeTopic(broker.dataDir, inputOf(library), partitions)
    const output = readWholeTopic(broker.dataDir, outputOf(library), partitions)
    expectTransactions(writers[index]!, input)
    expectTransformed(library, input, output)
    expect(transformers[index]!.of('aborted').length, `${library} aborted`).toBeGreaterThan(0)
  }
}
