import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WireClient } from '../../broker/protocol/client.ts'
import { errorOf } from '../../broker/protocol/error-codes.ts'
import { offsetFetchRequest, offsetFetchResponse } from '../../broker/protocol/schemas/09-offset-fetch.ts'
import { heartbeatRequest, heartbeatResponse } from '../../broker/protocol/schemas/12-heartbeat.ts'
import {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
} from '../../broker/protocol/schemas/68-consumer-group-heartbeat.ts'
import { encodeRecordBatch } from '../../broker/records/record-batch-builder.ts'
import { closeAll, connectMany, heldBytes, kib, mayOpen, note, untilGauges } from './crowd.ts'
import { type Gauges, type InspectedBroker, startInspectedBroker } from './inspected-broker.ts'
import { Probe } from './probe.ts'
import { commit, createTopics, fetchFrom, findCoordinator, join, produce, sync } from './requests.ts'

const groupCount = 1_000
const classicMembers = 5_000
const consumerMembers = 1_000
/** ARCHITECTURE.md: a group with a member and ten committed offsets. */
const groupBytes = 12 * kib
/** ARCHITECTURE.md: a member of a large group; its connection comes on top. */
const memberBytes = 16 * kib
const idleConnectionBytes = 48 * kib

let broker: InspectedBroker
let probe: Probe
let before: Gauges
beforeAll(async () => {
  broker = await startInspectedBroker({
    'group.initial.rebalance.delay.ms': '500',
    'offsets.topic.num.partitions': '5',
    'group.consumer.min.heartbeat.interval.ms': '100',
    'group.consumer.heartbeat.interval.ms': '100',
  })
  probe = await Probe.start(broker.port)
  await using client = await WireClient.connect({ port: broker.port })
  await createTopics(client, [
    { name: 'few', partitions: 10 },
    { name: 'many', partitions: consumerMembers },
  ])
  const batch = encodeRecordBatch({ records: [{ value: 'v' }], timestampMs: Date.now() })
  for (let partition = 0; partition < 10; partition++) await produce(client, 'few', partition, batch)
  await findCoordinator(client, 'any')
  await probe.serve(50)
  before = await broker.gauges()
}, 30_000)
afterAll(async () => {
  await probe?.[Symbol.asyncDispose]()
  await broker?.close()
})

describe('a thousand groups', () => {
  test('each with a member that fetches and commits', async () => {
    const clients = await connectMany(broker.port, 100)
    const all = Array.from({ length: groupCount }, (_, index) => index)
    const working = Promise.all(
      clients.map(async (client, at) => {
        for (const index of all.filter((each) => each % clients.length === at))
          await consumeOnce(client, index)
      }),
    )
    expect((await probe.serveDuring(working)).served).toBeGreaterThan(10)
    const groups = all.map((index) => ({ groupId: `group-${index}`, topics: null }))
    const answer = await clients[0]!.send(offsetFetchRequest, offsetFetchResponse, 8, { groups }, 60_000)
    const offsets = answer.groups.flatMap(({ topics }) => topics.flatMap(({ partitions }) => partitions))
    expect(offsets).toHaveLength(groupCount * 10)
    expect(offsets.every(({ committedOffset }) => committedOffset === 1)).toBe(true)
    await closeAll(clients)
    await untilGauges(broker, ({ connections }) => connections === 1)
    const held = heldBytes(before, await broker.gauges())
    note('a group with a member and ten offsets', held / groupCount)
    expect(held / groupCount).toBeLessThan(groupBytes)
  }, 60_000)
})

/** Joins a group of its own, reads what is there, commits it. */
async function consumeOnce(client: WireClient, index: number): Promise<void> {
  const groupId = `group-${index}`
  const identity = await joinAlone(client, groupId)
  const offsets = new Map<number, number>()
  for (let partition = 0; partition < 10; partition++) {
    const { nextOffset } = await fetchFrom(client, 'few', partition, 0)
    offsets.set(partition, nextOffset)
  }
  await commit(client, identity, 'few', offsets)
}

async function joinAlone(client: WireClient, groupId: string) {
  const asked = await join(client, groupId, {})
  const joined = await join(client, groupId, { memberId: asked.memberId })
  const identity = { groupId, generation: joined.generationId, memberId: joined.memberId }
  await sync(client, identity, [{ memberId: joined.memberId, assignment: Buffer.from('all') }])
  return identity
}

describe('one large group', () => {
  test.skipIf(!mayOpen(classicMembers + 1_000))(
    'five thousand members of the classic protocol join and all get their part',
    async () => {
      const start = await broker.gauges()
      const clients = await connectMany(broker.port, classicMembers)
      const joining = Promise.all(clients.map((client) => new ClassicMember(client).untilAllAreIn()))
      const { served } = await probe.serveDuring(joining)
      expect(served).toBeGreaterThan(10)
      const assigned = await joining
      expect(new Set(assigned).size).toBe(classicMembers)
      const held = heldBytes(start, await broker.gauges())
      note('a classic member and its connection', held / classicMembers)
      expect(held / classicMembers).toBeLessThan(memberBytes + idleConnectionBytes)
      await closeAll(clients)
    },
    120_000,
  )

  test('a thousand members of the consumer protocol share a thousand partitions', async () => {
    const start = await broker.gauges()
    const clients = await connectMany(broker.port, 50)
    const members = Array.from({ length: consumerMembers }, (_, index) => new ConsumerMember(index))
    const balancing = Promise.all(
      clients.map(async (client, at) => {
        const mine = members.filter((_, index) => index % clients.length === at)
        while (!isShared(members)) for (const member of mine) await member.beat(client)
      }),
    )
    const { served } = await probe.serveDuring(balancing)
    expect(served).toBeGreaterThan(10)
    expect(new Set(members.flatMap(({ owned }) => owned)).size).toBe(consumerMembers)
    const held = heldBytes(start, await broker.gauges())
    note('a consumer member', held / consumerMembers)
    expect(held / consumerMembers).toBeLessThan(memberBytes)
    await closeAll(clients)
  }, 120_000)
})

/** Joins `large` again and again until a generation holds all; gives its own part. */
class ClassicMember {
  readonly #client: WireClient
  #memberId = ''

  constructor(client: WireClient) {
    this.#client = client
  }

  async untilAllAreIn(): Promise<string> {
    const groupId = 'large'
    for (;;) {
      const joined = await join(this.#client, groupId, { memberId: this.#memberId })
      this.#memberId = joined.memberId
      const { name } = errorOf(joined.errorCode)
      if (name === 'MEMBER_ID_REQUIRED' || name === 'REBALANCE_IN_PROGRESS') continue
      if (name !== 'NONE') throw new Error(`join: ${name}`)
      const identity = { groupId, generation: joined.generationId, memberId: this.#memberId }
      const isWhole = joined.members.length === classicMembers
      const assignments = joined.members.map(({ memberId }, index) => ({
        memberId,
        assignment: Buffer.from(isWhole ? `part ${index}` : ''),
      }))
      const synced = await sync(this.#client, identity, assignments)
      if (errorOf(synced.errorCode).name === 'REBALANCE_IN_PROGRESS') continue
      if (synced.errorCode !== 0) throw new Error(`sync: ${errorOf(synced.errorCode).name}`)
      if (synced.assignment.length > 0) return synced.assignment.toString()
      await this.#untilRebalance(identity)
    }
  }

  async #untilRebalance({
    groupId,
    generation,
    memberId,
  }: {
    groupId: string
    generation: number
    memberId: string
  }) {
    for (;;) {
      const body = { groupId, generationId: generation, memberId }
      const { errorCode } = await this.#client.send(heartbeatRequest, heartbeatResponse, 4, body, 60_000)
      if (errorCode !== 0) return
      // A consumer's heartbeat interval, shortened.
      await delay(500)
    }
  }
}

class ConsumerMember {
  readonly index: number
  owned: readonly number[] = []
  #epoch = 0
  #topicId = ''

  constructor(index: number) {
    this.index = index
  }

  async beat(client: WireClient): Promise<void> {
    const isFirst = this.#epoch === 0
    const topicPartitions = this.owned.length > 0 ? [{ topicId: this.#topicId, partitions: this.owned }] : []
    const body = {
      groupId: 'large-consumer',
      memberId: `member-${this.index}`,
      memberEpoch: this.#epoch,
      topicPartitions,
      ...(isFirst ? { rebalanceTimeoutMs: 60_000, subscribedTopicNames: ['many'] } : {}),
    }
    const answer = await client.send(
      consumerGroupHeartbeatRequest,
      consumerGroupHeartbeatResponse,
      1,
      body,
      60_000,
    )
    if (answer.errorCode !== 0) throw new Error(`heartbeat: ${errorOf(answer.errorCode).name}`)
    this.#epoch = answer.memberEpoch
    if (!answer.assignment) return
    this.#topicId = answer.assignment.topicPartitions[0]?.topicId ?? ''
    this.owned = answer.assignment.topicPartitions.flatMap(({ partitions }) => partitions)
  }
}

const isShared = (members: readonly ConsumerMember[]) => members.every(({ owned }) => owned.length === 1)
