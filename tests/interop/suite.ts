import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Client, Codec, GroupMode, PartitionLag, ReceivedRecord, SentRecord, Verb } from './client.ts'
import { pageLag } from './page-lag.ts'
import { expectedInPartition, makeRecords } from './records.ts'
import { storedCodecs } from './stored-codec.ts'

export type Suite = {
  name: string
  start: () => Promise<Client & AsyncDisposable>
  codecs: readonly Codec[]
  modes: readonly GroupMode[]
  /** The broker's data folder, where it can be looked into. */
  dataDir?: () => string
  /** URL of the cluster in the dashboard's REST interface, where one is open on the broker. */
  dashboard?: () => string
  /** Verbs that this library has no call for. */
  lacks?: readonly Verb[]
  /** What this library cannot say on the wire is taken out of the records sent. */
  adapt?: (record: SentRecord) => SentRecord
}

const partitions = 3
const count = 240
const waitMs = 45_000

const modeName = ({ protocol, assignor }: GroupMode) => (assignor ? `${protocol} ${assignor}` : protocol)

/** Everything that the issue asks of a client, as tests of one library against the broker under test. */
export function describeClient(suite: Suite): void {
  describe(suite.name, () => {
    let client: Client & AsyncDisposable
    beforeAll(async () => {
      client = await suite.start()
    }, waitMs)
    afterAll(() => client?.[Symbol.asyncDispose](), waitMs)

    const newTopic = async (partitionCount = partitions) => {
      const topic = `${suite.name}-${randomUUID().slice(0, 8)}`
      await client.createTopic({ topic, partitions: partitionCount })
      await untilDescribed(client, topic, partitionCount)
      return topic
    }
    const lacks = (verb: Verb) => suite.lacks?.includes(verb) ?? false
    const records = (label: string, adapt = suite.adapt ?? ((record) => record)) =>
      makeRecords(`${suite.name} ${label}`, count, partitions).map(adapt)

    adminTests(() => client, suite, lacks)

    describe.each(suite.codecs)('%s', (codec) => {
      test.each([false, true])(
        'keeps every record, idempotent %s',
        async (idempotent) => {
          const topic = await newTopic()
          const sent = records(codec)
          const { offsets } = await client.produce({ topic, codec, idempotent, records: sent })
          expectAcked(offsets, sent)
          const dataDir = suite.dataDir?.()
          if (dataDir) expect(storedCodecs(dataDir, topic, partitions)).toContain(codec)
          const mode = suite.modes[0]!
          const group = `${topic}-group`
          const received = await client.consume({ ...mode, topics: [topic], group, count, timeoutMs: waitMs })
          expectKept(topic, received.records, sent)
        },
        60_000,
      )
    })

    describe.each(suite.modes.map((mode) => ({ mode, title: modeName(mode) })))('$title', ({ mode }) => {
      test('commits, resumes, and knows its lag', async () => {
        const topic = await newTopic()
        const group = `${topic}-group`
        const sent = records('resume')
        await client.produce({ topic, codec: 'none', idempotent: false, records: sent })
        const part = { ...mode, topics: [topic], group, timeoutMs: waitMs }
        const first = await client.consume({ ...part, count: 100 })
        expect(first.records).toHaveLength(100)
        const lag = await expectLag(client, { group, topic }, first.records, sent)
        if (suite.dashboard) await expectSameOnPage(suite.dashboard(), group, topic, lag)
        const rest = await client.consume({ ...part, count: count - 100 })
        expectKept(topic, [...first.records, ...rest.records], sent)
      }, 60_000)

      test('rebalances when a member joins and leaves', () => rebalances(client, mode, newTopic), 120_000)
    })

    test('lists, describes and deletes groups', () => groupsTest(client, suite, newTopic, lacks), 60_000)
  })
}

function adminTests(client: () => Client, suite: Suite, lacks: (verb: Verb) => boolean): void {
  test('creates, describes, alters, grows, lists and deletes a topic', async () => {
    const topic = `${suite.name}-admin-${randomUUID().slice(0, 8)}`
    const name = 'retention.ms'
    await client().createTopic({ topic, partitions: 2, configs: { [name]: '7200000' } })
    await untilDescribed(client(), topic, 2)
    expect((await client().listTopics({})).topics).toContain(topic)
    expect(await client().topicConfig({ topic, name })).toEqual({ value: '7200000' })
    if (!lacks('alterConfig')) {
      await client().alterConfig({ topic, name, value: '3600000' })
      await soon(async () =>
        expect(await client().topicConfig({ topic, name })).toEqual({ value: '3600000' }),
      )
    }
    if (!lacks('addPartitions')) {
      await client().addPartitions({ topic, partitions: 5 })
      await untilDescribed(client(), topic, 5)
    }
    await client().deleteTopic({ topic })
    await soon(async () => expect((await client().listTopics({})).topics).not.toContain(topic))
  }, 30_000)
}

const soon = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 50 })

/** A broker's metadata follows its controller's by a moment. */
function untilDescribed(client: Client, topic: string, partitions: number): Promise<void> {
  return soon(async () => expect(await client.describeTopic({ topic })).toEqual({ partitions }))
}

function expectAcked(offsets: number[], sent: readonly SentRecord[]): void {
  const next = new Map<number, number>()
  const expected = sent.map(({ partition }) => {
    const offset = next.get(partition) ?? 0
    next.set(partition, offset + 1)
    return offset
  })
  expect(offsets).toEqual(expected)
}

/** Every record once, in its partition's order, with its key, value, headers, timestamp and offset. */
export function expectKept(topic: string, received: readonly ReceivedRecord[], sent: readonly SentRecord[]) {
  for (const partition of new Set(sent.map((record) => record.partition))) {
    const there = received.filter((record) => record.topic === topic && record.partition === partition)
    expect(there.map(({ topic: _, ...record }) => record)).toEqual(expectedInPartition(sent, partition))
  }
}

async function expectLag(
  client: Client,
  call: { group: string; topic: string },
  consumed: readonly ReceivedRecord[],
  sent: readonly SentRecord[],
): Promise<PartitionLag[]> {
  const { partitions: lag } = await client.lag(call)
  const committed = lag.filter((partition) => partition.committed >= 0)
  for (const { partition, committed: offset, end } of committed) {
    expect(offset).toBe(consumed.filter((record) => record.partition === partition).length)
    expect(end).toBe(sent.filter((record) => record.partition === partition).length)
  }
  expect(new Set(committed.map(({ partition }) => partition))).toEqual(
    new Set(consumed.map(({ partition }) => partition)),
  )
  return committed
}

/** What the client's own admin call says is what the page shows, within its polling interval. */
async function expectSameOnPage(dashboard: string, group: string, topic: string, lag: PartitionLag[]) {
  const expected = lag
    .map(({ partition, committed, end }) => ({ partition, committed, end, lag: end - committed }))
    .sort((a, b) => a.partition - b.partition)
  await soon(async () => expect(await pageLag(dashboard, group, topic)).toEqual(expected))
}

async function rebalances(client: Client, mode: GroupMode, newTopic: (n: number) => Promise<string>) {
  const topic = await newTopic(4)
  const group = `${topic}-group`
  const all = [0, 1, 2, 3].map((partition) => `${topic}-${partition}`)
  const held = async (member: string) => (await client.assigned({ member })).partitions
  const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: waitMs, interval: 100 })

  await client.join({ ...mode, member: 'a', topics: [topic], group })
  await until(async () => expect((await held('a')).sort()).toEqual(all))
  await client.join({ ...mode, member: 'b', topics: [topic], group })
  await until(async () => {
    const [a, b] = [await held('a'), await held('b')]
    expect([a.length, b.length]).toEqual([2, 2])
    expect([...a, ...b].sort()).toEqual(all)
  })
  await client.leave({ member: 'b' })
  await until(async () => expect((await held('a')).sort()).toEqual(all))
  await client.leave({ member: 'a' })
}

async function groupsTest(
  client: Client,
  suite: Suite,
  newTopic: () => Promise<string>,
  lacks: (verb: Verb) => boolean,
): Promise<void> {
  const topic = await newTopic()
  const group = `${topic}-group`
  await client.join({ ...suite.modes[0]!, member: 'only', topics: [topic], group })
  await soon(async () => {
    const { state, members } = await client.describeGroup({ group })
    expect([state.toLowerCase(), members]).toEqual(['stable', 1])
  })
  expect((await client.listGroups({})).groups).toContain(group)
  await client.leave({ member: 'only' })
  await soon(async () => {
    const { state, members } = await client.describeGroup({ group })
    expect([state.toLowerCase(), members]).toEqual(['empty', 0])
  })
  if (lacks('deleteGroup')) return
  await client.deleteGroup({ group })
  expect((await client.listGroups({})).groups).not.toContain(group)
}
