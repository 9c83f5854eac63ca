import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { visible } from './checks.ts'
import { until, untilEachGoesOn } from './kill-loop.ts'
import { startKillable } from './killable.ts'
import { type Load, startLoad } from './load.ts'
import { withSchedule } from './seed.ts'
import { readStoredLog, type StoredLog } from './stored-log.ts'
import { createTopics } from './topics.ts'

/* Compacted topics are written, with and without transactions, and the broker is killed (-9) while it cleans them. */

const kills = 10
const keys = 40
const configs = { 'log.cleaner.backoff.ms': 50 }
const topicConfigs = {
  'cleanup.policy': 'compact',
  'segment.bytes': '1048576',
  'min.cleanable.dirty.ratio': '0.01',
}
const topics = ['plain', 'transactional'] as const

/** What the cleaner has under way: names of files that are not yet, or no longer, the log's. */
function underWay(dataDir: string): string[] {
  return topics.flatMap((topic) => {
    const folder = join(dataDir, `${topic}-0`)
    return existsSync(folder) ? readdirSync(folder).filter((name) => /\.(cleaned|swap)$/.test(name)) : []
  })
}

/** The log, unless its files are being replaced just now. */
function readUnlessReplaced(dataDir: string, topic: string): StoredLog | undefined {
  try {
    return readStoredLog(dataDir, topic, 0)
  } catch (error) {
    if (underWay(dataDir).length === 0 && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return undefined
  }
}

function isClean(dataDir: string, topic: string): boolean {
  const log = readUnlessReplaced(dataDir, topic)
  return log !== undefined && log.records.length < log.logEndOffset / 3
}

async function settled(dataDir: string, topic: string): Promise<StoredLog> {
  let log: StoredLog | undefined
  await until(
    () => `${topic} to be read`,
    () => {
      log = readUnlessReplaced(dataDir, topic)
      return log !== undefined
    },
  )
  return log!
}

/** Each record that is there is one that was acknowledged, in its place; each key's last one is there. */
function expectCompacted(load: Load, log: StoredLog): void {
  const acked = new Map(load.of('acked').map(([, index, , offset]) => [Number(offset), Number(index)]))
  const numbers = log.records.map(({ offset, value }) => {
    const index = Number(value.split(' ')[1])
    expect(acked.get(offset), `${load.name}, at ${offset}`).toBe(index)
    return index
  })
  expect(numbers, `${load.name} in order`).toEqual(numbers.toSorted((a, b) => a - b))
  const last = new Map(numbers.map((index) => [index % keys, index]))
  for (let index = Math.max(0, acked.size - keys); index < acked.size; index++)
    expect(last.get(index % keys), `${load.name}, the last of key ${index % keys}`).toBe(index)
  expect(log.records.length, `${load.name} was cleaned`).toBeLessThan(acked.size / 2)
}

/** Each of the ten keys of a transaction has the value of the last one that was committed. */
function expectLastCommitted(load: Load, log: StoredLog): void {
  const known = new Map(load.events.map((event) => [Number(event[1]), event[0]]))
  const seen = visible(log).map(({ key, value }) => ({ key, transaction: Number(value.split(' ')[1]) }))
  for (const { transaction } of seen)
    expect(['committed', 'unknown'], `${load.name}, ${transaction}`).toContain(known.get(transaction))
  const last = new Map(seen.map(({ key, transaction }) => [key, transaction]))
  const committed = Math.max(...load.of('committed').map(([, transaction]) => Number(transaction)))
  expect(last.size, load.name).toBe(10)
  for (const [key, transaction] of last)
    expect(transaction, `${load.name}, the last of ${key}`).toBeGreaterThanOrEqual(committed)
  const perKey = seen.length / last.size
  expect(perKey, `${load.name} was cleaned`).toBeLessThan(load.of('committed').length / 2)
}

test(
  'what is killed while it cleans keeps the last value of every key',
  () =>
    withSchedule('compaction', async (plan) => {
      await using broker = await startKillable({ configs })
      await createTopics(broker, topics, 1, topicConfigs)
      await using processes = new AsyncDisposableStack()
      const writing = { partitions: 1, paddingBytes: 1000, pauseMs: 3, keys } as const
      const start = async (
        topic: string,
        spec: { library: 'franz' | 'confluent'; role: 'produce' | 'transact' },
      ) => processes.use(await startLoad(broker.bootstrap, { ...writing, ...spec, name: topic, topic }))
      const plain = await start('plain', { library: 'confluent', role: 'produce' })
      const transactional = await start('transactional', { library: 'franz', role: 'transact' })
      for (let killed = 0; killed < kills; killed++) {
        await until(
          () => `the cleaner to be at work\n${broker.output().slice(-2000)}`,
          () => underWay(broker.dataDir).length > 0,
        )
        await delay(plan.between(0, 15))
        await broker.kill()
        await broker.start()
        await untilEachGoesOn([plain, transactional], plan.between(5, 50))
      }
      await plain.end()
      await transactional.end()
      await until(
        () => `the cleaner to be through: ${underWay(broker.dataDir)}`,
        () =>
          underWay(broker.dataDir).length === 0 && topics.every((topic) => isClean(broker.dataDir, topic)),
      )
      expectCompacted(plain, await settled(broker.dataDir, 'plain'))
      expectLastCommitted(transactional, await settled(broker.dataDir, 'transactional'))
    }),
  180_000,
)
