import { setTimeout as delay } from 'node:timers/promises'
import { WireClient } from '../../broker/protocol/client.ts'
import { decode, encodeBuffer } from '../../broker/protocol/codec.ts'
import { errorOf } from '../../broker/protocol/error-codes.ts'
import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../../broker/protocol/records/consumer-protocol.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../broker/protocol/schemas/10-find-coordinator.ts'
import { joinGroupRequest, joinGroupResponse } from '../../broker/protocol/schemas/11-join-group.ts'
import { heartbeatRequest, heartbeatResponse } from '../../broker/protocol/schemas/12-heartbeat.ts'
import { leaveGroupRequest, leaveGroupResponse } from '../../broker/protocol/schemas/13-leave-group.ts'
import { syncGroupRequest, syncGroupResponse } from '../../broker/protocol/schemas/14-sync-group.ts'
import {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
} from '../../broker/protocol/schemas/68-consumer-group-heartbeat.ts'

/** So many members join one group at once, each on a connection of its own; so many groups, one after the other. */
export type GroupLoad = {
  kind: 'group'
  port: number
  topic: string
  groupId: string
  partitions: number
  members: number
  protocol: 'classic' | 'consumer'
  /** Of the classic protocol, where the client chooses it; the consumer protocol's is what the broker tells. */
  heartbeatMs: number
  /** The last one is measured. Those before it warm the client, whose cold code costs more than a warm broker does. */
  groups: number
}

export type StableGroup = { stableMs: number }

const patienceMs = 120_000
const consumerProtocolVersion = 3
const rangeProtocol = 'range'
/** As the epoch of a member of the consumer protocol. */
const leavesGroup = -1

/**
 * What every member has at present; done once all are in one generation, each has a share, and each partition an owner.
 * A share, since the consumer protocol gives all to the first member while a new assignment has to wait. Asked at each
 * answer, so partitions are looked at only when the counts are right.
 */
class Assignments {
  readonly #load: GroupLoad
  readonly #of = new Map<number, { generation: number; partitions: readonly number[] }>()
  #given = 0
  isStable = false
  stableAtMs = 0

  constructor(load: GroupLoad) {
    this.#load = load
  }

  assigned(member: number, generation: number, partitions: readonly number[]): void {
    if (this.isStable) return
    this.#given += partitions.length - (this.#of.get(member)?.partitions.length ?? 0)
    this.#of.set(member, { generation, partitions })
    const hasAllCounts = this.#of.size === this.#load.members && this.#given === this.#load.partitions
    this.isStable = hasAllCounts && this.#isShared(generation)
    this.stableAtMs = performance.now()
  }

  #isShared(generation: number): boolean {
    const owned = new Set<number>()
    for (const each of this.#of.values()) {
      if (each.generation !== generation || each.partitions.length === 0) return false
      for (const partition of each.partitions) owned.add(partition)
    }
    return owned.size === this.#given
  }
}

/** What a client waits out and tries again. */
const transient = new Set(['COORDINATOR_LOAD_IN_PROGRESS', 'COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR'])
const retryMs = 20
/** After these a classic member joins again. */
const joinsAgain = new Set(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION'])

const nameOf = (errorCode: number) => errorOf(errorCode).name

function refuse(what: string, errorCode: number): never {
  throw new Error(`${what} was answered with ${nameOf(errorCode)}`)
}

async function findCoordinator(client: WireClient, groupId: string): Promise<void> {
  const body = { keyType: 0, coordinatorKeys: [groupId] }
  for (const deadlineMs = performance.now() + patienceMs; performance.now() < deadlineMs; await delay(20)) {
    const { coordinators } = await client.send(findCoordinatorRequest, findCoordinatorResponse, 4, body)
    if (coordinators[0]?.errorCode === 0) return
  }
  throw new Error(`no coordinator for ${groupId}`)
}

/** Member i of n takes each n-th partition. */
function classicAssignments(load: GroupLoad, members: readonly { memberId: string }[]) {
  return members.map(({ memberId }, index) => {
    const partitions: number[] = []
    for (let partition = index; partition < load.partitions; partition += members.length)
      partitions.push(partition)
    const assignment = { assignedPartitions: [{ topic: load.topic, partitions }] }
    return {
      memberId,
      assignment: withVersion(encodeBuffer(consumerProtocolAssignment, consumerProtocolVersion, assignment)),
    }
  })
}

/** Both parts of the consumer's embedded protocol begin with their version. */
function withVersion(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0, consumerProtocolVersion]), bytes])
}

async function classicMember(
  load: GroupLoad,
  client: WireClient,
  member: number,
  seen: Assignments,
): Promise<string> {
  const { groupId, topic } = load
  const subscription = { topics: [topic], ownedPartitions: [] }
  const metadata = withVersion(
    encodeBuffer(consumerProtocolSubscription, consumerProtocolVersion, subscription),
  )
  const protocols = [{ name: rangeProtocol, metadata }]
  const timeouts = { sessionTimeoutMs: 45_000, rebalanceTimeoutMs: 60_000 }
  const named = { groupId, protocolType: 'consumer' }
  let memberId = ''
  while (!seen.isStable) {
    const join = { ...named, ...timeouts, memberId, protocols }
    const joined = await client.send(joinGroupRequest, joinGroupResponse, 9, join, patienceMs)
    memberId = joined.memberId || memberId
    if (nameOf(joined.errorCode) === 'MEMBER_ID_REQUIRED') continue
    if (transient.has(nameOf(joined.errorCode))) {
      await delay(retryMs)
      continue
    }
    if (joined.errorCode !== 0) refuse('JoinGroup', joined.errorCode)
    const { generationId } = joined
    const assignments = joined.leader === memberId ? classicAssignments(load, joined.members) : []
    const sync = { ...named, generationId, memberId, protocolName: rangeProtocol, assignments }
    const synced = await client.send(syncGroupRequest, syncGroupResponse, 5, sync, patienceMs)
    if (joinsAgain.has(nameOf(synced.errorCode))) continue
    if (synced.errorCode !== 0) refuse('SyncGroup', synced.errorCode)
    const given = decode(consumerProtocolAssignment, consumerProtocolVersion, synced.assignment.subarray(2))
    const partitions = given.assignedPartitions.flatMap((each) => each.partitions)
    seen.assigned(member, generationId, partitions)
    await untilRebalance(load, client, { groupId, generationId, memberId }, seen)
  }
  return memberId
}

async function untilRebalance(
  load: GroupLoad,
  client: WireClient,
  identity: { groupId: string; generationId: number; memberId: string },
  seen: Assignments,
): Promise<void> {
  while (!seen.isStable) {
    const beaten = await client.send(heartbeatRequest, heartbeatResponse, 4, identity)
    if (joinsAgain.has(nameOf(beaten.errorCode))) return
    if (beaten.errorCode !== 0) refuse('Heartbeat', beaten.errorCode)
    await beat(load.heartbeatMs, seen)
  }
}

async function consumerMember(
  load: GroupLoad,
  client: WireClient,
  member: number,
  seen: Assignments,
): Promise<string> {
  const { groupId, topic } = load
  const identity = { groupId, memberId: crypto.randomUUID() }
  const first = { subscribedTopicNames: [topic], rebalanceTimeoutMs: 60_000, topicPartitions: [] }
  let memberEpoch = 0
  let owned: { topicId: string; partitions: number[] }[] = []
  let news: object = first
  while (!seen.isStable) {
    const body = { ...identity, memberEpoch, ...news }
    const answer = await client.send(consumerGroupHeartbeatRequest, consumerGroupHeartbeatResponse, 1, body)
    if (transient.has(nameOf(answer.errorCode))) {
      await delay(retryMs)
      continue
    }
    if (answer.errorCode !== 0) refuse('ConsumerGroupHeartbeat', answer.errorCode)
    memberEpoch = answer.memberEpoch
    if (answer.assignment) owned = answer.assignment.topicPartitions
    const partitions = owned.flatMap((each) => each.partitions)
    seen.assigned(member, memberEpoch, partitions)
    // What was given or taken is confirmed at once; else the next heartbeat is due in so long.
    news = answer.assignment ? { topicPartitions: owned } : {}
    if (!answer.assignment) await beat(answer.heartbeatIntervalMs, seen)
  }
  return identity.memberId
}

/** Nobody's session may end while the next group is measured. */
async function leave(load: GroupLoad, clients: readonly WireClient[], ids: readonly string[]): Promise<void> {
  const { groupId } = load
  if (load.protocol === 'classic') {
    const members = ids.map((memberId) => ({ memberId, groupInstanceId: null }))
    await clients[0]!.send(leaveGroupRequest, leaveGroupResponse, 5, { groupId, members })
    return
  }
  const leaving = ids.map((memberId, member) => {
    const body = { groupId, memberId, memberEpoch: leavesGroup }
    return clients[member]!.send(consumerGroupHeartbeatRequest, consumerGroupHeartbeatResponse, 1, body)
  })
  await Promise.all(leaving)
}

/** A heartbeat's interval, cut short at the end. */
async function beat(intervalMs: number, seen: Assignments): Promise<void> {
  const untilMs = performance.now() + intervalMs
  while (!seen.isStable && performance.now() < untilMs) {
    await delay(Math.min(50, Math.max(1, untilMs - performance.now())))
  }
}

/** Milliseconds from the first join to the assignment that covers all partitions, each once, in one generation. */
export async function group(load: GroupLoad): Promise<StableGroup> {
  for (let before = 1; before < load.groups; before++)
    await oneGroup({ ...load, groupId: `${load.groupId}-${before}` })
  return oneGroup(load)
}

async function oneGroup(load: GroupLoad): Promise<StableGroup> {
  const connecting = Array.from({ length: load.members }, () => WireClient.connect({ port: load.port }))
  const clients = await Promise.all(connecting)
  await findCoordinator(clients[0]!, load.groupId)
  const seen = new Assignments(load)
  const run = load.protocol === 'classic' ? classicMember : consumerMember
  const startMs = performance.now()
  const ids = await Promise.all(clients.map((client, member) => run(load, client, member, seen)))
  await leave(load, clients, ids)
  await Promise.all(clients.map((client) => client.close()))
  return { stableMs: seen.stableAtMs - startMs }
}
