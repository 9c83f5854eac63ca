import type { Turn } from '../../turn.ts'
import type { Assignor, AssignorMember } from '../assignors/assignor.ts'
import { range } from '../assignors/range.ts'
import { uniform } from '../assignors/uniform.ts'
import {
  type ConsumerGroup,
  type ConsumerMember,
  partitionsEqual,
  subscribedTopics,
} from './consumer-group.ts'
import { writeTarget, writeTargetEpoch } from './records.ts'

const assignors: ReadonlyMap<string, Assignor> = new Map([
  ['uniform', uniform],
  ['range', range],
])

/** Ids of the existing topics that a member is subscribed to. */
export function subscribedTopicIds(
  turn: Turn,
  group: ConsumerGroup,
  member: ConsumerMember,
): ReadonlySet<string> {
  const ids = new Set<string>()
  for (const topic of subscribedTopics(group, member)) {
    const topicId = turn.topics.topicId(topic)
    if (topicId !== undefined) ids.add(topicId)
  }
  return ids
}

/** The assignor that most members ask for; the broker's default where none does. */
export function preferredAssignor(turn: Turn, group: ConsumerGroup): string {
  const votes = new Map<string, number>()
  for (const { serverAssignor } of group.members.values()) {
    if (serverAssignor !== null) votes.set(serverAssignor, (votes.get(serverAssignor) ?? 0) + 1)
  }
  let preferred = turn.config['group.consumer.assignors'][0] ?? 'uniform'
  let most = 0
  for (const [name, count] of votes) {
    if (count <= most) continue
    preferred = name
    most = count
  }
  return preferred
}

/**
 * Computes a new target assignment if the group epoch is ahead of the last one's and the last one is older than
 * consumer.assignment.interval.ms (KIP-1263), so that many members joining at once cost one assignment a second.
 */
export function maybeUpdateTarget(turn: Turn, group: ConsumerGroup): void {
  if (group.groupEpoch <= group.assignmentEpoch) return
  const intervalMs = turn.groupConfig(group.groupId)['consumer.assignment.interval.ms']
  if (intervalMs > 0 && group.assignmentTimestampMs + intervalMs > turn.nowMs) return
  const assign = assignors.get(preferredAssignor(turn, group)) ?? uniform
  const target = assign({ members: assignorMembers(turn, group), partitionCount: (id) => countOf(turn, id) })
  for (const memberId of group.members.keys()) {
    const partitions = target.get(memberId) ?? new Map()
    const before = group.target.get(memberId)
    if (!before || !partitionsEqual(before, partitions)) writeTarget(turn, group, memberId, partitions)
  }
  writeTargetEpoch(turn, group, group.groupEpoch)
}

function countOf(turn: Turn, topicId: string): number {
  const name = turn.topics.topicName(topicId)
  return name === undefined ? 0 : turn.topics.partitionCount(name)
}

/** Members with equal subscriptions share one set of ids: assignors see at a glance that they are the same. */
function assignorMembers(turn: Turn, group: ConsumerGroup): AssignorMember[] {
  const idsBySubscription = new Map<string, ReadonlySet<string>>()
  return [...group.members.values()].map((member) => {
    const subscription = JSON.stringify([member.subscribedTopicNames, member.subscribedTopicRegex])
    let ids = idsBySubscription.get(subscription)
    if (!ids) {
      ids = subscribedTopicIds(turn, group, member)
      idsBySubscription.set(subscription, ids)
    }
    return {
      memberId: member.memberId,
      instanceId: member.instanceId,
      subscribedTopicIds: ids,
      assigned: group.target.get(member.memberId) ?? new Map(),
    }
  })
}
