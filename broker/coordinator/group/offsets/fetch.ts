import { errorCode } from '../../../protocol/error-codes.ts'
import type { Group, GroupShard } from '../group-shard.ts'
import { zeroTopicId } from './commit.ts'
import type { StoredOffset } from './offset-store.ts'

/** An OffsetFetch for one group; null topics ask for all that it has committed. */
export type OffsetFetch = {
  readonly groupId: string
  readonly memberId: string | null
  readonly memberEpoch: number
  readonly topics:
    | readonly { readonly topic: string; readonly topicId: string; readonly partitions: readonly number[] }[]
    | null
  /** Partitions that an open transaction has offsets for are answered with UNSTABLE_OFFSET_COMMIT (KIP-447). */
  readonly requireStable?: boolean
}

export type FetchedPartition = {
  readonly partitionIndex: number
  /** -1 when nothing is committed. */
  readonly committedOffset: number
  readonly committedLeaderEpoch: number
  readonly metadata: string
  readonly errorCode: number
}

export type OffsetFetchResult = {
  readonly errorCode: number
  readonly topics: readonly {
    readonly topic: string
    readonly topicId: string
    readonly partitions: readonly FetchedPartition[]
  }[]
}

/** Reads committed offsets. A group that is not there has none, which is no error. */
export function fetchOffsets(shard: GroupShard, fetch: OffsetFetch): OffsetFetchResult {
  const group = shard.groups.get(fetch.groupId)
  const error = group && fetchError(group, fetch)
  if (error) return { errorCode: errorCode[error], topics: [] }
  const topics = fetch.topics === null ? all(shard, fetch) : chosen(shard, fetch, fetch.topics)
  return { errorCode: errorCode.none, topics }
}

function fetchError(
  group: Group,
  { memberId, memberEpoch }: OffsetFetch,
): keyof typeof errorCode | undefined {
  if (group.type === 'classic') return group.state === 'Dead' ? 'groupIdNotFound' : undefined
  if (memberId === null && memberEpoch < 0) return undefined
  const member = memberId === null ? undefined : group.members.get(memberId)
  if (!member) return 'unknownMemberId'
  if (memberEpoch === member.memberEpoch) return undefined
  return member.classic ? 'illegalGeneration' : 'staleMemberEpoch'
}

function all(shard: GroupShard, fetch: OffsetFetch): OffsetFetchResult['topics'] {
  return [...shard.offsets.topicsOf(fetch.groupId)].map(([topic, offsets]) => ({
    topic,
    topicId: offsets.values().next().value?.topicId ?? zeroTopicId,
    partitions: [...offsets].map(([partition, stored]) => fetched(shard, fetch, topic, partition, stored)),
  }))
}

function chosen(
  shard: GroupShard,
  fetch: OffsetFetch,
  topics: NonNullable<OffsetFetch['topics']>,
): OffsetFetchResult['topics'] {
  const byTopic = shard.offsets.topicsOf(fetch.groupId)
  return topics.map(({ topic, topicId, partitions }) => ({
    topic,
    topicId,
    partitions: partitions.map((partition) => {
      const stored = byTopic.get(topic)?.get(partition)
      const known = stored && isSameTopic(stored, topicId) ? stored : undefined
      return fetched(shard, fetch, topic, partition, known)
    }),
  }))
}

/** A topic that was deleted and made anew has another id: offsets of the old one mean nothing in it. */
function isSameTopic(stored: StoredOffset, topicId: string): boolean {
  return stored.topicId === topicId || stored.topicId === zeroTopicId || topicId === zeroTopicId
}

function fetched(
  shard: GroupShard,
  { groupId, requireStable }: OffsetFetch,
  topic: string,
  partitionIndex: number,
  stored: StoredOffset | undefined,
): FetchedPartition {
  if (requireStable && shard.pendingOffsets.has(groupId, topic, partitionIndex)) {
    const nothing = { committedOffset: -1, committedLeaderEpoch: -1, metadata: '' }
    return { partitionIndex, ...nothing, errorCode: errorCode.unstableOffsetCommit }
  }
  return {
    partitionIndex,
    committedOffset: stored?.offset ?? -1,
    committedLeaderEpoch: stored?.leaderEpoch ?? -1,
    metadata: stored?.metadata ?? '',
    errorCode: errorCode.none,
  }
}
