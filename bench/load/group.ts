import { setTimeout as delay } from 'node:timers/promises'
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
import { median } from '../figures.ts'
import { Line, requestFrame } from './line.ts'

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
  /** Groups before the measured ones, to warm the client: its cold code costs more than a warm broker does. */
  warmups: number
  /** The median of so many is the result. */
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
  readonly #start = Promise.withResolvers<void>()
  /** All members have connected and know what they will ask first. */
  readonly started = this.#start.promise
  #given = 0
  #startedAtMs = 0
  isStable = false
  stableMs = 0

  constructor(load: GroupLoad) {
    this.#load = load
  }

  start(): void {
    this.#startedAtMs = performance.now()
    this.#start.resolve()
  }

  assigned(member: number, generation: number, partitions: readonly number[]): void {
    if (this.isStable) return
    this.#given += partitions.length - (this.#of.get(member)?.partitions.length ?? 0)
    this.#of.set(member, { generation, partitions })
    const hasAllCounts = this.#of.size === this.#load.members && this.#given === this.#load.partitions
    this.isStable = hasAllCounts && this.#isShared(generation)
    this.stableMs = performance.now() - this.#startedAtMs
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

async function findCoordinator(line: Line, groupId: string): Promise<void> {
  const frame = requestFrame(findCoordinatorRequest, 4, { keyType: 0, coordinatorKeys: [groupId] })
  for (const deadlineMs = performance.now() + patienceMs; performance.now() < deadlineMs; await delay(20)) {
    const { coordinators } = await line.ask(frame, findCoordinatorResponse, 4)
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
  line: Line,
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
  const joinFrame = (memberId: string) =>
    requestFrame(joinGroupRequest, 9, { ...named, ...timeouts, memberId, protocols })
  let memberId = ''
  let frame = joinFrame(memberId)
  await seen.started
  while (!seen.isStable) {
    const joined = await line.ask(frame, joinGroupResponse, 9)
    if (joined.memberId !== '' && joined.memberId !== memberId) {
      memberId = joined.memberId
      frame = joinFrame(memberId)
    }
    if (nameOf(joined.errorCode) === 'MEMBER_ID_REQUIRED') continue
    if (transient.has(nameOf(joined.errorCode))) {
      await delay(retryMs)
      continue
    }
    if (joined.errorCode !== 0) refuse('JoinGroup', joined.errorCode)
    const { generationId } = joined
    const assignments = joined.leader === memberId ? classicAssignments(load, joined.members) : []
    const sync = { ...named, generationId, memberId, protocolName: rangeProtocol, assignments }
    const synced = await line.ask(requestFrame(syncGroupRequest, 5, sync), syncGroupResponse, 5)
    if (joinsAgain.has(nameOf(synced.errorCode))) continue
    if (synced.errorCode !== 0) refuse('SyncGroup', synced.errorCode)
    const given = decode(consumerProtocolAssignment, consumerProtocolVersion, synced.assignment.subarray(2))
    const partitions = given.assignedPartitions.flatMap((each) => each.partitions)
    seen.assigned(member, generationId, partitions)
    await untilRebalance(load, line, { groupId, generationId, memberId }, seen)
  }
  return memberId
}

async function untilRebalance(
  load: GroupLoad,
  line: Line,
  identity: { groupId: string; generationId: number; memberId: string },
  seen: Assignments,
): Promise<void> {
  const frame = requestFrame(heartbeatRequest, 4, identity)
  for (;;) {
    await beat(load.heartbeatMs, seen)
    if (seen.isStable) return
    const beaten = await line.ask(frame, heartbeatResponse, 4)
    if (joinsAgain.has(nameOf(beaten.errorCode))) return
    if (beaten.errorCode !== 0) refuse('Heartbeat', beaten.errorCode)
  }
}

async function consumerMember(
  load: GroupLoad,
  line: Line,
  member: number,
  seen: Assignments,
): Promise<string> {
  const { groupId, topic } = load
  const identity = { groupId, memberId: crypto.randomUUID() }
  const first = { subscribedTopicNames: [topic], rebalanceTimeoutMs: 60_000, topicPartitions: [] }
  let memberEpoch = 0
  let owned: { topicId: string; partitions: number[] }[] = []
  const heartbeatFrame = (news: object) =>
    requestFrame(consumerGroupHeartbeatRequest, 1, { ...identity, memberEpoch, ...news })
  let frame = heartbeatFrame(first)
  await seen.started
  while (!seen.isStable) {
    const answer = await line.ask(frame, consumerGroupHeartbeatResponse, 1)
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
    frame = heartbeatFrame(answer.assignment ? { topicPartitions: owned } : {})
    if (!answer.assignment) await beat(answer.heartbeatIntervalMs, seen)
  }
  return identity.memberId
}

/** Nobody's session may end while the next group is measured. */
async function leave(load: GroupLoad, lines: readonly Line[], ids: readonly string[]): Promise<void> {
  const { groupId } = load
  if (load.protocol === 'classic') {
    const members = ids.map((memberId) => ({ memberId, groupInstanceId: null }))
    const frame = requestFrame(leaveGroupRequest, 5, { groupId, members })
    await lines[0]!.ask(frame, leaveGroupResponse, 5)
    return
  }
  const leaving = ids.map((memberId, member) => {
    const body = { groupId, memberId, memberEpoch: leavesGroup }
    const frame = requestFrame(consumerGroupHeartbeatRequest, 1, body)
    return lines[member]!.ask(frame, consumerGroupHeartbeatResponse, 1)
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
  const samples: number[] = []
  for (let index = 0; index < load.warmups + load.groups; index++) {
    const stableMs = await oneGroup({ ...load, groupId: `${load.groupId}-${index}` })
    if (index >= load.warmups) samples.push(stableMs)
  }
  return { stableMs: median(samples) }
}

async function oneGroup(load: GroupLoad): Promise<number> {
  const lines = await Promise.all(Array.from({ length: load.members }, () => Line.connect(load.port)))
  await findCoordinator(lines[0]!, load.groupId)
  const seen = new Assignments(load)
  const run = load.protocol === 'classic' ? classicMember : consumerMember
  const members = lines.map((line, member) => run(load, line, member, seen))
  seen.start()
  await leave(load, lines, await Promise.all(members))
  for (const line of lines) line.close()
  return seen.stableMs
}
