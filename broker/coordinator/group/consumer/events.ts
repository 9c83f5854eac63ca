import type { LeaveReason, TopicPartitions } from '../../group-event.ts'
import type { Turn } from '../../turn.ts'
import {
  type ConsumerGroup,
  type ConsumerMember,
  deriveState,
  type EpochedPartitions,
} from './consumer-group.ts'

export function emitJoined(turn: Turn, group: ConsumerGroup, member: ConsumerMember): void {
  const { memberId, instanceId, clientId, clientHost } = member
  const reason = 'joined with the consumer protocol'
  turn.emit({
    kind: 'memberJoined',
    groupId: group.groupId,
    memberId,
    instanceId,
    clientId,
    clientHost,
    reason,
  })
}

export function emitLeft(
  turn: Turn,
  group: ConsumerGroup,
  member: ConsumerMember,
  reason: LeaveReason,
  detail: string,
): void {
  const { memberId, instanceId } = member
  turn.emit({ kind: 'memberLeft', groupId: group.groupId, memberId, instanceId, reason, detail })
}

/** With names for ids; a topic that is gone is left out. */
export function withTopicNames(turn: Turn, partitions: EpochedPartitions): TopicPartitions[] {
  return [...partitions].flatMap(([topicId, epochs]) => {
    const topic = turn.topics.topicName(topicId)
    return topic === undefined ? [] : [{ topic, partitions: [...epochs.keys()].sort((a, b) => a - b) }]
  })
}

export function emitAssigned(turn: Turn, group: ConsumerGroup, member: ConsumerMember): void {
  turn.emit({
    kind: 'assigned',
    groupId: group.groupId,
    memberId: member.memberId,
    epoch: member.memberEpoch,
    assigned: withTopicNames(turn, member.assigned),
    pendingRevocation: withTopicNames(turn, member.pendingRevocation),
  })
}

export function emitRebalanceStarted(turn: Turn, group: ConsumerGroup, reason: string): void {
  if (group.state === 'Stable' || group.state === 'Empty') group.rebalanceStartedAtMs = turn.nowMs
  turn.emit({ kind: 'rebalanceStarted', groupId: group.groupId, generation: group.groupEpoch, reason })
}

/** Told once a turn, when its records have brought the group to another state. */
export function emitStateChange(turn: Turn, group: ConsumerGroup): void {
  const to = deriveState(group)
  const from = group.state
  if (from === to) return
  group.state = to
  const { groupId, groupEpoch: generation } = group
  turn.emit({ kind: 'groupStateChanged', groupId, groupType: 'consumer', from, to, generation })
  if (to !== 'Stable' && to !== 'Empty') return
  const durationMs = turn.nowMs - group.rebalanceStartedAtMs
  turn.emit({ kind: 'rebalanceCompleted', groupId, generation, durationMs, memberCount: group.members.size })
}
