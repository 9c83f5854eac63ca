import type { GroupState, GroupType, TopicPartitions } from '../group-event.ts'
import type { TopicDirectory } from '../partition-writer.ts'
import { type ClassicGroup, metadataOf } from './classic/classic-group.ts'
import type { ConsumerGroup, EpochedPartitions, Partitions } from './consumer/consumer-group.ts'
import { consumerProtocolType, parseAssignment, parseSubscription } from './consumer-protocol.ts'
import type { Group, GroupShard } from './group-shard.ts'

export type MemberSnapshot = {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly subscribedTopics: readonly string[]
  readonly subscribedTopicRegex: string | null
  /** The group's generation for a classic member. */
  readonly memberEpoch: number
  readonly assigned: readonly TopicPartitions[]
  readonly pendingRevocation: readonly TopicPartitions[]
  /** What it is to have in the end; the same as `assigned` for a classic member. */
  readonly target: readonly TopicPartitions[]
}

export type OffsetSnapshot = {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly leaderEpoch: number
  readonly metadata: string
  readonly commitTimestampMs: number
}

export type GroupSnapshot = {
  readonly groupId: string
  readonly type: GroupType
  readonly state: GroupState
  readonly protocolType: string
  /** The classic protocol that was selected; null for a consumer group. */
  readonly protocolName: string | null
  /** Generation of a classic group, group epoch of a consumer group. */
  readonly generation: number
  readonly assignmentEpoch: number
  readonly leaderId: string | null
  readonly members: readonly MemberSnapshot[]
  readonly offsets: readonly OffsetSnapshot[]
}

/** A group as it is at this moment, for the dashboard. */
export function snapshotGroup(shard: GroupShard, group: Group, topics: TopicDirectory): GroupSnapshot {
  const described = group.type === 'classic' ? classicSnapshot(group) : consumerSnapshot(group, topics)
  return { ...described, offsets: snapshotOffsets(shard, group.groupId) }
}

function snapshotOffsets(shard: GroupShard, groupId: string): OffsetSnapshot[] {
  return [...shard.offsets.topicsOf(groupId)].flatMap(([topic, byPartition]) =>
    [...byPartition].map(([partition, { offset, leaderEpoch, metadata, commitTimestampMs }]) => {
      return { topic, partition, offset, leaderEpoch, metadata, commitTimestampMs }
    }),
  )
}

function classicSnapshot(group: ClassicGroup): Omit<GroupSnapshot, 'offsets'> {
  const isConsumer = group.protocolType === consumerProtocolType
  return {
    groupId: group.groupId,
    type: 'classic',
    state: group.state,
    protocolType: group.protocolType ?? '',
    protocolName: group.protocolName,
    generation: group.generationId,
    assignmentEpoch: group.generationId,
    leaderId: group.leaderId,
    members: [...group.members.values()].map((member) => {
      const subscription = isConsumer && parseSubscription(metadataOf(member, group.protocolName))
      const assigned = isConsumer ? parseAssignment(member.assignment) : []
      return {
        memberId: member.memberId,
        instanceId: member.instanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        subscribedTopics: subscription ? subscription.topics : [],
        subscribedTopicRegex: null,
        memberEpoch: group.generationId,
        assigned,
        pendingRevocation: [],
        target: assigned,
      }
    }),
  }
}

function consumerSnapshot(group: ConsumerGroup, topics: TopicDirectory): Omit<GroupSnapshot, 'offsets'> {
  return {
    groupId: group.groupId,
    type: 'consumer',
    state: group.state,
    protocolType: consumerProtocolType,
    protocolName: null,
    generation: group.groupEpoch,
    assignmentEpoch: group.assignmentEpoch,
    leaderId: null,
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      subscribedTopics: member.subscribedTopicNames,
      subscribedTopicRegex: member.subscribedTopicRegex || null,
      memberEpoch: member.memberEpoch,
      assigned: withNames(topics, member.assigned),
      pendingRevocation: withNames(topics, member.pendingRevocation),
      target: withNames(topics, group.target.get(member.memberId) ?? new Map()),
    })),
  }
}

function withNames(topics: TopicDirectory, partitions: Partitions | EpochedPartitions): TopicPartitions[] {
  return [...partitions].flatMap(([topicId, own]) => {
    const topic = topics.topicName(topicId)
    return topic === undefined ? [] : [{ topic, partitions: [...own.keys()].sort((a, b) => a - b) }]
  })
}
