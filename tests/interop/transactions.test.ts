import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { type BrokerProcess, startBrokerProcess } from '../support/broker.ts'
import { freePorts } from '../support/free-port.ts'
import type { Isolation, SentRecord } from './client.ts'
import { programCommand } from './install.ts'
import { type Program, startProgram } from './program.ts'
import { makeRecords } from './records.ts'

/** The transactional producers of other languages, against the broker under test and through its crash. */
const libraries = ['java', 'franz', 'confluent'] as const
const partitions = 3
const timeoutMs = 30_000
/** How long a consumer waits in vain for what it must not see. */
const inVainMs = 1_500

type Topics = { topic: string; id: string }

/** Offsets hold gaps where markers and aborted records lie; all else has to be there, in order. */
function expectSeen(
  seen: readonly (SentRecord & { offset?: number })[],
  wanted: readonly SentRecord[],
): void {
  for (let partition = 0; partition < partitions; partition++) {
    const there = seen.filter((record) => record.partition === partition)
    const plain = there.map(({ key, value, headers, timestamp }) => ({ key, value, headers, timestamp }))
    const expected = wanted
      .filter((record) => record.partition === partition)
      .map(({ key, value, headers, timestamp }) => ({ key, value, headers, timestamp }))
    expect(plain).toEqual(expected)
  }
}

async function newTopics(client: Program, name: string): Promise<Topics> {
  const id = `${name}-${randomUUID().slice(0, 8)}`
  await client.createTopic({ topic: id, partitions })
  await vi.waitFor(async () => expect(await client.describeTopic({ topic: id })).toEqual({ partitions }), {
    timeout: timeoutMs,
  })
  return { topic: id, id }
}

/** A consumer of that isolation sees these records of a topic, and then waits in vain for another one. */
async function expectAll(client: Program, topic: string, isolation: Isolation, wanted: SentRecord[]) {
  const group = `${topic}-${randomUUID().slice(0, 8)}`
  const call = { protocol: 'classic' as const, topics: [topic], group, isolation }
  expectSeen((await client.consume({ ...call, count: wanted.length, timeoutMs })).records, wanted)
  expect((await client.consume({ ...call, count: 1, timeoutMs: inVainMs })).records).toEqual([])
}

async function send(client: Program, producer: string, topic: string, records: SentRecord[]): Promise<void> {
  const { offsets } = await client.transaction({ op: 'send', producer, topic, records })
  expect(offsets).toHaveLength(records.length)
}

async function transact(client: Program, topic: string, records: SentRecord[], commit: boolean) {
  await client.transaction({ op: 'begin', producer: 'p' })
  await send(client, 'p', topic, records)
  await client.transaction({ op: 'end', producer: 'p', commit })
}

async function commitsAndAborts(client: Program, { topic, id }: Topics): Promise<void> {
  const [kept, dropped, keptToo, open] = ['kept', 'dropped', 'kept too', 'open'].map((label) =>
    makeRecords(label, 30, partitions),
  ) as [SentRecord[], SentRecord[], SentRecord[], SentRecord[]]
  await client.transaction({ op: 'open', producer: 'p', transactionalId: id })
  await transact(client, topic, kept, true)
  await transact(client, topic, dropped, false)
  await transact(client, topic, keptToo, true)
  await client.transaction({ op: 'begin', producer: 'p' })
  await send(client, 'p', topic, open)
  await expectAll(client, topic, 'read_committed', [...kept, ...keptToo])
  await expectAll(client, topic, 'read_uncommitted', [...kept, ...dropped, ...keptToo, ...open])
  await client.transaction({ op: 'end', producer: 'p', commit: true })
  await expectAll(client, topic, 'read_committed', [...kept, ...keptToo, ...open])
  await client.transaction({ op: 'close', producer: 'p' })
}

async function transforms(client: Program, { topic, id }: Topics): Promise<void> {
  const to = `${id}-out`
  await client.createTopic({ topic: to, partitions })
  const records = makeRecords('input', 90, partitions)
  await client.transaction({ op: 'open', producer: 'p', transactionalId: id })
  await transact(client, topic, makeRecords('aborted input', 12, partitions), false)
  await transact(client, topic, records, true)
  const call = {
    ...({ op: 'transform', producer: 'p', transactionalId: `${id}-transform`, protocol: 'classic' } as const),
    ...{ topics: [topic], to, group: `${id}-group`, isolation: 'read_committed' as const, timeoutMs },
  }
  await client.transaction({ op: 'open', producer: 'q', transactionalId: call.transactionalId })
  const q = { ...call, producer: 'q' }
  expect(await client.transaction({ ...q, count: 30, commit: true })).toEqual({ count: 30 })
  expect(await client.transaction({ ...q, count: 25, commit: false })).toEqual({ count: 25 })
  // The aborted offsets were not committed, so the rest is all 60.
  expect(await client.transaction({ ...q, count: 60, commit: true })).toEqual({ count: 60 })
  await expectAll(client, to, 'read_committed', records)
  const { partitions: lag } = await client.lag({ group: call.group, topic })
  // Behind the last record stands the marker of its transaction.
  expect(lag.map(({ committed, end }) => end - committed).every((left) => left >= 0 && left <= 1)).toBe(true)
  for (const producer of ['p', 'q']) await client.transaction({ op: 'close', producer })
}

async function fences(client: Program, { topic, id }: Topics): Promise<void> {
  const [zombies, heirs] = [makeRecords('zombie', 9, partitions), makeRecords('heir', 9, partitions)]
  await client.transaction({ op: 'open', producer: 'zombie', transactionalId: id })
  await client.transaction({ op: 'begin', producer: 'zombie' })
  await send(client, 'zombie', topic, zombies)
  await client.transaction({ op: 'open', producer: 'p', transactionalId: id })
  await transact(client, topic, heirs, true)
  const commit = client.transaction({ op: 'end', producer: 'zombie', commit: true })
  await expect(commit).rejects.toThrow(/fenced|INVALID_PRODUCER_EPOCH/i)
  await expectAll(client, topic, 'read_committed', heirs)
  for (const producer of ['zombie', 'p']) await client.transaction({ op: 'close', producer })
}

describe.each(libraries)('transactions of %s', (name) => {
  let client: Program
  beforeAll(async () => {
    client = startProgram(await programCommand(name), inject('bootstrap'))
  })
  afterAll(() => client?.[Symbol.asyncDispose]())

  test('read_committed sees what was committed, and no more', async () => {
    await commitsAndAborts(client, await newTopics(client, `tx-${name}`))
  }, 90_000)

  test('consumes, transforms and produces, offsets and all', async () => {
    await transforms(client, await newTopics(client, `tx-transform-${name}`))
  }, 120_000)

  test('a second producer of the same id fences the first', async () => {
    await fences(client, await newTopics(client, `tx-fence-${name}`))
  }, 90_000)
})

describe.runIf(inject('target') === 'millrace')('after kill -9 in the middle of a transaction', () => {
  let home: string
  let port: number
  let broker: BrokerProcess
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'transactions-'))
    port = (await freePorts(1))[0]!
    broker = await startBrokerProcess({ port, dataDir: home })
  })
  afterAll(async () => {
    await broker?.close()
    rmSync(home, { recursive: true, force: true })
  })

  test.each(libraries)(
    '%s goes on and commits; what a dead producer left is aborted',
    async (name) => {
      await using client = startProgram(await programCommand(name), broker.bootstrap)
      const { topic, id } = await newTopics(client, name)
      const [before, inside, after, left, next] = ['before', 'inside', 'after', 'left', 'next'].map((label) =>
        makeRecords(label, 30, partitions),
      ) as [SentRecord[], SentRecord[], SentRecord[], SentRecord[], SentRecord[]]
      await client.transaction({ op: 'open', producer: 'p', transactionalId: id })
      await client.transaction({ op: 'open', producer: 'dead', transactionalId: `${id}-dead` })
      await transact(client, topic, before, true)
      await client.transaction({ op: 'begin', producer: 'dead' })
      await send(client, 'dead', topic, left)
      await client.transaction({ op: 'begin', producer: 'p' })
      await send(client, 'p', topic, inside)
      await broker.kill()
      broker = await startBrokerProcess({ port, dataDir: home })
      await send(client, 'p', topic, after)
      await client.transaction({ op: 'end', producer: 'p', commit: true })
      await client.transaction({ op: 'open', producer: 'heir', transactionalId: `${id}-dead` })
      await transact(client, topic, next, true)
      const committed = [...before, ...inside, ...after, ...next]
      await expectAll(client, topic, 'read_committed', committed)
      for (const producer of ['p', 'dead', 'heir']) await client.transaction({ op: 'close', producer })
    },
    120_000,
  )
})
