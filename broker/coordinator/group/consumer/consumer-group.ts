import type { ConsumerGroupState } from '../../group-event.ts'
import type { ClassicProtocol } from '../classic/classic-group.ts'

/** Partitions by topic id. */
export type Partitions = ReadonlyMap<string, ReadonlySet<number>>
/** Partitions by topic id, each with the member epoch at which it was given to the member (KIP-1251). */
export type EpochedPartitions = ReadonlyMap<string, ReadonlyMap<number, number>>

/** Stable: has its target; unrevoked: must give partitions up first; unreleased: waits for others to do so. */
export type MemberState = 'stable' | 'unrevokedPartitions' | 'unreleasedPartitions'

/** A member of a consumer group; a change makes a new object. */
export type ConsumerMember = {
  readonly memberId: string
  readonly instanceId: string | null
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly rebalanceTimeoutMs: number
  /** Sorted. */
  readonly subscribedTopicNames: readonly string[]
  /** Empty (or null, in what old brokers wrote) when there is none. */
  readonly subscribedTopicRegex: string | null
  readonly serverAssignor: string | null
  /** Of a member that still speaks the classic protocol, while its group changes over. */
  readonly classic: {
    readonly sessionTimeoutMs: number
    readonly protocols: readonly ClassicProtocol[]
  } | null
  readonly memberEpoch: number
  readonly previousMemberEpoch: number
  readonly state: MemberState
  readonly assigned: EpochedPartitions
  readonly pendingRevocation: EpochedPartitions
}

export type ResolvedRegex = {
  readonly topics: ReadonlySet<string>
  readonly version: number
  readonly timestampMs: number
}

/** A group of the consumer protocol (KIP-848). All but the last block is rebuilt from its records. */
export type ConsumerGroup = {
  readonly type: 'consumer'
  readonly groupId: string
  groupEpoch: number
  metadataHash: number
  assignmentEpoch: number
  assignmentTimestampMs: number
  readonly members: Map<string, ConsumerMember>
  readonly target: Map<string, Partitions>
  readonly regexes: Map<string, ResolvedRegex>

  readonly staticMembers: Map<string, string>
  /** By topic id and partition: the epoch of the member that has it, or has yet to give it up. */
  readonly partitionEpochs: Map<string, Map<number, number>>
  readonly topicSubscribers: Map<string, number>
  readonly regexSubscribers: Map<string, number>

  /** Topics have changed since the metadata hash was computed. */
  metadataStale: boolean
  regexesStale: boolean
  /** What was told last, to tell changes apart. */
  state: ConsumerGroupState
  rebalanceStartedAtMs: number
}

export const memberEpoch = { join: 0, leave: -1, leaveStatic: -2 } as const

/** The first member that joins raises it to 2, as in Kafka 4.3. */
export const initialGroupEpoch = 1

export function newConsumerGroup(groupId: string): ConsumerGroup {
  return {
    type: 'consumer',
    groupId,
    groupEpoch: initialGroupEpoch,
    metadataHash: 0,
    assignmentEpoch: 0,
    assignmentTimestampMs: 0,
    members: new Map(),
    target: new Map(),
    regexes: new Map(),
    staticMembers: new Map(),
    partitionEpochs: new Map(),
    topicSubscribers: new Map(),
    regexSubscribers: new Map(),
    metadataStale: true,
    regexesStale: true,
    state: 'Empty',
    rebalanceStartedAtMs: 0,
  }
}

export function newConsumerMember(memberId: string): ConsumerMember {
  return {
    memberId,
    instanceId: null,
    rackId: null,
    clientId: '',
    clientHost: '',
    rebalanceTimeoutMs: -1,
    subscribedTopicNames: [],
    subscribedTopicRegex: '',
    serverAssignor: null,
    classic: null,
    memberEpoch: 0,
    previousMemberEpoch: -1,
    state: 'stable',
    assigned: new Map(),
    pendingRevocation: new Map(),
  }
}

/** Puts a member in, or its new self in place of the old, and keeps the indexes right. */
export function setMember(group: ConsumerGroup, member: ConsumerMember) {
  const old = group.members.get(member.memberId)
  if (old) unindexMember(group, old)
  group.members.set(member.memberId, member)
  for (const topic of member.subscribedTopicNames) countUp(group.topicSubscribers, topic, 1)
  if (member.subscribedTopicRegex) countUp(group.regexSubscribers, member.subscribedTopicRegex, 1)
  if (member.instanceId !== null) group.staticMembers.set(member.instanceId, member.memberId)
  claim(group, member.assigned, member.memberEpoch)
  claim(group, member.pendingRevocation, member.memberEpoch)
}

export function deleteMember(group: ConsumerGroup, memberId: string) {
  const member = group.members.get(memberId)
  if (!member) return
  unindexMember(group, member)
  group.members.delete(memberId)
}

function unindexMember(group: ConsumerGroup, member: ConsumerMember) {
  for (const topic of member.subscribedTopicNames) countUp(group.topicSubscribers, topic, -1)
  if (member.subscribedTopicRegex) countUp(group.regexSubscribers, member.subscribedTopicRegex, -1)
  if (member.instanceId !== null && group.staticMembers.get(member.instanceId) === member.memberId) {
    group.staticMembers.delete(member.instanceId)
  }
  release(group, member.assigned, member.memberEpoch)
  release(group, member.pendingRevocation, member.memberEpoch)
}

function countUp(counts: Map<string, number>, key: string, by: 1 | -1) {
  const count = (counts.get(key) ?? 0) + by
  if (count > 0) counts.set(key, count)
  else counts.delete(key)
}

function claim(group: ConsumerGroup, partitions: EpochedPartitions, epoch: number) {
  for (const [topicId, byPartition] of partitions) {
    let epochs = group.partitionEpochs.get(topicId)
    if (!epochs) {
      epochs = new Map()
      group.partitionEpochs.set(topicId, epochs)
    }
    for (const partition of byPartition.keys()) epochs.set(partition, epoch)
  }
}

function release(group: ConsumerGroup, partitions: EpochedPartitions, epoch: number) {
  for (const [topicId, byPartition] of partitions) {
    const epochs = group.partitionEpochs.get(topicId)
    if (!epochs) continue
    // Compaction may replay a later owner before an earlier one's release: leave what is not ours (as Kafka does).
    for (const partition of byPartition.keys()) if (epochs.get(partition) === epoch) epochs.delete(partition)
    if (epochs.size === 0) group.partitionEpochs.delete(topicId)
  }
}

export function isReconciled(member: ConsumerMember, assignmentEpoch: number): boolean {
  return member.state === 'stable' && member.memberEpoch === assignmentEpoch
}

/** The state that Kafka derives from epochs; O(members). */
export function deriveState(group: ConsumerGroup): ConsumerGroupState {
  if (group.members.size === 0) return 'Empty'
  if (group.groupEpoch > group.assignmentEpoch) return 'Assigning'
  for (const member of group.members.values()) {
    if (!isReconciled(member, group.assignmentEpoch)) return 'Reconciling'
  }
  return 'Stable'
}

/** Names of the topics a member is subscribed to, by name and by pattern. */
export function subscribedTopics(group: ConsumerGroup, member: ConsumerMember): ReadonlySet<string> {
  const topics = new Set(member.subscribedTopicNames)
  if (!member.subscribedTopicRegex) return topics
  for (const topic of group.regexes.get(member.subscribedTopicRegex)?.topics ?? []) topics.add(topic)
  return topics
}

export function isSubscribed(group: ConsumerGroup, topic: string): boolean {
  if (group.topicSubscribers.has(topic)) return true
  for (const regex of group.regexSubscribers.keys())
    if (group.regexes.get(regex)?.topics.has(topic)) return true
  return false
}

export function partitionsEqual(left: Partitions, right: Partitions): boolean {
  if (left.size !== right.size) return false
  for (const [topicId, partitions] of left) {
    const others = right.get(topicId)
    if (others?.size !== partitions.size) return false
    for (const partition of partitions) if (!others.has(partition)) return false
  }
  return true
}

export function epochedEqual(left: EpochedPartitions, right: EpochedPartitions): boolean {
  if (left.size !== right.size) return false
  for (const [topicId, partitions] of left) {
    const others = right.get(topicId)
    if (others?.size !== partitions.size) return false
    for (const [partition, epoch] of partitions) if (others.get(partition) !== epoch) return false
  }
  return true
}
