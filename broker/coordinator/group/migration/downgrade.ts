import type { Turn } from '../../turn.ts'
import {
  addMember,
  type ClassicGroup,
  computeSubscribedTopics,
  newClassicGroup,
  noBytes,
  selectProtocol,
  transition,
} from '../classic/classic-group.ts'
import { persistGroup, prepareRebalance, scheduleHeartbeat } from '../classic/rebalance.ts'
import type { ConsumerGroup, ConsumerMember } from '../consumer/consumer-group.ts'
import { withTopicNames } from '../consumer/events.ts'
import { cancelMemberTimers } from '../consumer/membership.ts'
import { eraseGroup } from '../consumer/records.ts'
import { consumerProtocolType, consumerProtocolVersion, encodeAssignment } from '../consumer-protocol.ts'
import type { GroupShard } from '../group-shard.ts'
import { isDowngradeDue } from './policy.ts'

/**
 * When the last member that speaks the consumer protocol is gone, the group goes back to the classic one and
 * rebalances there (KIP-848). True when it did.
 */
export function maybeDowngrade(turn: Turn, shard: GroupShard, group: ConsumerGroup): boolean {
  if (!isDowngradeDue(turn.config, group)) return false
  const members = [...group.members.values()]
  for (const { memberId } of members) cancelMemberTimers(turn, group.groupId, memberId)
  const { groupEpoch } = group
  eraseGroup(turn, group)
  const classic = toClassicGroup(turn, group.groupId, groupEpoch, members)
  shard.groups.set(group.groupId, classic)
  persistGroup(turn, classic)
  for (const member of classic.members.values()) scheduleHeartbeat(turn, classic, member)
  prepareRebalance(turn, classic, 'the group went back from the consumer to the classic protocol')
  return true
}

function toClassicGroup(
  turn: Turn,
  groupId: string,
  generationId: number,
  members: readonly ConsumerMember[],
): ClassicGroup {
  const group = newClassicGroup(groupId)
  group.generationId = generationId
  for (const member of members) {
    const { memberId, instanceId, clientId, clientHost, rebalanceTimeoutMs } = member
    const { protocols, sessionTimeoutMs } = member.classic!
    const timeouts = { rebalanceTimeoutMs, sessionTimeoutMs }
    const identity = { memberId, instanceId, clientId, clientHost, ...timeouts }
    const assignment = assignmentBytes(turn, member)
    const idle = { isNew: false, awaitingJoin: null, awaitingSync: null }
    addMember(group, { ...identity, protocols, assignment, ...idle }, consumerProtocolType)
  }
  group.protocolName = selectProtocol(group)
  group.subscribedTopics = computeSubscribedTopics(group)
  transition(turn, group, 'Stable')
  return group
}

/** In the version of the consumer protocol that the member itself speaks. */
export function assignmentBytes(turn: Turn, member: ConsumerMember): Buffer {
  const metadata = member.classic?.protocols[0]?.metadata ?? noBytes
  return encodeAssignment(withTopicNames(turn, member.assigned), consumerProtocolVersion(metadata) ?? 0)
}
