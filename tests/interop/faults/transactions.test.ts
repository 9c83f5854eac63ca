import { expect, test } from 'vitest'
import { expectTransactions, expectTransformed, visible } from './checks.ts'
import { killRepeatedly, until } from './kill-loop.ts'
import { startKillable } from './killable.ts'
import { type Library, type Load, libraries, startLoad } from './load.ts'
import { committedOffsets } from './offsets.ts'
import { withSchedule } from './seed.ts'
import { readWholeTopic } from './stored-log.ts'
import { createTopics } from './topics.ts'

/*
 * Three libraries write transactions, and three consume, process and produce in transactions, while the broker is
 * killed (-9) again and again. Each fourth transaction is aborted on purpose.
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

test(
  'transactions are there as a whole or not at all',
  () =>
    withSchedule('transactions', async (plan) => {
      await using broker = await startKillable()
      await createTopics(broker, [...libraries.map(inputOf), ...libraries.map(outputOf)], partitions)
      await using loads = new AsyncDisposableStack()
      const start = async (spec: Parameters<typeof startLoad>[1]) =>
        loads.use(await startLoad(broker.bootstrap, spec))
      const writers: Load[] = []
      const transformers: Load[] = []
      for (const library of libraries) {
        const [topic, to] = [inputOf(library), outputOf(library)]
        const write = { role: 'transact', name: `writer-${library}`, topic, partitions, pauseMs: 15 } as const
        writers.push(await start({ library, ...write }))
        const transform = { role: 'transform', name: library, topic, to, group: `group-${library}` } as const
        transformers.push(await start({ library, ...transform, instances: 2, ...groups[library] }))
      }
      await killRepeatedly(broker, [...writers, ...transformers], plan, { times: 8, events: [30, 300] })
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
    }),
  240_000,
)
