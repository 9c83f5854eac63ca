import type { Turn } from '../../turn.ts'
import {
  answerJoin,
  answerSync,
  type ClassicGroup,
  type ClassicMember,
  joinError,
  metadataOf,
  syncError,
} from '../classic/classic-group.ts'
import { cancelGroupTimers } from '../classic/rebalance.ts'
import { type ConsumerGroup, type ConsumerMember, newConsumerGroup } from '../consumer/consumer-group.ts'
import { metadataHash } from '../consumer/group-epoch.ts'
import { type Failure, failure, sortedUnique } from '../consumer/heartbeat.ts'
import { scheduleSession } from '../consumer/membership.ts'
import {
  writeCurrent,
  writeGroupEpoch,
  writeMemberMetadata,
  writeTarget,
  writeTargetEpoch,
} from '../consumer/records.ts'
import { consumerProtocolType, parseAssignment, parseSubscription } from '../consumer-protocol.ts'
import type { GroupShard } from '../group-shard.ts'
import { allowsUpgrade } from './policy.ts'

/** Why a classic group with members cannot become a consumer group; undefined when it can. */
export function upgradeFailure(turn: Turn, group: ClassicGroup): Failure | undefined {
  const refused = (reason: string) =>
    failure(
      'groupIdNotFound',
      `Cannot upgrade classic group ${group.groupId} to consumer group because ${reason}.`,
    )
  if (!allowsUpgrade(turn.config)) return refused('online upgrade is disabled')
  if (group.protocolType !== consumerProtocolType) {
    return refused('the group does not use the consumer embedded protocol')
  }
  if (group.members.size > turn.config['group.consumer.max.size']) {
    return refused('the group size exceeds the consumer group maximum size')
  }
  for (const member of group.members.values()) {
    if (!parseSubscription(subscriptionBytes(group, member))) {
      return refused('the embedded consumer protocol of a member cannot be read')
    }
  }
  return undefined
}

/** In its first rebalance a group has no protocol yet: the member's own first one stands for it. */
function subscriptionBytes(group: ClassicGroup, member: ClassicMember): Buffer {
  const chosen = metadataOf(member, group.protocolName)
  return chosen.length > 0 ? chosen : (member.protocols[0]?.metadata ?? chosen)
}

/**
 * Turns a classic group into a consumer group with the same members, generation and assignment (KIP-848). Its
 * members go on with the classic protocol; those who wait are told to join again.
 */
export function upgradeGroup(turn: Turn, shard: GroupShard, classic: ClassicGroup): ConsumerGroup {
  const { groupId, generationId } = classic
  cancelGroupTimers(turn, classic)
  for (const member of classic.members.values()) {
    answerJoin(turn, classic, member, joinError('rebalanceInProgress', member.memberId))
    answerSync(turn, member, syncError('rebalanceInProgress'))
  }
  turn.records.push({ kind: 'groupMetadata', key: { group: groupId }, value: null })
  const group = newConsumerGroup(groupId)
  shard.groups.set(groupId, group)
  const taken = new Set<string>()
  const members = [...classic.members.values()].map((member) =>
    toConsumerMember(turn, classic, member, taken),
  )
  for (const member of members) writeMemberMetadata(turn, group, member)
  writeGroupEpoch(turn, group, generationId, metadataHash(turn, group))
  for (const member of members) writeTarget(turn, group, member.memberId, partitionsOf(member))
  writeTargetEpoch(turn, group, generationId)
  // The new member that brought the upgrade about is to be given its share at once.
  group.assignmentTimestampMs = 0
  for (const member of members) {
    writeCurrent(turn, group, member)
    scheduleSession(turn, group, member)
  }
  group.state = 'Stable'
  return group
}

function partitionsOf(member: ConsumerMember) {
  return new Map([...member.assigned].map(([topicId, epochs]) => [topicId, new Set(epochs.keys())]))
}

function toConsumerMember(
  turn: Turn,
  classic: ClassicGroup,
  member: ClassicMember,
  taken: Set<string>,
): ConsumerMember {
  const subscription = parseSubscription(subscriptionBytes(classic, member))!
  const assigned = new Map<string, Map<number, number>>()
  for (const { topic, partitions } of parseAssignment(member.assignment)) {
    const topicId = turn.topics.topicId(topic)
    if (topicId === undefined) continue
    // A client's assignor may hand a partition out twice; in a consumer group it has one owner.
    const own = partitions.filter((partition) => !taken.has(`${topicId}/${partition}`))
    for (const partition of own) taken.add(`${topicId}/${partition}`)
    if (own.length > 0)
      assigned.set(topicId, new Map(own.map((partition) => [partition, classic.generationId])))
  }
  return {
    memberId: member.memberId,
    instanceId: member.instanceId,
    rackId: subscription.rackId || null,
    clientId: member.clientId,
    clientHost: member.clientHost,
    rebalanceTimeoutMs: member.rebalanceTimeoutMs,
    subscribedTopicNames: sortedUnique(subscription.topics),
    subscribedTopicRegex: '',
    serverAssignor: null,
    classic: { sessionTimeoutMs: member.sessionTimeoutMs, protocols: member.protocols },
    memberEpoch: classic.generationId,
    previousMemberEpoch: classic.generationId,
    state: 'stable',
    assigned,
    pendingRevocation: new Map(),
  }
}
