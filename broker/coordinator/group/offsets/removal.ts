import { errorCode } from '../../../protocol/error-codes.ts'
import type { Turn } from '../../turn.ts'
import type { ClassicGroup } from '../classic/classic-group.ts'
import { isSubscribed } from '../consumer/consumer-group.ts'
import { eraseGroup } from '../consumer/records.ts'
import { consumerProtocolType } from '../consumer-protocol.ts'
import type { Group, GroupShard } from '../group-shard.ts'
import type { StoredOffset } from './offset-store.ts'

export type OffsetDelete = {
  readonly groupId: string
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[]
}

export type OffsetDeleteResult = {
  readonly errorCode: number
  readonly topics: readonly {
    readonly topic: string
    readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[]
  }[]
}

/** OffsetDelete: topics that the group is subscribed to are refused (KIP-496). */
export function deleteOffsets(turn: Turn, shard: GroupShard, request: OffsetDelete): OffsetDeleteResult {
  const { groupId } = request
  const group = shard.groups.get(groupId)
  const error = group ? offsetDeleteError(group) : 'groupIdNotFound'
  if (!group || error) return { errorCode: errorCode[error ?? 'groupIdNotFound'], topics: [] }
  const topics = request.topics.map(({ topic, partitions }) => {
    const isRefused = isSubscribedTo(group, topic)
    return {
      topic,
      partitions: partitions.map((partitionIndex) => {
        if (isRefused) return { partitionIndex, errorCode: errorCode.groupSubscribedToTopic }
        eraseOffset(turn, shard, groupId, topic, partitionIndex)
        return { partitionIndex, errorCode: errorCode.none }
      }),
    }
  })
  return { errorCode: errorCode.none, topics }
}

function offsetDeleteError(group: Group): keyof typeof errorCode | undefined {
  if (group.type === 'consumer' || group.state === 'Empty') return undefined
  if (group.state === 'Dead') return 'groupIdNotFound'
  return group.protocolType === consumerProtocolType ? undefined : 'nonEmptyGroup'
}

function isSubscribedTo(group: Group, topic: string): boolean {
  if (group.type === 'consumer') return isSubscribed(group, topic)
  return group.state !== 'Empty' && (group.subscribedTopics?.has(topic) ?? false)
}

/** Writes a tombstone for an offset, if there is one. */
function eraseOffset(turn: Turn, shard: GroupShard, groupId: string, topic: string, partition: number): void {
  const isPending = shard.pendingOffsets.has(groupId, topic, partition)
  if (!isPending && !shard.offsets.get(groupId, topic, partition)) return
  shard.pendingOffsets.remove(groupId, topic, partition)
  shard.offsets.delete(groupId, topic, partition)
  turn.records.push({ kind: 'offsetCommit', key: { group: groupId, topic, partition }, value: null })
  turn.emit({ kind: 'offsetDeleted', groupId, topic, partition })
}

function eraseOffsetsOf(turn: Turn, shard: GroupShard, groupId: string): void {
  for (const [topic, offsets] of [...shard.offsets.topicsOf(groupId)]) {
    for (const partition of [...offsets.keys()]) eraseOffset(turn, shard, groupId, topic, partition)
  }
  for (const { topic, partition } of shard.pendingOffsets.ofGroup(groupId)) {
    eraseOffset(turn, shard, groupId, topic, partition)
  }
}

/** DeleteGroups of one group; answers the error name. */
export function deleteGroup(turn: Turn, shard: GroupShard, groupId: string): keyof typeof errorCode {
  const group = shard.groups.get(groupId)
  if (!group || (group.type === 'classic' && group.state === 'Dead')) return 'groupIdNotFound'
  if (!isEmpty(group)) return 'nonEmptyGroup'
  eraseOffsetsOf(turn, shard, groupId)
  removeGroup(turn, shard, group, 'deleted')
  return 'none'
}

/** Takes an empty group out, with tombstones for what it has written. */
export function removeGroup(
  turn: Turn,
  shard: GroupShard,
  group: Group,
  reason: 'deleted' | 'expired',
): void {
  const { groupId } = group
  if (group.type === 'consumer') eraseGroup(turn, group)
  else {
    turn.records.push({ kind: 'groupMetadata', key: { group: groupId }, value: null })
    group.state = 'Dead'
  }
  shard.groups.delete(groupId)
  turn.emit({ kind: 'groupDeleted', groupId, reason })
}

function isEmpty(group: Group): boolean {
  return group.type === 'consumer'
    ? group.members.size === 0
    : group.state === 'Empty' && group.pendingJoin.size === 0
}

/** The committed offsets of deleted topics go with them, in all groups. */
export function deleteTopicOffsets(turn: Turn, shard: GroupShard, topics: ReadonlySet<string>): void {
  for (const groupId of [...shard.offsets.groupIds()]) {
    for (const [topic, offsets] of [...shard.offsets.topicsOf(groupId)]) {
      if (!topics.has(topic)) continue
      for (const partition of [...offsets.keys()]) eraseOffset(turn, shard, groupId, topic, partition)
    }
  }
}

/**
 * Removes what has outlived offsets.retention.minutes (KIP-211), then the empty groups that have nothing left.
 * At most `maxRecords` tombstones a call, since all of them go into one batch; true when there is more to do.
 */
export function expireOffsets(turn: Turn, shard: GroupShard, maxRecords: number): boolean {
  for (const groupId of [...shard.offsets.groupIds()]) {
    const group = shard.groups.get(groupId)
    if (!group) continue
    for (const [topic, offsets] of [...shard.offsets.topicsOf(groupId)]) {
      if (isSubscribedTo(group, topic)) continue
      for (const [partition, stored] of [...offsets]) {
        if (!hasExpired(turn, group, stored) || shard.pendingOffsets.has(groupId, topic, partition)) continue
        if (turn.records.length >= maxRecords) return true
        eraseOffset(turn, shard, groupId, topic, partition)
      }
    }
  }
  for (const group of [...shard.groups.values()]) {
    const { groupId } = group
    if (!isEmpty(group) || shard.offsets.has(groupId) || shard.pendingOffsets.hasAny(groupId)) continue
    if (turn.records.length >= maxRecords) return true
    removeGroup(turn, shard, group, 'expired')
  }
  return false
}

function hasExpired(turn: Turn, group: Group, stored: StoredOffset): boolean {
  const baseMs = group.type === 'consumer' ? stored.commitTimestampMs : classicBaseMs(group, stored)
  if (baseMs === undefined) return false
  if (stored.expireTimestampMs >= 0) return turn.nowMs >= stored.expireTimestampMs
  return turn.nowMs - baseMs >= turn.config['offsets.retention.minutes'] * 60_000
}

/** From when retention counts: an empty group's from when it became so; undefined where nothing expires. */
function classicBaseMs(group: ClassicGroup, stored: StoredOffset): number | undefined {
  if (group.protocolType === null) return stored.commitTimestampMs
  if (group.state === 'Empty') return group.stateTimestampMs ?? stored.commitTimestampMs
  const isStableConsumer = group.protocolType === consumerProtocolType && group.state === 'Stable'
  return isStableConsumer && group.subscribedTopics ? stored.commitTimestampMs : undefined
}
