import { errorCode } from '../../../protocol/error-codes.ts'
import type { Decoded, Encodable } from '../../../protocol/fields.ts'
import type {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
} from '../../../protocol/schemas/68-consumer-group-heartbeat.ts'
import type { RequestContext } from '../../request-context.ts'
import type { Turn } from '../../turn.ts'
import {
  type ConsumerGroup,
  type ConsumerMember,
  type EpochedPartitions,
  epochedEqual,
  isReconciled,
  memberEpoch,
  newConsumerMember,
} from './consumer-group.ts'
import { type OwnedPartitions, reconcile } from './current-assignment.ts'
import { emitAssigned, emitJoined } from './events.ts'
import { bumpGroupEpoch, bumpIfMetadataChanged } from './group-epoch.ts'
import { scheduleRebalanceTimeout, scheduleSession } from './membership.ts'
import { writeCurrent, writeMemberMetadata } from './records.ts'
import { updateRegexes } from './regexes.ts'
import { takeOverStaticMember } from './static-member.ts'
import { maybeUpdateTarget, subscribedTopicIds } from './target-assignment.ts'

export type ConsumerHeartbeat = Decoded<typeof consumerGroupHeartbeatRequest>
export type ConsumerHeartbeatResponse = Encodable<typeof consumerGroupHeartbeatResponse>

/** A protocol error with its message. */
export type Failure = { readonly error: keyof typeof errorCode; readonly message: string }

export function failure(error: keyof typeof errorCode, message: string): Failure {
  return { error, message }
}

export function heartbeatFailure({ error, message }: Failure): ConsumerHeartbeatResponse {
  return {
    throttleTimeMs: 0,
    errorCode: errorCode[error],
    errorMessage: message,
    memberEpoch: 0,
    heartbeatIntervalMs: 0,
  }
}

/**
 * ConsumerGroupHeartbeat of a member that joins or stays (KIP-848): brings it in with what it is subscribed to. What is
 * returned, to be called in the same turn, brings it nearer to its target and makes the answer.
 */
export function beginHeartbeat(
  turn: Turn,
  group: ConsumerGroup,
  request: ConsumerHeartbeat,
  context: RequestContext,
): () => ConsumerHeartbeatResponse {
  const memberId = request.memberId || turn.newUuid()
  const member = admit(turn, group, memberId, request)
  if ('error' in member) return () => heartbeatFailure(member)
  const updated = withRequest(member, request, context)
  const isChanged = subscribe(turn, group, member, updated)
  return () => {
    const reconciled = approachTarget(turn, group, updated, request.topicPartitions, isChanged)
    scheduleSession(turn, group, reconciled)
    return heartbeatAnswer(turn, group, request, member, reconciled)
  }
}

function heartbeatAnswer(
  turn: Turn,
  group: ConsumerGroup,
  request: ConsumerHeartbeat,
  member: ConsumerMember,
  reconciled: ConsumerMember,
): ConsumerHeartbeatResponse {
  const isFull =
    request.rebalanceTimeoutMs !== -1 &&
    (request.subscribedTopicNames !== null || request.subscribedTopicRegex !== null) &&
    request.topicPartitions !== null
  const isTold = request.memberEpoch === memberEpoch.join || isFull || !sameAssigned(member, reconciled)
  return {
    throttleTimeMs: 0,
    errorCode: errorCode.none,
    memberId: reconciled.memberId,
    memberEpoch: reconciled.memberEpoch,
    heartbeatIntervalMs: nextHeartbeatMs(turn, group, reconciled),
    assignment: isTold ? { topicPartitions: toTopicPartitions(reconciled.assigned) } : null,
  }
}

/** How soon a member that is not where it is to be should look again, at the least. */
const soonMs = 500

/**
 * Kafka tells every member the same interval, and a rebalance takes several of them. Here a member that waits for
 * its assignment is asked to come back sooner: clients go by the interval of the last answer. Bigger groups get
 * more time, so that all members together do not ask more often than once a millisecond.
 */
function nextHeartbeatMs(turn: Turn, group: ConsumerGroup, member: ConsumerMember): number {
  const intervalMs = turn.groupConfig(group.groupId)['consumer.heartbeat.interval.ms']
  if (isReconciled(member, group.groupEpoch)) return intervalMs
  return Math.min(intervalMs, Math.max(soonMs, group.members.size))
}

function toTopicPartitions(assigned: EpochedPartitions) {
  return [...assigned].map(([topicId, partitions]) => ({ topicId, partitions: [...partitions.keys()] }))
}

function sameAssigned(before: ConsumerMember, after: ConsumerMember): boolean {
  return before.assigned === after.assigned || epochedEqual(before.assigned, after.assigned)
}

/** Finds the member, or makes it when it joins; its epoch must be the one it was told last. */
function admit(
  turn: Turn,
  group: ConsumerGroup,
  memberId: string,
  request: ConsumerHeartbeat,
): ConsumerMember | Failure {
  const maxSize = turn.config['group.consumer.max.size']
  if (group.members.size >= maxSize && !group.members.has(memberId)) {
    return failure(
      'groupMaxSizeReached',
      `The consumer group has reached its maximum capacity of ${maxSize} members.`,
    )
  }
  const isJoin = request.memberEpoch === memberEpoch.join
  if (request.instanceId !== null) return admitStatic(turn, group, memberId, request.instanceId, request)
  const member = group.members.get(memberId)
  if (!member) {
    if (isJoin) return newConsumerMember(memberId)
    return failure('unknownMemberId', `Member ${memberId} is not a member of group ${group.groupId}.`)
  }
  return epochFailure(member, request) ?? member
}

function admitStatic(
  turn: Turn,
  group: ConsumerGroup,
  memberId: string,
  instanceId: string,
  request: ConsumerHeartbeat,
): ConsumerMember | Failure {
  const knownId = group.staticMembers.get(instanceId)
  const known = knownId === undefined ? undefined : group.members.get(knownId)
  if (request.memberEpoch === memberEpoch.join) {
    if (!known) return group.members.get(memberId) ?? newConsumerMember(memberId)
    if (known.memberId === memberId && known.classic === null) return known
    if (known.memberEpoch !== memberEpoch.leaveStatic && known.classic === null) {
      return failure(
        'unreleasedInstanceId',
        `Static member ${memberId} with instance id ${instanceId} cannot join the group because the instance id is owned by member ${known.memberId}.`,
      )
    }
    return takeOverStaticMember(turn, group, known, memberId)
  }
  return staticFailure(known, memberId, instanceId) ?? epochFailure(known!, request) ?? known!
}

export function staticFailure(
  known: ConsumerMember | undefined,
  memberId: string,
  instanceId: string,
): Failure | undefined {
  if (!known) return failure('unknownMemberId', `Instance id ${instanceId} is unknown.`)
  if (known.memberId === memberId) return undefined
  return failure(
    'fencedInstanceId',
    `Static member ${memberId} with instance id ${instanceId} was fenced by member ${known.memberId}.`,
  )
}

function epochFailure(member: ConsumerMember, request: ConsumerHeartbeat): Failure | undefined {
  const received = request.memberEpoch
  if (received === memberEpoch.join || received === member.memberEpoch) return undefined
  const known = `the one known by the group coordinator (${member.memberEpoch}). The member must abandon all its partitions and rejoin.`
  if (received > member.memberEpoch) {
    return failure(
      'fencedMemberEpoch',
      `The consumer group member has a greater member epoch (${received}) than ${known}`,
    )
  }
  // The answer that raised the epoch may have been lost: the member comes with the epoch before, and owns no more.
  if (received === member.previousMemberEpoch && ownsOnly(request.topicPartitions, member.assigned))
    return undefined
  return failure(
    'fencedMemberEpoch',
    `The consumer group member has a smaller member epoch (${received}) than ${known}`,
  )
}

function ownsOnly(owned: OwnedPartitions, assigned: EpochedPartitions): boolean {
  if (owned === null) return false
  return owned.every(({ topicId, partitions }) => {
    const epochs = assigned.get(topicId)
    return epochs !== undefined && partitions.every((partition) => epochs.has(partition))
  })
}

function withRequest(
  member: ConsumerMember,
  request: ConsumerHeartbeat,
  context: RequestContext,
): ConsumerMember {
  const { subscribedTopicNames, rebalanceTimeoutMs } = request
  return {
    ...member,
    instanceId: request.instanceId ?? member.instanceId,
    rackId: request.rackId ?? member.rackId,
    rebalanceTimeoutMs: rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : rebalanceTimeoutMs,
    serverAssignor: request.serverAssignor ?? member.serverAssignor,
    subscribedTopicNames: subscribedTopicNames
      ? sortedUnique(subscribedTopicNames)
      : member.subscribedTopicNames,
    subscribedTopicRegex: request.subscribedTopicRegex ?? member.subscribedTopicRegex,
    clientId: context.clientId,
    clientHost: context.clientHost,
    classic: null,
  }
}

export function sortedUnique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort()
}

/**
 * Brings a member with its new subscription into the group and one step further: subscription, group epoch,
 * target assignment, its own assignment. Returns the member as it is then.
 */
export function advance(
  turn: Turn,
  group: ConsumerGroup,
  before: ConsumerMember,
  updated: ConsumerMember,
  owned: OwnedPartitions,
): ConsumerMember {
  const isChanged = subscribe(turn, group, before, updated)
  return approachTarget(turn, group, updated, owned, isChanged)
}

/** Subscription and group epoch; whether the topics of the member may be others than before. */
function subscribe(
  turn: Turn,
  group: ConsumerGroup,
  before: ConsumerMember,
  updated: ConsumerMember,
): boolean {
  const isNew = !group.members.has(updated.memberId)
  if (isNew || !sameMetadata(before, updated)) writeMemberMetadata(turn, group, updated)
  if (isNew) emitJoined(turn, group, updated)
  // A newcomer that wants nothing leaves the others alone.
  const namesChanged = isNew
    ? updated.subscribedTopicNames.length > 0
    : !sameNames(before.subscribedTopicNames, updated.subscribedTopicNames)
  const regexChanged = updateRegexes(
    turn,
    group,
    isNew ? newConsumerMember(updated.memberId) : before,
    updated,
  )
  const isChanged = namesChanged || regexChanged
  if (isChanged) {
    bumpGroupEpoch(
      turn,
      group,
      isNew ? `member ${updated.memberId} joined` : `member ${updated.memberId} changed its subscription`,
    )
  } else bumpIfMetadataChanged(turn, group)
  return isChanged
}

/** Target assignment of the group, then the member's own. */
function approachTarget(
  turn: Turn,
  group: ConsumerGroup,
  member: ConsumerMember,
  owned: OwnedPartitions,
  subscriptionChanged: boolean,
): ConsumerMember {
  maybeUpdateTarget(turn, group)
  if (!subscriptionChanged && member.state === 'stable' && member.memberEpoch === group.assignmentEpoch)
    return member
  const reconciled = reconcile({
    group,
    member,
    targetEpoch: group.assignmentEpoch,
    target: group.target.get(member.memberId) ?? new Map(),
    owned,
    subscribedTopicIds: subscribedTopicIds(turn, group, member),
    subscriptionChanged,
  })
  if (reconciled === member || sameProgress(reconciled, member)) return member
  writeCurrent(turn, group, reconciled)
  scheduleRebalanceTimeout(turn, group, reconciled)
  emitAssigned(turn, group, reconciled)
  return reconciled
}

function sameProgress(left: ConsumerMember, right: ConsumerMember): boolean {
  return (
    left.state === right.state &&
    left.memberEpoch === right.memberEpoch &&
    left.previousMemberEpoch === right.previousMemberEpoch &&
    epochedEqual(left.assigned, right.assigned) &&
    epochedEqual(left.pendingRevocation, right.pendingRevocation)
  )
}

function sameNames(left: readonly string[], right: readonly string[]): boolean {
  return (
    left === right || (left.length === right.length && left.every((name, index) => name === right[index]))
  )
}

function sameMetadata(left: ConsumerMember, right: ConsumerMember): boolean {
  return (
    left.instanceId === right.instanceId &&
    left.rackId === right.rackId &&
    left.rebalanceTimeoutMs === right.rebalanceTimeoutMs &&
    left.serverAssignor === right.serverAssignor &&
    left.subscribedTopicRegex === right.subscribedTopicRegex &&
    left.clientId === right.clientId &&
    left.clientHost === right.clientHost &&
    left.classic === right.classic &&
    sameNames(left.subscribedTopicNames, right.subscribedTopicNames)
  )
}
