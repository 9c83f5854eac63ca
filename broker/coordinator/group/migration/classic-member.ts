import { ownBytes } from '../../../core/own-bytes.ts'
import { errorCode } from '../../../protocol/error-codes.ts'
import type { Turn } from '../../turn.ts'
import { joinError, type SyncResponse, sameProtocols, syncError } from '../classic/classic-group.ts'
import type { Join } from '../classic/join.ts'
import type { HeartbeatRequest, LeaveRequest, LeaveResponse } from '../classic/membership.ts'
import type { SyncRequest } from '../classic/sync.ts'
import { type ConsumerGroup, type ConsumerMember, newConsumerMember } from '../consumer/consumer-group.ts'
import { advance, sortedUnique } from '../consumer/heartbeat.ts'
import { fenceById, fenceMembers, joinTimeoutKey, scheduleSession } from '../consumer/membership.ts'
import { takeOverStaticMember } from '../consumer/static-member.ts'
import { type ConsumerSubscription, consumerProtocolType, parseSubscription } from '../consumer-protocol.ts'
import { assignmentBytes } from './downgrade.ts'

type ErrorName = keyof typeof errorCode

const firstVersionWithRequiredMemberId = 4

/** JoinGroup of a classic member into a consumer group: the coordinator assigns, nobody waits for the others. */
export function joinConsumerGroup(turn: Turn, group: ConsumerGroup, input: Join) {
  const { request, context, to } = input
  const memberId = request.memberId || turn.newUuid()
  const refuse = (error: ErrorName) => turn.reply(to, joinError(error, request.memberId))
  const maxSize = turn.config['group.consumer.max.size']
  if (group.members.size >= maxSize && !group.members.has(memberId)) return refuse('groupMaxSizeReached')
  if (turn.config['group.consumer.migration.policy'].toLowerCase() === 'disabled') {
    return refuse('inconsistentGroupProtocol')
  }
  const subscription = request.protocols[0] && parseSubscription(request.protocols[0].metadata)
  if (!subscription || !supportsProtocols(group, request)) return refuse('inconsistentGroupProtocol')
  const needsId = request.memberId === '' && request.groupInstanceId === null
  if (needsId && context.apiVersion >= firstVersionWithRequiredMemberId) {
    return turn.reply(to, joinError('memberIdRequired', memberId))
  }
  const member = admit(turn, group, memberId, input)
  if (typeof member === 'string') return refuse(member)
  const updated = withJoin(member, input, subscription)
  const joined = advance(turn, group, member, updated, ownedPartitions(turn, subscription))
  scheduleSession(turn, group, joined)
  turn.cancel(joinTimeoutKey(group.groupId, memberId))
  turn.reply(to, {
    throttleTimeMs: 0,
    errorCode: errorCode.none,
    generationId: joined.memberEpoch,
    protocolType: consumerProtocolType,
    protocolName: joined.classic?.protocols[0]?.name ?? '',
    leader: '',
    memberId,
    members: [],
  })
}

function supportsProtocols(group: ConsumerGroup, request: Join['request']): boolean {
  if (request.protocolType !== consumerProtocolType) return false
  const classics = [...group.members.values()].flatMap(({ classic }) => (classic ? [classic.protocols] : []))
  return request.protocols.some(({ name }) =>
    classics.every((protocols) => protocols.some((protocol) => protocol.name === name)),
  )
}

function admit(
  turn: Turn,
  group: ConsumerGroup,
  memberId: string,
  { request }: Join,
): ConsumerMember | ErrorName {
  const { groupInstanceId: instanceId } = request
  if (instanceId === null) return group.members.get(memberId) ?? newConsumerMember(memberId)
  const knownId = group.staticMembers.get(instanceId)
  const known = knownId === undefined ? undefined : group.members.get(knownId)
  if (request.memberId === '') {
    return known ? takeOverStaticMember(turn, group, known, memberId) : newConsumerMember(memberId)
  }
  if (!known) return 'unknownMemberId'
  return known.memberId === memberId ? known : 'fencedInstanceId'
}

function withJoin(member: ConsumerMember, { request, context }: Join, subscription: ConsumerSubscription) {
  const protocols = request.protocols.map(({ name, metadata }) => ({ name, metadata: ownBytes(metadata) }))
  const { sessionTimeoutMs, rebalanceTimeoutMs } = request
  const isSame =
    member.classic?.sessionTimeoutMs === sessionTimeoutMs &&
    sameProtocols(member.classic.protocols, request.protocols)
  return {
    ...member,
    instanceId: request.groupInstanceId ?? member.instanceId,
    rackId: subscription.rackId || member.rackId,
    rebalanceTimeoutMs: rebalanceTimeoutMs < 0 ? sessionTimeoutMs : rebalanceTimeoutMs,
    subscribedTopicNames: sortedUnique(subscription.topics),
    subscribedTopicRegex: '',
    clientId: context.clientId,
    clientHost: context.clientHost,
    classic: isSame ? member.classic : { sessionTimeoutMs, protocols },
  }
}

function ownedPartitions(turn: Turn, subscription: ConsumerSubscription) {
  return subscription.ownedPartitions.flatMap(({ topic, partitions }) => {
    const topicId = turn.topics.topicId(topic)
    return topicId === undefined ? [] : [{ topicId, partitions }]
  })
}

function findMember(
  group: ConsumerGroup,
  memberId: string,
  instanceId: string | null,
  generationId: number,
): ConsumerMember | ErrorName {
  if (instanceId !== null) {
    const known = group.staticMembers.get(instanceId)
    if (known === undefined) return 'unknownMemberId'
    if (known !== memberId) return 'fencedInstanceId'
  }
  const member = group.members.get(memberId)
  if (!member?.classic) return 'unknownMemberId'
  return member.memberEpoch === generationId ? member : 'illegalGeneration'
}

/** SyncGroup of a classic member: its assignment as the consumer group has it now. */
export function syncConsumerGroup(turn: Turn, group: ConsumerGroup, request: SyncRequest): SyncResponse {
  const member = findMember(group, request.memberId, request.groupInstanceId, request.generationId)
  if (typeof member === 'string') return syncError(member)
  const protocolName = member.classic!.protocols[0]?.name ?? null
  const wrongType = request.protocolType !== null && request.protocolType !== consumerProtocolType
  const wrongName = request.protocolName !== null && request.protocolName !== protocolName
  if (wrongType || wrongName) return syncError('inconsistentGroupProtocol')
  if (group.groupEpoch > member.memberEpoch && member.state !== 'unrevokedPartitions') {
    expectJoin(turn, group, member)
    return syncError('rebalanceInProgress')
  }
  scheduleSession(turn, group, member)
  return {
    throttleTimeMs: 0,
    errorCode: errorCode.none,
    protocolType: consumerProtocolType,
    protocolName,
    assignment: assignmentBytes(turn, member),
  }
}

/** Heartbeat of a classic member: it is told to join again when there is something to give up or to get. */
export function classicHeartbeat(turn: Turn, group: ConsumerGroup, request: HeartbeatRequest): ErrorName {
  const member = findMember(group, request.memberId, request.groupInstanceId, request.generationId)
  if (typeof member === 'string') return member
  scheduleSession(turn, group, member)
  const isBehind = member.memberEpoch < group.groupEpoch || member.state === 'unrevokedPartitions'
  const canGetMore = member.state === 'unreleasedPartitions' && !waitsForOthers(group, member)
  if (!isBehind && !canGetMore) return 'none'
  expectJoin(turn, group, member)
  return 'rebalanceInProgress'
}

function waitsForOthers(group: ConsumerGroup, member: ConsumerMember): boolean {
  for (const [topicId, partitions] of group.target.get(member.memberId) ?? []) {
    for (const partition of partitions) {
      if (member.assigned.get(topicId)?.has(partition)) continue
      if (group.partitionEpochs.get(topicId)?.has(partition)) return true
    }
  }
  return false
}

function expectJoin(turn: Turn, group: ConsumerGroup, member: ConsumerMember) {
  const { memberId } = member
  turn.scheduleIfAbsent(joinTimeoutKey(group.groupId, memberId), member.rebalanceTimeoutMs, (expiry) =>
    fenceById(expiry, group, memberId, 'rebalanceTimeout', 'did not rejoin within the rebalance timeout'),
  )
}

/** LeaveGroup of members of a consumer group; administrators remove members of either protocol by it. */
export function leaveAsClassicMembers(
  turn: Turn,
  group: ConsumerGroup,
  leaving: LeaveRequest['members'],
): LeaveResponse {
  const left = new Map<string, ConsumerMember>()
  const members = leaving.map(({ memberId, groupInstanceId }) => {
    const knownId = groupInstanceId === null ? memberId : group.staticMembers.get(groupInstanceId)
    const member = knownId === undefined ? undefined : group.members.get(knownId)
    const isFenced = groupInstanceId !== null && memberId !== '' && memberId !== knownId
    const error: ErrorName = !member ? 'unknownMemberId' : isFenced ? 'fencedInstanceId' : 'none'
    if (member && !isFenced) left.set(member.memberId, member)
    return { memberId, groupInstanceId, errorCode: errorCode[error] }
  })
  fenceMembers(turn, group, [...left.values()], 'left', 'explicit LeaveGroup request')
  return { throttleTimeMs: 0, errorCode: errorCode.none, members }
}
