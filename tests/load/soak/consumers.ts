/** Members of groups of both protocols: they join, fetch, commit, and leave with or without a word. */
import type { WireClient } from '../../../broker/protocol/client.ts'
import { decode, encode } from '../../../broker/protocol/codec.ts'
import { errorOf } from '../../../broker/protocol/error-codes.ts'
import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../../../broker/protocol/records/consumer-protocol.ts'
import { offsetFetchRequest, offsetFetchResponse } from '../../../broker/protocol/schemas/09-offset-fetch.ts'
import { heartbeatRequest, heartbeatResponse } from '../../../broker/protocol/schemas/12-heartbeat.ts'
import { leaveGroupRequest, leaveGroupResponse } from '../../../broker/protocol/schemas/13-leave-group.ts'
import {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
} from '../../../broker/protocol/schemas/68-consumer-group-heartbeat.ts'
import {
  AnswerError,
  check,
  commit,
  earliest,
  findCoordinator,
  type Identity,
  join,
  type NewTopic,
  offsetOf,
  sync,
} from '../requests.ts'
import { Fetcher } from './fetcher.ts'
import type { Random, Soak } from './soak.ts'

/** What sends a member to join anew; members are thrown out while others come and go. */
const rejoin = ['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'STALE_MEMBER_EPOCH']
const fencedMember = ['FENCED_MEMBER_EPOCH', 'UNRELEASED_INSTANCE_ID']
/** A group that is being moved or loaded, or that has expired after its last member's session had. */
const passing = [
  'COORDINATOR_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'GROUP_ID_NOT_FOUND',
]
const ofMembers = [...rejoin, ...fencedMember, ...passing]

const sessionTimeoutMs = 6_000
const pollMs = 500

/** Names of groups: most stay, some are used for a while and then expire. */
function groupName(prefix: string, random: Random, startedAtMs: number): string {
  if (random.isTrue(0.7)) return `${prefix}-${random.between(0, 2)}`
  return `${prefix}-of-minute-${Math.floor((Date.now() - startedAtMs) / 60_000)}-${random.between(0, 3)}`
}

export function classicMember(soak: Soak, topic: NewTopic, prefix: string): Promise<void> {
  const random = soak.random()
  const startedAtMs = Date.now()
  return soak.repeat(prefix, ofMembers, async (client) => {
    const groupId = groupName(prefix, random, startedAtMs)
    await findCoordinator(client, groupId)
    const leaveAtMs = Date.now() + random.between(2_000, 30_000)
    let memberId = ''
    while (!soak.isOver && Date.now() < leaveAtMs) {
      const joined = await joinAndSync(client, groupId, memberId, topic)
      if (!joined) continue
      memberId = joined.identity.memberId
      soak.count(`${prefix}: joined`)
      const positions = await committed(client, joined.identity, topic.name, joined.partitions)
      const fetcher = new Fetcher(client, topic.name, positions)
      await consume(soak, client, fetcher, joined.identity, topic.name, leaveAtMs)
    }
    // Half of them go without a word, and their session times out.
    if (memberId === '' || random.isTrue(0.5)) return
    await client.send(leaveGroupRequest, leaveGroupResponse, 5, { groupId, members: [{ memberId }] })
    soak.count(`${prefix}: left`)
  })
}

/** Until the group rebalances or it is time to leave. */
async function consume(
  soak: Soak,
  client: WireClient,
  fetcher: Fetcher,
  identity: Identity,
  topic: string,
  leaveAtMs: number,
): Promise<void> {
  const { groupId, generation, memberId } = identity
  while (!soak.isOver && Date.now() < leaveAtMs) {
    soak.count('bytes fetched', await fetcher.poll(pollMs))
    const answer = await client.send(heartbeatRequest, heartbeatResponse, 4, {
      groupId,
      generationId: generation,
      memberId,
    })
    const { name } = errorOf(answer.errorCode)
    if (name === 'REBALANCE_IN_PROGRESS') return
    check(`heartbeat of ${groupId}`, answer.errorCode)
    await commit(client, identity, topic, fetcher.positions)
    await soak.pause(50)
  }
}

async function joinAndSync(client: WireClient, groupId: string, knownId: string, topic: NewTopic) {
  const subscription = encode(consumerProtocolSubscription, 1, { topics: [topic.name] })
  const metadata = Buffer.concat([Buffer.from([0, 1]), ...subscription])
  const options = { sessionTimeoutMs, rebalanceTimeoutMs: 10_000, metadata }
  let answer = await join(client, groupId, { ...options, memberId: knownId })
  if (errorOf(answer.errorCode).name === 'MEMBER_ID_REQUIRED')
    answer = await join(client, groupId, { ...options, memberId: answer.memberId })
  check(`join ${groupId}`, answer.errorCode)
  const identity: Identity = { groupId, generation: answer.generationId, memberId: answer.memberId }
  const assignments = answer.members.map(({ memberId }, index) => {
    const mine = Array.from({ length: topic.partitions }, (_, partition) => partition)
    const partitions = mine.filter((partition) => partition % answer.members.length === index)
    const assignedPartitions = [{ topic: topic.name, partitions }]
    const encoded = encode(consumerProtocolAssignment, 1, { assignedPartitions })
    return { memberId, assignment: Buffer.concat([Buffer.from([0, 1]), ...encoded]) }
  })
  const synced = await sync(client, identity, assignments)
  if (errorOf(synced.errorCode).name === 'REBALANCE_IN_PROGRESS') return undefined
  check(`sync ${groupId}`, synced.errorCode)
  if (synced.assignment.length === 0) return { identity, partitions: [] }
  const { assignedPartitions } = decode(consumerProtocolAssignment, 1, synced.assignment.subarray(2))
  return { identity, partitions: assignedPartitions.flatMap(({ partitions }) => partitions) }
}

/** Where the group stands in these partitions; at their beginning where nothing was committed. */
async function committed(
  client: WireClient,
  { groupId }: Identity,
  topic: string,
  partitions: readonly number[],
): Promise<Map<number, number>> {
  const positions = new Map<number, number>()
  if (partitions.length === 0) return positions
  const groups = [{ groupId, topics: [{ name: topic, partitionIndexes: partitions }] }]
  const answer = await client.send(offsetFetchRequest, offsetFetchResponse, 8, { groups })
  check(`offsets of ${groupId}`, answer.groups[0]!.errorCode)
  for (const { partitionIndex, committedOffset, errorCode } of answer.groups[0]!.topics[0]!.partitions) {
    check(`offset of ${groupId}`, errorCode)
    const offset =
      committedOffset >= 0 ? committedOffset : await offsetOf(client, topic, partitionIndex, earliest)
    positions.set(partitionIndex, offset)
  }
  return positions
}

type Assignment = readonly { readonly topicId: string; readonly partitions: readonly number[] }[]

/** A member of the consumer protocol (KIP-848): one heartbeat a turn, and what it is assigned it takes at once. */
export function consumerMember(soak: Soak, topic: NewTopic, prefix: string): Promise<void> {
  const random = soak.random()
  const startedAtMs = Date.now()
  return soak.repeat(prefix, ofMembers, async (client) => {
    const groupId = groupName(prefix, random, startedAtMs)
    await findCoordinator(client, groupId)
    const memberId = `${prefix}-${Math.floor(random.next() * 1e12)}`
    const leaveAtMs = Date.now() + random.between(2_000, 30_000)
    let epoch = 0
    let owned: Assignment = []
    let fetcher = new Fetcher(client, topic.name, new Map())
    const beat = async (memberEpoch: number) => {
      const isFirst = memberEpoch === 0
      const body = {
        groupId,
        memberId,
        memberEpoch,
        topicPartitions: owned,
        ...(isFirst ? { rebalanceTimeoutMs: 10_000, subscribedTopicNames: [topic.name] } : {}),
      }
      const answer = await client.send(consumerGroupHeartbeatRequest, consumerGroupHeartbeatResponse, 1, body)
      check(`heartbeat of ${groupId}`, answer.errorCode)
      return answer
    }
    while (!soak.isOver && Date.now() < leaveAtMs) {
      const answer = await beat(epoch)
      if (epoch === 0) soak.count(`${prefix}: joined`)
      epoch = answer.memberEpoch
      if (answer.assignment) {
        owned = answer.assignment.topicPartitions
        const partitions = owned.flatMap((each) => each.partitions)
        const identity = { groupId, generation: epoch, memberId }
        fetcher = new Fetcher(client, topic.name, await committed(client, identity, topic.name, partitions))
      }
      if (fetcher.positions.size === 0) {
        await soak.pause(pollMs)
        continue
      }
      soak.count('bytes fetched', await fetcher.poll(pollMs))
      await commitOrGoOn(client, { groupId, generation: epoch, memberId }, topic.name, fetcher)
      await soak.pause(50)
    }
    if (epoch === 0 || random.isTrue(0.5)) return
    owned = []
    await beat(-1)
    soak.count(`${prefix}: left`)
  })
}

/** The epoch may have moved since the last heartbeat: the next one tells. */
async function commitOrGoOn(client: WireClient, identity: Identity, topic: string, fetcher: Fetcher) {
  try {
    await commit(client, identity, topic, fetcher.positions)
  } catch (error) {
    if (!(error instanceof AnswerError && error.code === 'STALE_MEMBER_EPOCH')) throw error
  }
}
