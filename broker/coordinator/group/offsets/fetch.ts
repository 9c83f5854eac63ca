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

/**
 * Reads committed offsets. A group that is not there has none, which is no error. Transactional commits that
 * are still open would make a partition unstable (KIP-447); there are none yet, so all answers are stable.
 */
export function fetchOffsets(shard: GroupShard, fetch: OffsetFetch): OffsetFetchResult {
  const group = shard.groups.get(fetch.groupId)
  const error = group && fetchError(group, fetch)
  if (error) return { errorCode: errorCode[error], topics: [] }
  const topics =
    fetch.topics === null ? all(shard, fetch.groupId) : chosen(shard, fetch.groupId, fetch.topics)
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

function all(shard: GroupShard, groupId: string): OffsetFetchResult['topics'] {
  return [...shard.offsets.topicsOf(groupId)].map(([topic, offsets]) => ({
    topic,
    topicId: offsets.values().next().value?.topicId ?? zeroTopicId,
    partitions: [...offsets].map(([partition, stored]) => fetched(partition, stored)),
  }))
}

function chosen(
  shard: GroupShard,
  groupId: string,
  topics: NonNullable<OffsetFetch['topics']>,
): OffsetFetchResult['topics'] {
  const byTopic = shard.offsets.topicsOf(groupId)
  return topics.map(({ topic, topicId, partitions }) => ({
    topic,
    topicId,
    partitions: partitions.map((partition) => {
      const stored = byTopic.get(topic)?.get(partition)
      return fetched(partition, stored && isSameTopic(stored, topicId) ? stored : undefined)
    }),
  }))
}

/** A topic that was deleted and made anew has another id: offsets of the old one mean nothing in it. */
function isSameTopic(stored: StoredOffset, topicId: string): boolean {
  return stored.topicId === topicId || stored.topicId === zeroTopicId || topicId === zeroTopicId
}

function fetched(partitionIndex: number, stored: StoredOffset | undefined): FetchedPartition {
  return {
    partitionIndex,
    committedOffset: stored?.offset ?? -1,
    committedLeaderEpoch: stored?.leaderEpoch ?? -1,
    metadata: stored?.metadata ?? '',
    errorCode: errorCode.none,
  }
}
