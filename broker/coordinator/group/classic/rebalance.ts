import { errorCode } from '../../../protocol/error-codes.ts'
import type { LeaveReason } from '../../group-event.ts'
import type { Turn } from '../../turn.ts'
import {
  answerJoin,
  answerSync,
  type ClassicGroup,
  type ClassicMember,
  computeSubscribedTopics,
  hasAllMembersJoined,
  type JoinResponse,
  joinError,
  metadataOf,
  noBytes,
  rebalanceTimeoutMsOf,
  removeMember,
  selectProtocol,
  syncError,
  transition,
} from './classic-group.ts'

export function heartbeatKey(groupId: string, memberId: string): string {
  return `heartbeat\0${groupId}\0${memberId}`
}

const joinKey = (groupId: string) => `join\0${groupId}`
const syncKey = (groupId: string) => `sync\0${groupId}`

export function scheduleHeartbeat(turn: Turn, group: ClassicGroup, member: ClassicMember, delayMs?: number) {
  const { memberId } = member
  turn.schedule(heartbeatKey(group.groupId, memberId), delayMs ?? member.sessionTimeoutMs, (expiry) =>
    expireSession(expiry, group, memberId),
  )
}

/** Kafka's limit on a join of a new member: it cannot send heartbeats before it is answered. */
export const newMemberJoinTimeoutMs = 300_000

function expireSession(turn: Turn, group: ClassicGroup, memberId: string) {
  if (group.state === 'Dead') return
  if (group.pendingJoin.has(memberId)) {
    removePendingMember(turn, group, memberId, 'sessionTimeout')
    return
  }
  const member = group.members.get(memberId)
  if (!member) return
  // Who waits for a rebalance cannot send heartbeats: its connection is busy with that very request.
  if (!member.isNew && (member.awaitingJoin || member.awaitingSync)) return
  dismissMember(turn, group, member, 'sessionTimeout', 'no heartbeat within the session timeout')
  rebalanceAfterLoss(turn, group, `removing member ${memberId} on heartbeat expiration`)
}

export function removePendingMember(turn: Turn, group: ClassicGroup, memberId: string, reason: LeaveReason) {
  removeMember(group, memberId)
  turn.cancel(heartbeatKey(group.groupId, memberId))
  const { groupId } = group
  turn.emit({
    kind: 'memberLeft',
    groupId,
    memberId,
    instanceId: null,
    reason,
    detail: 'it was never more than pending',
  })
  if (group.state === 'PreparingRebalance') maybeCompleteJoin(turn, group)
}

/** Takes a member out of the group, answering what it waits for. */
export function dismissMember(
  turn: Turn,
  group: ClassicGroup,
  member: ClassicMember,
  reason: LeaveReason,
  detail: string,
) {
  answerJoin(turn, group, member, joinError('unknownMemberId', ''))
  answerSync(turn, member, syncError('unknownMemberId'))
  removeMember(group, member.memberId)
  turn.cancel(heartbeatKey(group.groupId, member.memberId))
  const { memberId, instanceId } = member
  turn.emit({ kind: 'memberLeft', groupId: group.groupId, memberId, instanceId, reason, detail })
}

export function rebalanceAfterLoss(turn: Turn, group: ClassicGroup, reason: string) {
  if (group.state === 'Stable' || group.state === 'CompletingRebalance') prepareRebalance(turn, group, reason)
  else if (group.state === 'PreparingRebalance') maybeCompleteJoin(turn, group)
}

export function rebalanceOrCompleteJoin(turn: Turn, group: ClassicGroup, reason: string) {
  if (group.state === 'PreparingRebalance') maybeCompleteJoin(turn, group)
  else if (group.state !== 'Dead') prepareRebalance(turn, group, reason)
}

export function prepareRebalance(turn: Turn, group: ClassicGroup, reason: string) {
  const { groupId } = group
  if (group.state === 'CompletingRebalance') dropAssignments(turn, group)
  turn.cancel(syncKey(groupId))
  const isInitial = group.state === 'Empty'
  group.rebalanceStartedAtMs = turn.nowMs
  transition(turn, group, 'PreparingRebalance')
  turn.emit({ kind: 'rebalanceStarted', groupId, generation: group.generationId, reason })
  if (isInitial) {
    const delayMs = turn.config['group.initial.rebalance.delay.ms']
    const remainingMs = Math.max(rebalanceTimeoutMsOf(group) - delayMs, 0)
    const openMs = delayMs === 0 ? Math.min(remainingMs, togetherMs) : remainingMs
    scheduleInitialJoin(turn, group, delayMs, openMs)
    return
  }
  maybeCompleteJoin(turn, group)
  if (group.state === 'PreparingRebalance') scheduleJoinCompletion(turn, group)
}

/**
 * How long the first join of a group without an initial delay stays open while somebody comes each millisecond, or has
 * got a member id and must be on the way back with it. Who comes later costs a rebalance of its own, which the others
 * learn of with their next heartbeats.
 */
const togetherMs = 100

function scheduleInitialJoin(turn: Turn, group: ClassicGroup, delayMs: number, remainingMs: number) {
  turn.schedule(joinKey(group.groupId), delayMs, (expiry) => {
    if (group.state !== 'PreparingRebalance') return
    const configuredMs = expiry.config['group.initial.rebalance.delay.ms']
    const leftMs = Math.max(remainingMs - Math.max(delayMs, 1), 0)
    group.awaitsPending = configuredMs === 0 && group.pendingJoin.size > 0
    if (remainingMs === 0 || !(group.newMemberAdded || group.awaitsPending))
      return completeJoin(expiry, group)
    group.newMemberAdded = false
    if (group.awaitsPending) scheduleInitialJoin(expiry, group, remainingMs, 0)
    else scheduleInitialJoin(expiry, group, Math.min(configuredMs, remainingMs), leftMs)
  })
}

function scheduleJoinCompletion(turn: Turn, group: ClassicGroup) {
  turn.schedule(joinKey(group.groupId), rebalanceTimeoutMsOf(group), (expiry) => {
    if (group.state === 'PreparingRebalance') completeJoin(expiry, group)
  })
}

/** Ends the join phase when all have come; an initial rebalance waits for its delay first. */
export function maybeCompleteJoin(turn: Turn, group: ClassicGroup) {
  if (group.state !== 'PreparingRebalance') return
  const isDelayed = group.previousState === 'Empty' && !group.awaitsPending
  if (!isDelayed && hasAllMembersJoined(group)) completeJoin(turn, group)
}

function completeJoin(turn: Turn, group: ClassicGroup) {
  turn.cancel(joinKey(group.groupId))
  group.awaitsPending = false
  if (group.awaitingJoinCount < group.members.size) evictAbsentDynamicMembers(turn, group)
  if (group.members.size > 0 && !electJoinedLeader(group)) {
    // Only static members are left, and none has come back: wait for them, or for their sessions to end.
    scheduleJoinCompletion(turn, group)
    return
  }
  group.generationId++
  group.pendingSync.clear()
  group.newMemberAdded = false
  if (group.members.size === 0) return becomeEmpty(turn, group)
  group.protocolName = selectProtocol(group)
  group.subscribedTopics = computeSubscribedTopics(group)
  transition(turn, group, 'CompletingRebalance')
  answerJoins(turn, group)
  schedulePendingSync(turn, group)
}

function becomeEmpty(turn: Turn, group: ClassicGroup) {
  group.protocolName = null
  group.subscribedTopics = computeSubscribedTopics(group)
  transition(turn, group, 'Empty')
  persistGroup(turn, group)
  const { groupId, generationId: generation } = group
  const durationMs = turn.nowMs - group.rebalanceStartedAtMs
  turn.emit({ kind: 'rebalanceCompleted', groupId, generation, durationMs, memberCount: 0 })
}

function evictAbsentDynamicMembers(turn: Turn, group: ClassicGroup) {
  for (const member of [...group.members.values()]) {
    if (member.awaitingJoin || member.instanceId !== null) continue
    dismissMember(turn, group, member, 'rebalanceTimeout', 'did not rejoin within the rebalance timeout')
  }
}

/** Keeps the leader if it has joined, else takes the first member that has; false when nobody has. */
function electJoinedLeader(group: ClassicGroup): boolean {
  const leader = group.leaderId === null ? undefined : group.members.get(group.leaderId)
  if (leader?.awaitingJoin) return true
  for (const member of group.members.values()) {
    if (!member.awaitingJoin) continue
    group.leaderId = member.memberId
    return true
  }
  return false
}

function answerJoins(turn: Turn, group: ClassicGroup) {
  for (const member of group.members.values()) {
    const response = joinResponse(group, member.memberId, group.leaderId === member.memberId)
    answerJoin(turn, group, member, response)
    scheduleHeartbeat(turn, group, member)
    member.isNew = false
    group.pendingSync.add(member.memberId)
  }
}

/** A successful answer to a join of the current generation; only the leader is told the members. */
export function joinResponse(group: ClassicGroup, memberId: string, withMembers: boolean): JoinResponse {
  return {
    throttleTimeMs: 0,
    errorCode: errorCode.none,
    generationId: group.generationId,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leader: group.leaderId ?? '',
    memberId,
    members: withMembers ? membersForLeader(group) : [],
  }
}

function membersForLeader(group: ClassicGroup) {
  return [...group.members.values()].map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.instanceId,
    metadata: metadataOf(member, group.protocolName),
  }))
}

function schedulePendingSync(turn: Turn, group: ClassicGroup) {
  const generation = group.generationId
  turn.schedule(syncKey(group.groupId), rebalanceTimeoutMsOf(group), (expiry) => {
    const isCurrent = group.generationId === generation && group.pendingSync.size > 0
    if (!isCurrent || (group.state !== 'CompletingRebalance' && group.state !== 'Stable')) return
    const missing = [...group.pendingSync]
    for (const memberId of missing) {
      const member = group.members.get(memberId)
      if (member)
        dismissMember(expiry, group, member, 'rebalanceTimeout', 'no SyncGroup within the rebalance timeout')
    }
    prepareRebalance(expiry, group, `removing ${missing.length} members on pending sync request expiration`)
  })
}

export function syncReceived(turn: Turn, group: ClassicGroup, memberId: string) {
  group.pendingSync.delete(memberId)
  if (group.pendingSync.size === 0) turn.cancel(syncKey(group.groupId))
}

function dropAssignments(turn: Turn, group: ClassicGroup) {
  for (const member of group.members.values()) {
    member.assignment = noBytes
    if (answerSync(turn, member, syncError('rebalanceInProgress'))) scheduleHeartbeat(turn, group, member)
  }
}

/** Stops what waits on the group as a whole (it is being deleted or converted). */
export function cancelGroupTimers(turn: Turn, group: ClassicGroup) {
  turn.cancel(joinKey(group.groupId))
  turn.cancel(syncKey(group.groupId))
  for (const memberId of [...group.members.keys(), ...group.pendingJoin]) {
    turn.cancel(heartbeatKey(group.groupId, memberId))
  }
}

/** Writes the group as it is now: members with the metadata of the chosen protocol and their assignments. */
export function persistGroup(turn: Turn, group: ClassicGroup) {
  turn.records.push({
    kind: 'groupMetadata',
    key: { group: group.groupId },
    value: {
      protocolType: group.protocolType ?? '',
      generation: group.generationId,
      protocol: group.protocolName,
      leader: group.leaderId,
      currentStateTimestamp: group.stateTimestampMs ?? -1,
      members: [...group.members.values()].map((member) => ({
        memberId: member.memberId,
        groupInstanceId: member.instanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        rebalanceTimeout: member.rebalanceTimeoutMs,
        sessionTimeout: member.sessionTimeoutMs,
        subscription: metadataOf(member, group.protocolName),
        assignment: member.assignment,
      })),
    },
  })
}
