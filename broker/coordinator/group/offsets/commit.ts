import { errorCode } from '../../../protocol/error-codes.ts'
import type { GroupRecord } from '../../coordinator-record.ts'
import type { RequestContext } from '../../request-context.ts'
import type { Turn } from '../../turn.ts'
import { type ClassicGroup, membershipError, newClassicGroup } from '../classic/classic-group.ts'
import { scheduleHeartbeat } from '../classic/rebalance.ts'
import type { ConsumerGroup, ConsumerMember } from '../consumer/consumer-group.ts'
import type { Group, GroupShard } from '../group-shard.ts'
import type { StoredOffset } from './offset-store.ts'

export const zeroTopicId = 'AAAAAAAAAAAAAAAAAAAAAA'

export type CommitPartition = {
  readonly partitionIndex: number
  readonly committedOffset: number
  readonly committedLeaderEpoch: number
  readonly committedMetadata: string | null
}

/** An OffsetCommit of topics that exist, each with its name and its id. */
export type OffsetCommit = {
  readonly groupId: string
  readonly generationIdOrMemberEpoch: number
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly retentionTimeMs: number
  readonly topics: readonly {
    readonly topic: string
    readonly topicId: string
    readonly partitions: readonly CommitPartition[]
  }[]
}

/** With `errorCode` 0 the codes by topic and partition, in the order of the request. */
export type OffsetCommitResult = {
  readonly errorCode: number
  readonly topics: readonly {
    readonly topic: string
    readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[]
  }[]
}

type ErrorName = keyof typeof errorCode

/** From this version on a client knows the consumer protocol's errors. */
const firstVersionForMemberEpochs = 9

export function commitOffsets(
  turn: Turn,
  shard: GroupShard,
  commit: OffsetCommit,
  context: RequestContext,
): OffsetCommitResult {
  const group = shard.groups.get(commit.groupId) ?? simpleGroup(shard, commit)
  if (!group) {
    const error = context.apiVersion >= firstVersionForMemberEpochs ? 'groupIdNotFound' : 'illegalGeneration'
    return { errorCode: errorCode[error], topics: [] }
  }
  const error =
    group.type === 'classic'
      ? classicCommitError(group, commit)
      : consumerCommitError(group, commit, context.apiVersion)
  if (error) return { errorCode: errorCode[error], topics: [] }
  if (group.type === 'classic') keepSession(turn, group, commit.memberId)
  return { errorCode: errorCode.none, topics: storeOffsets(turn, shard, commit) }
}

/** Who commits without a generation needs no group: it is an administrator, or consumes assigned partitions. */
function simpleGroup(shard: GroupShard, commit: OffsetCommit): Group | undefined {
  if (commit.generationIdOrMemberEpoch >= 0) return undefined
  const group = newClassicGroup(commit.groupId)
  shard.groups.set(commit.groupId, group)
  return group
}

function classicCommitError(group: ClassicGroup, commit: OffsetCommit): ErrorName | undefined {
  const { generationIdOrMemberEpoch: generation, memberId, groupInstanceId } = commit
  if (group.state === 'Dead') return 'coordinatorNotAvailable'
  if (generation < 0 && group.state === 'Empty') return undefined
  if (generation < 0 && memberId === '' && groupInstanceId === null) return 'unknownMemberId'
  const failure = membershipError(group, memberId, groupInstanceId)
  if (failure) return failure
  if (generation !== group.generationId) return 'illegalGeneration'
  // It knows the new generation, so it is right to commit; but its assignment is not out yet.
  return group.state === 'CompletingRebalance' ? 'rebalanceInProgress' : undefined
}

/** A commit is as good as a heartbeat while the group is stable or waits for joins. */
function keepSession(turn: Turn, group: ClassicGroup, memberId: string): void {
  const member = group.members.get(memberId)
  if (!member || (group.state !== 'Stable' && group.state !== 'PreparingRebalance')) return
  scheduleHeartbeat(turn, group, member)
}

function consumerCommitError(
  group: ConsumerGroup,
  commit: OffsetCommit,
  apiVersion: number,
): ErrorName | undefined {
  const received = commit.generationIdOrMemberEpoch
  if (received < 0 && group.members.size === 0) return undefined
  const member = group.members.get(commit.memberId)
  if (!member) return 'unknownMemberId'
  if (!member.classic && apiVersion < firstVersionForMemberEpochs) return 'unsupportedVersion'
  if (received === member.memberEpoch) return undefined
  const stale = member.classic ? 'illegalGeneration' : 'staleMemberEpoch'
  if (received > member.memberEpoch) return stale
  return commit.topics.every((topic) => ownedSince(member, topic.topicId, topic.partitions, received))
    ? undefined
    : stale
}

/** An epoch that is behind may still commit what the member has owned since before it (KIP-1251). */
export function ownedSince(
  member: ConsumerMember,
  topicId: string,
  partitions: readonly CommitPartition[],
  epoch: number,
): boolean {
  const assigned = member.assigned.get(topicId)
  const pending = member.pendingRevocation.get(topicId)
  return partitions.every(({ partitionIndex }) => {
    const since = assigned?.get(partitionIndex) ?? pending?.get(partitionIndex)
    return since !== undefined && since <= epoch
  })
}

function storeOffsets(turn: Turn, shard: GroupShard, commit: OffsetCommit): OffsetCommitResult['topics'] {
  const { groupId, memberId, retentionTimeMs } = commit
  const maxBytes = turn.config['offset.metadata.max.bytes']
  const expireTimestampMs =
    retentionTimeMs < 0 ? -1 : Math.min(turn.nowMs + retentionTimeMs, Number.MAX_SAFE_INTEGER)
  return commit.topics.map(({ topic, topicId, partitions }) => ({
    topic,
    partitions: partitions.map((partition) => {
      const { partitionIndex } = partition
      const metadata = partition.committedMetadata ?? ''
      if (metadata.length > maxBytes) return { partitionIndex, errorCode: errorCode.offsetMetadataTooLarge }
      const offset = partition.committedOffset
      const leaderEpoch = partition.committedLeaderEpoch
      const stored = {
        offset,
        leaderEpoch,
        metadata,
        commitTimestampMs: turn.nowMs,
        expireTimestampMs,
        topicId,
      }
      writeOffset(turn, shard, groupId, topic, partitionIndex, stored)
      turn.emit({ kind: 'offsetCommitted', groupId, topic, partition: partitionIndex, offset, memberId })
      return { partitionIndex, errorCode: errorCode.none }
    }),
  }))
}

function writeOffset(
  turn: Turn,
  shard: GroupShard,
  groupId: string,
  topic: string,
  partition: number,
  stored: StoredOffset,
): void {
  shard.pendingOffsets.supersede(groupId, topic, partition)
  shard.offsets.set(groupId, topic, partition, stored)
  turn.records.push(offsetRecord(groupId, topic, partition, stored))
}

export function offsetRecord(
  groupId: string,
  topic: string,
  partition: number,
  stored: StoredOffset,
): GroupRecord {
  return {
    kind: 'offsetCommit',
    key: { group: groupId, topic, partition },
    value: {
      offset: stored.offset,
      leaderEpoch: stored.leaderEpoch,
      metadata: stored.metadata,
      commitTimestamp: stored.commitTimestampMs,
      expireTimestamp: stored.expireTimestampMs,
      topicId: stored.topicId,
    },
  }
}
