import { errorCode } from '../../../protocol/error-codes.ts'
import type { GroupRecord } from '../../coordinator-record.ts'
import type { Turn } from '../../turn.ts'
import { type ClassicGroup, membershipError, newClassicGroup } from '../classic/classic-group.ts'
import type { ConsumerGroup } from '../consumer/consumer-group.ts'
import type { GroupShard } from '../group-shard.ts'
import {
  type CommitPartition,
  type OffsetCommitResult,
  offsetRecord,
  ownedSince,
  zeroTopicId,
} from './commit.ts'
import type { PendingOffset } from './pending-offsets.ts'

type ErrorName = keyof typeof errorCode

/** A TxnOffsetCommit of topics that exist (KIP-447): the offsets of one group, as part of a transaction. */
export type TransactionalCommit = {
  readonly groupId: string
  readonly producerId: number
  readonly producerEpoch: number
  readonly generationId: number
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly CommitPartition[] }[]
}

/** Writes offsets that hold once the transaction is committed; `refused` answers when the log does not take them. */
export function commitTransactionalOffsets(
  turn: Turn,
  shard: GroupShard,
  commit: TransactionalCommit,
  refused: (code: number) => void,
): OffsetCommitResult {
  const error = commitError(turn, shard, commit)
  if (error) return { errorCode: errorCode[error], topics: [] }
  const { groupId, producerId, producerEpoch } = commit
  const { pending, topics } = offsetsOf(turn, commit)
  turn.records.push(...pending.map(recordOf))
  turn.producer = { producerId, producerEpoch }
  turn.onRefused = (code) => refused(appendError(code))
  turn.onAppended = () => {
    if (!shard.groups.has(groupId)) shard.groups.set(groupId, newClassicGroup(groupId))
    for (const each of pending) shard.pendingOffsets.add(producerId, each)
  }
  return { errorCode: errorCode.none, topics }
}

/** The marker is in the log: what the transaction has committed holds from now on, or is forgotten. */
export function endTransactionalOffsets(
  shard: GroupShard,
  producerId: number,
  committed: boolean,
): PendingOffset[] {
  const held = shard.pendingOffsets.take(producerId, committed)
  for (const { groupId, topic, partition, offset } of held) {
    if (!shard.groups.has(groupId)) shard.groups.set(groupId, newClassicGroup(groupId))
    shard.offsets.set(groupId, topic, partition, offset)
  }
  return held
}

function recordOf({ groupId, topic, partition, offset }: PendingOffset): GroupRecord {
  return offsetRecord(groupId, topic, partition, offset)
}

function offsetsOf(turn: Turn, { groupId, topics }: TransactionalCommit) {
  const maxBytes = turn.config['offset.metadata.max.bytes']
  const pending: PendingOffset[] = []
  const results = topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(
      ({ partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata }) => {
        const metadata = committedMetadata ?? ''
        if (metadata.length > maxBytes) return { partitionIndex, errorCode: errorCode.offsetMetadataTooLarge }
        const offset = {
          offset: committedOffset,
          leaderEpoch: committedLeaderEpoch,
          metadata,
          commitTimestampMs: turn.nowMs,
          expireTimestampMs: -1,
          topicId: zeroTopicId,
        }
        pending.push({ groupId, topic, partition: partitionIndex, offset })
        return { partitionIndex, errorCode: errorCode.none }
      },
    ),
  }))
  return { pending, topics: results }
}

/** Clients of before v3 say nothing of the group's member: then the producer's epoch alone fences. */
function commitError(turn: Turn, shard: GroupShard, commit: TransactionalCommit): ErrorName | undefined {
  const group = shard.groups.get(commit.groupId)
  if (!group) return commit.generationId < 0 ? undefined : 'illegalGeneration'
  const isAnonymous = commit.generationId < 0 && commit.memberId === '' && commit.groupInstanceId === null
  return group.type === 'classic'
    ? classicError(group, commit, isAnonymous)
    : consumerError(turn, group, commit, isAnonymous)
}

function classicError(
  group: ClassicGroup,
  { generationId, memberId, groupInstanceId }: TransactionalCommit,
  isAnonymous: boolean,
): ErrorName | undefined {
  if (group.state === 'Dead') return 'coordinatorNotAvailable'
  if ((generationId < 0 && group.state === 'Empty') || isAnonymous) return undefined
  const failure = membershipError(group, memberId, groupInstanceId)
  if (failure) return failure
  return generationId === group.generationId ? undefined : 'illegalGeneration'
}

function consumerError(
  turn: Turn,
  group: ConsumerGroup,
  { generationId, memberId, topics }: TransactionalCommit,
  isAnonymous: boolean,
): ErrorName | undefined {
  if ((generationId < 0 && group.members.size === 0) || isAnonymous) return undefined
  const member = group.members.get(memberId)
  if (!member) return 'unknownMemberId'
  if (generationId === member.memberEpoch) return undefined
  if (generationId > member.memberEpoch) return 'illegalGeneration'
  const isOwned = topics.every(({ topic, partitions }) =>
    ownedSince(member, turn.topics.topicId(topic) ?? zeroTopicId, partitions, generationId),
  )
  return isOwned ? undefined : 'illegalGeneration'
}

/** What clients are told when the records could not be appended; a fenced producer hears just that. */
function appendError(code: number): number {
  switch (code) {
    case errorCode.unknownTopicOrPartition:
    case errorCode.notEnoughReplicas:
    case errorCode.requestTimedOut:
      return errorCode.coordinatorNotAvailable
    case errorCode.notLeaderOrFollower:
    case errorCode.kafkaStorageError:
      return errorCode.notCoordinator
    case errorCode.messageTooLarge:
    case errorCode.recordListTooLarge:
      return errorCode.invalidCommitOffsetSize
    default:
      return code
  }
}
