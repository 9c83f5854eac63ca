import { ownBytes } from '../../../core/own-bytes.ts'
import type { StoredGroupRecord } from '../../coordinator-record.ts'
import type { Turn } from '../../turn.ts'
import {
  type ConsumerGroup,
  type ConsumerMember,
  deleteMember,
  type EpochedPartitions,
  type MemberState,
  newConsumerMember,
  type Partitions,
  type ResolvedRegex,
  setMember,
} from './consumer-group.ts'

const stateNumbers: Record<MemberState, number> = {
  stable: 0,
  unrevokedPartitions: 1,
  unreleasedPartitions: 2,
}
const statesByNumber: readonly MemberState[] = ['stable', 'unrevokedPartitions', 'unreleasedPartitions']

/** Each function writes a record and brings the group to where the record's replay would. */

export function writeGroupEpoch(turn: Turn, group: ConsumerGroup, epoch: number, metadataHash: number) {
  group.groupEpoch = epoch
  group.metadataHash = metadataHash
  const key = { groupId: group.groupId }
  turn.touched.add(group.groupId)
  turn.records.push({ kind: 'consumerGroupMetadata', key, value: { epoch, metadataHash } })
}

export function writeMemberMetadata(turn: Turn, group: ConsumerGroup, member: ConsumerMember) {
  setMember(group, member)
  turn.touched.add(group.groupId)
  turn.records.push({
    kind: 'consumerGroupMemberMetadata',
    key: { groupId: group.groupId, memberId: member.memberId },
    value: {
      instanceId: member.instanceId,
      rackId: member.rackId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      subscribedTopicNames: member.subscribedTopicNames,
      subscribedTopicRegex: member.subscribedTopicRegex,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      serverAssignor: member.serverAssignor,
      classicMemberMetadata: member.classic && {
        sessionTimeoutMs: member.classic.sessionTimeoutMs,
        supportedProtocols: member.classic.protocols,
      },
    },
  })
}

export function writeTarget(turn: Turn, group: ConsumerGroup, memberId: string, partitions: Partitions) {
  group.target.set(memberId, partitions)
  turn.touched.add(group.groupId)
  turn.records.push({
    kind: 'consumerGroupTargetAssignmentMember',
    key: { groupId: group.groupId, memberId },
    value: {
      topicPartitions: [...partitions].map(([topicId, set]) => ({ topicId, partitions: [...set] })),
    },
  })
}

export function writeTargetEpoch(turn: Turn, group: ConsumerGroup, epoch: number) {
  group.assignmentEpoch = epoch
  group.assignmentTimestampMs = turn.nowMs
  turn.touched.add(group.groupId)
  turn.records.push({
    kind: 'consumerGroupTargetAssignmentMetadata',
    key: { groupId: group.groupId },
    value: { assignmentEpoch: epoch, assignmentTimestamp: turn.nowMs },
  })
}

function toTopicPartitions(partitions: EpochedPartitions) {
  return [...partitions].map(([topicId, epochs]) => ({
    topicId,
    partitions: [...epochs.keys()],
    assignmentEpochs: [...epochs.values()],
  }))
}

export function writeCurrent(turn: Turn, group: ConsumerGroup, member: ConsumerMember) {
  setMember(group, member)
  turn.touched.add(group.groupId)
  turn.records.push({
    kind: 'consumerGroupCurrentMemberAssignment',
    key: { groupId: group.groupId, memberId: member.memberId },
    value: {
      memberEpoch: member.memberEpoch,
      previousMemberEpoch: member.previousMemberEpoch,
      state: stateNumbers[member.state],
      assignedPartitions: toTopicPartitions(member.assigned),
      partitionsPendingRevocation: toTopicPartitions(member.pendingRevocation),
    },
  })
}

export function writeRegex(turn: Turn, group: ConsumerGroup, regex: string, resolved: ResolvedRegex | null) {
  if (resolved) group.regexes.set(regex, resolved)
  else group.regexes.delete(regex)
  turn.touched.add(group.groupId)
  turn.records.push({
    kind: 'consumerGroupRegularExpression',
    key: { groupId: group.groupId, regularExpression: regex },
    value: resolved && {
      topics: [...resolved.topics].sort(),
      version: resolved.version,
      timestamp: resolved.timestampMs,
    },
  })
}

export function eraseMember(turn: Turn, group: ConsumerGroup, memberId: string) {
  const key = { groupId: group.groupId, memberId }
  deleteMember(group, memberId)
  group.target.delete(memberId)
  turn.touched.add(group.groupId)
  turn.records.push({ kind: 'consumerGroupCurrentMemberAssignment', key, value: null })
  turn.records.push({ kind: 'consumerGroupTargetAssignmentMember', key, value: null })
  turn.records.push({ kind: 'consumerGroupMemberMetadata', key, value: null })
}

/** Tombstones for all that a group has written. The caller takes it out of its shard. */
export function eraseGroup(turn: Turn, group: ConsumerGroup) {
  const key = { groupId: group.groupId }
  for (const memberId of [...group.members.keys()]) eraseMember(turn, group, memberId)
  for (const regex of [...group.regexes.keys()]) writeRegex(turn, group, regex, null)
  turn.touched.add(group.groupId)
  turn.records.push({ kind: 'consumerGroupTargetAssignmentMetadata', key, value: null })
  turn.records.push({ kind: 'consumerGroupMetadata', key, value: null })
}

export type ConsumerGroupRecord = Extract<
  StoredGroupRecord,
  {
    kind:
      | 'consumerGroupMemberMetadata'
      | 'consumerGroupTargetAssignmentMetadata'
      | 'consumerGroupTargetAssignmentMember'
      | 'consumerGroupCurrentMemberAssignment'
      | 'consumerGroupRegularExpression'
  }
>

/** Replays a record of a consumer group other than that of the group itself. */
export function replayConsumerRecord(group: ConsumerGroup, record: ConsumerGroupRecord) {
  switch (record.kind) {
    case 'consumerGroupMemberMetadata':
      if (record.value === null) deleteMember(group, record.key.memberId)
      else setMember(group, withMetadata(group, record.key.memberId, record.value))
      return
    case 'consumerGroupTargetAssignmentMetadata':
      group.assignmentEpoch = record.value?.assignmentEpoch ?? -1
      group.assignmentTimestampMs = record.value?.assignmentTimestamp ?? 0
      return
    case 'consumerGroupTargetAssignmentMember':
      if (record.value === null) group.target.delete(record.key.memberId)
      else group.target.set(record.key.memberId, toPartitions(record.value.topicPartitions))
      return
    case 'consumerGroupCurrentMemberAssignment':
      replayCurrent(group, record)
      return
    case 'consumerGroupRegularExpression': {
      const { regularExpression } = record.key
      if (record.value === null) group.regexes.delete(regularExpression)
      else {
        const { topics, version, timestamp } = record.value
        group.regexes.set(regularExpression, { topics: new Set(topics), version, timestampMs: timestamp })
      }
    }
  }
}

type MemberMetadata = NonNullable<
  Extract<ConsumerGroupRecord, { kind: 'consumerGroupMemberMetadata' }>['value']
>

function withMetadata(group: ConsumerGroup, memberId: string, value: MemberMetadata): ConsumerMember {
  const { classicMemberMetadata: classic } = value
  return {
    ...(group.members.get(memberId) ?? newConsumerMember(memberId)),
    instanceId: value.instanceId,
    rackId: value.rackId,
    clientId: value.clientId,
    clientHost: value.clientHost,
    subscribedTopicNames: [...value.subscribedTopicNames].sort(),
    subscribedTopicRegex: value.subscribedTopicRegex,
    rebalanceTimeoutMs: value.rebalanceTimeoutMs,
    serverAssignor: value.serverAssignor,
    classic: classic && {
      sessionTimeoutMs: classic.sessionTimeoutMs,
      protocols: classic.supportedProtocols.map(({ name, metadata }) => ({
        name,
        metadata: ownBytes(metadata),
      })),
    },
  }
}

function replayCurrent(
  group: ConsumerGroup,
  { key, value }: Extract<ConsumerGroupRecord, { kind: 'consumerGroupCurrentMemberAssignment' }>,
) {
  const member = group.members.get(key.memberId)
  if (!value) {
    // A tombstone comes before the member's own; a member that compaction left without one starts anew.
    if (!member) return
    const gone = { memberEpoch: -1, previousMemberEpoch: -1, state: 'stable' } as const
    setMember(group, { ...member, ...gone, assigned: new Map(), pendingRevocation: new Map() })
    return
  }
  const { assignedPartitions, partitionsPendingRevocation } = value
  setMember(group, {
    ...(member ?? newConsumerMember(key.memberId)),
    memberEpoch: value.memberEpoch,
    previousMemberEpoch: value.previousMemberEpoch,
    state: statesByNumber[value.state] ?? 'stable',
    assigned: toEpoched(assignedPartitions, value.memberEpoch),
    pendingRevocation: toEpoched(partitionsPendingRevocation, value.memberEpoch),
  })
}

function toPartitions(list: readonly { topicId: string; partitions: readonly number[] }[]): Partitions {
  return new Map(list.map(({ topicId, partitions }) => [topicId, new Set(partitions)]))
}

type WithEpochs = {
  topicId: string
  partitions: readonly number[]
  assignmentEpochs: readonly number[] | null
}

/** Brokers before 4.3 wrote no epochs: the member's own is the oldest that they can have, so it stands in. */
function toEpoched(list: readonly WithEpochs[], memberEpoch: number): EpochedPartitions {
  return new Map(
    list.map(({ topicId, partitions, assignmentEpochs }) => [
      topicId,
      new Map(partitions.map((partition, index) => [partition, assignmentEpochs?.[index] ?? memberEpoch])),
    ]),
  )
}
