/*
 * OffsetFetch v1-10. Several groups at once from v8, the consumer protocol's epochs from v9, topic ids from v10.
 * With `requireStable` (v7) offsets that an open transaction may change are not told (KIP-447).
 */

import type { OffsetFetchResult } from '../coordinator/group/offsets/fetch.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { Decoded, Encodable } from '../protocol/fields.ts'
import { zeroUuid } from '../protocol/reader.ts'
import type { offsetFetchRequest, offsetFetchResponse } from '../protocol/schemas/09-offset-fetch.ts'
import type { Handler, HandlerContext } from './handler.ts'
import { firstVersionWithTopicIds, resolveTopic } from './topic-reference.ts'

type Group = Decoded<typeof offsetFetchRequest>['groups'][number]
type AskedTopic = NonNullable<Group['topics']>[number]
type GroupResponse = NonNullable<Encodable<typeof offsetFetchResponse>['groups']>[number]
type TopicResponse = GroupResponse['topics'][number]

const firstVersionWithGroups = 8
const firstVersionWithGroupError = 2

export const offsetFetch: Handler<typeof offsetFetchRequest, typeof offsetFetchResponse> = async (
  context,
  request,
) => {
  if (context.apiVersion >= firstVersionWithGroups) {
    const { requireStable } = request
    const groups = await Promise.all(request.groups.map((group) => fetchGroup(context, group, requireStable)))
    return { throttleTimeMs: 0, groups }
  }
  const { groupId, requireStable } = request
  const topics = request.topics?.map((topic) => ({ ...topic, topicId: zeroUuid })) ?? null
  const asked = { groupId, memberId: null, memberEpoch: -1, topics }
  const group = await fetchGroup(context, asked, requireStable)
  const code = group.errorCode ?? errorCode.none
  if (code !== errorCode.none && context.apiVersion < firstVersionWithGroupError) {
    // Version 1 has no place for a group's error: every partition carries it.
    return { throttleTimeMs: 0, topics: (topics ?? []).map((topic) => withError(topic, code)) }
  }
  return {
    throttleTimeMs: 0,
    errorCode: code,
    topics: group.topics.map((topic) => ({ ...topic, name: topic.name ?? '' })),
  }
}

async function fetchGroup(
  context: HandlerContext,
  group: Group,
  requireStable: boolean,
): Promise<GroupResponse> {
  const { groupId, memberId, memberEpoch } = group
  const resolved = group.topics?.map((asked) => ({ asked, image: resolveTopic(context, asked) })) ?? null
  const byId = context.apiVersion >= firstVersionWithTopicIds
  // By name a topic may be gone and its offsets still be there; by id it must be known to have a name.
  const wanted = resolved?.filter(({ image }) => image || !byId) ?? null
  const topics = wanted?.map(({ asked, image }) => ({
    topic: image?.name ?? asked.name,
    topicId: image?.topicId ?? zeroUuid,
    partitions: asked.partitionIndexes,
  }))
  const result = await context.coordinator.fetchOffsets({
    groupId,
    memberId,
    memberEpoch,
    topics: topics ?? null,
    requireStable,
  })
  if (result.errorCode !== errorCode.none) return { groupId, topics: [], errorCode: result.errorCode }
  const found = result.topics.flatMap((topic) => describeTopic(context, topic))
  const unknown = resolved?.filter(({ image }) => !image && byId) ?? []
  return {
    groupId,
    topics: [...found, ...unknown.map(({ asked }) => withError(asked, errorCode.unknownTopicId))],
  }
}

function describeTopic(
  context: HandlerContext,
  result: OffsetFetchResult['topics'][number],
): TopicResponse[] {
  const { topic: name, partitions } = result
  if (context.apiVersion < firstVersionWithTopicIds) return [{ name, partitions: partitions }]
  // Asked for all: a topic that is gone has no id to be told by.
  const topicId = context.node.image.topic(name)?.topicId
  return topicId === undefined ? [] : [{ name, topicId, partitions: partitions }]
}

function withError(asked: AskedTopic, code: number) {
  return {
    name: asked.name,
    topicId: asked.topicId,
    partitions: asked.partitionIndexes.map((partitionIndex) => {
      return { partitionIndex, committedOffset: -1, committedLeaderEpoch: -1, metadata: '', errorCode: code }
    }),
  }
}
