import { ownBytes } from '../../core/own-bytes.ts'
import type { StoredGroupRecord } from '../coordinator-record.ts'
import {
  addMember,
  type ClassicGroup,
  computeSubscribedTopics,
  newClassicGroup,
} from './classic/classic-group.ts'
import { type ConsumerGroup, deriveState, newConsumerGroup } from './consumer/consumer-group.ts'
import { type ConsumerGroupRecord, replayConsumerRecord } from './consumer/records.ts'
import type { GroupShard } from './group-shard.ts'
import type { StoredOffset } from './offsets/offset-store.ts'

/** Brings a shard one stored record further; the order is that of the log. */
export function replay(shard: GroupShard, record: StoredGroupRecord) {
  switch (record.kind) {
    case 'offsetCommit':
      return replayOffset(shard, record)
    case 'legacyOffsetCommit':
      return replayLegacyOffset(shard, record)
    case 'groupMetadata':
      return replayGroupMetadata(shard, record)
    case 'consumerGroupMetadata':
      return replayConsumerGroup(shard, record)
    case 'consumerGroupPartitionMetadata':
      // Kafka before 4.1 kept what is now a hash; the next heartbeat computes it.
      return
    default:
      return replayOfConsumerGroup(shard, record)
  }
}

/** After the last record: what was derived while members were still incomplete is derived anew. */
export function finishReplay(shard: GroupShard) {
  for (const group of shard.groups.values()) if (group.type === 'consumer') group.state = deriveState(group)
}

function replayOffset(
  shard: GroupShard,
  { key, value }: Extract<StoredGroupRecord, { kind: 'offsetCommit' }>,
) {
  if (value === null) {
    shard.pendingOffsets.remove(key.group, key.topic, key.partition)
    shard.offsets.delete(key.group, key.topic, key.partition)
    return
  }
  // A commit alone makes a (simple) group; what else is known of it comes with its own records.
  if (!shard.groups.has(key.group)) shard.groups.set(key.group, newClassicGroup(key.group))
  shard.pendingOffsets.supersede(key.group, key.topic, key.partition)
  shard.offsets.set(key.group, key.topic, key.partition, storedOffset(value))
}

type OffsetValue = NonNullable<Extract<StoredGroupRecord, { kind: 'offsetCommit' }>['value']>

function storedOffset(value: OffsetValue): StoredOffset {
  return {
    offset: value.offset,
    leaderEpoch: value.leaderEpoch,
    metadata: value.metadata,
    commitTimestampMs: value.commitTimestamp,
    expireTimestampMs: value.expireTimestamp,
    topicId: value.topicId,
  }
}

/** A record that its producer wrote in a transaction: an offset that holds once the transaction is committed. */
export function replayPending(shard: GroupShard, producerId: number, record: StoredGroupRecord) {
  if (record.kind !== 'offsetCommit' || record.value === null) return
  const { group: groupId, topic, partition } = record.key
  if (!shard.groups.has(groupId)) shard.groups.set(groupId, newClassicGroup(groupId))
  shard.pendingOffsets.add(producerId, { groupId, topic, partition, offset: storedOffset(record.value) })
}

function replayLegacyOffset(
  shard: GroupShard,
  { key, value }: Extract<StoredGroupRecord, { kind: 'legacyOffsetCommit' }>,
) {
  replayOffset(shard, {
    kind: 'offsetCommit',
    key,
    value: value && { ...value, leaderEpoch: -1, expireTimestamp: -1, topicId: 'AAAAAAAAAAAAAAAAAAAAAA' },
  })
}

function replayGroupMetadata(
  shard: GroupShard,
  { key, value }: Extract<StoredGroupRecord, { kind: 'groupMetadata' }>,
) {
  if (value === null) {
    // The tombstone of a group that is a consumer group by now was written when it was converted.
    if (shard.groups.get(key.group)?.type === 'classic') shard.groups.delete(key.group)
    return
  }
  const group = newClassicGroup(key.group)
  group.protocolType = value.protocolType === '' ? null : value.protocolType
  group.protocolName = value.protocol
  group.generationId = value.generation
  group.stateTimestampMs = value.currentStateTimestamp < 0 ? null : value.currentStateTimestamp
  for (const member of value.members) restoreMember(group, member)
  group.leaderId = value.leader
  group.state = group.members.size > 0 ? 'Stable' : 'Empty'
  group.previousState = group.state
  group.subscribedTopics = computeSubscribedTopics(group)
  shard.groups.set(key.group, group)
}

type MemberRecord = NonNullable<
  Extract<StoredGroupRecord, { kind: 'groupMetadata' }>['value']
>['members'][number]

function restoreMember(group: ClassicGroup, record: MemberRecord) {
  const { sessionTimeout, rebalanceTimeout } = record
  const protocols = [{ name: group.protocolName ?? '', metadata: ownBytes(record.subscription) }]
  const member = {
    memberId: record.memberId,
    instanceId: record.groupInstanceId,
    clientId: record.clientId,
    clientHost: record.clientHost,
    sessionTimeoutMs: sessionTimeout,
    rebalanceTimeoutMs: rebalanceTimeout < 0 ? sessionTimeout : rebalanceTimeout,
    protocols,
    assignment: ownBytes(record.assignment),
    isNew: false,
    awaitingJoin: null,
    awaitingSync: null,
  }
  addMember(group, member, group.protocolType ?? '')
}

function replayConsumerGroup(
  shard: GroupShard,
  { key, value }: Extract<StoredGroupRecord, { kind: 'consumerGroupMetadata' }>,
) {
  if (value === null) {
    if (shard.groups.get(key.groupId)?.type === 'consumer') shard.groups.delete(key.groupId)
    return
  }
  const group = consumerGroup(shard, key.groupId)
  group.groupEpoch = value.epoch
  group.metadataHash = value.metadataHash
}

function replayOfConsumerGroup(shard: GroupShard, record: ConsumerGroupRecord) {
  const known = shard.groups.get(record.key.groupId)
  // Tombstones may come after the group's own: compaction keeps them for a while, in any order.
  if (record.value === null && known?.type !== 'consumer') return
  replayConsumerRecord(consumerGroup(shard, record.key.groupId), record)
}

/** A classic group of the same id (a simple one, made by commits alone) gives way to the consumer group. */
function consumerGroup(shard: GroupShard, groupId: string): ConsumerGroup {
  const known = shard.groups.get(groupId)
  if (known?.type === 'consumer') return known
  const group = newConsumerGroup(groupId)
  shard.groups.set(groupId, group)
  return group
}
