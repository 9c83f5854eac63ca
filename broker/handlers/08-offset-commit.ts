/* OffsetCommit v2-10. From v10 on topics come by id (KIP-848); an unknown one is UNKNOWN_TOPIC_ID. */

import type { OffsetCommitResult } from '../coordinator/group/offsets/commit.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { Decoded, Encodable } from '../protocol/fields.ts'
import type { offsetCommitRequest, offsetCommitResponse } from '../protocol/schemas/08-offset-commit.ts'
import type { Handler, HandlerContext } from './handler.ts'
import { requestContext } from './request-context.ts'
import { firstVersionWithTopicIds, resolveTopic } from './topic-reference.ts'

type Topic = Decoded<typeof offsetCommitRequest>['topics'][number]
type TopicResponse = Encodable<typeof offsetCommitResponse>['topics'][number]
type KnownTopic = {
  readonly index: number
  readonly topic: string
  readonly topicId: string
  readonly asked: Topic
}

export const offsetCommit: Handler<typeof offsetCommitRequest, typeof offsetCommitResponse> = async (
  context,
  request,
) => {
  const known: KnownTopic[] = []
  const responses = request.topics.map((asked, index): TopicResponse => {
    const image = resolveTopic(context, asked)
    if (image) known.push({ index, topic: image.name, topicId: image.topicId, asked })
    return refusal(asked, image ? errorCode.none : unknownTopic(context))
  })
  const topics = known.map(({ topic, topicId, asked }) => {
    const count = context.node.image.topic(topic)?.partitions.length ?? 0
    const partitions = asked.partitions.filter(
      ({ partitionIndex }) => partitionIndex >= 0 && partitionIndex < count,
    )
    return { topic, topicId, partitions }
  })
  // Nothing to commit, nothing to ask the group for: a group must not come to be by it.
  const isEmpty = topics.every(({ partitions }) => partitions.length === 0)
  if (isEmpty && request.topics.length > 0) return answer(responses, known, undefined)
  const result = await context.coordinator.commitOffsets({ ...request, topics }, requestContext(context))
  return answer(responses, known, result)
}

function unknownTopic({ apiVersion }: HandlerContext): number {
  return apiVersion >= firstVersionWithTopicIds ? errorCode.unknownTopicId : errorCode.unknownTopicOrPartition
}

function refusal({ name, topicId, partitions }: Topic, code: number): TopicResponse {
  return {
    name,
    topicId,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: code })),
  }
}

function answer(
  responses: readonly TopicResponse[],
  known: readonly KnownTopic[],
  result: OffsetCommitResult | undefined,
): Encodable<typeof offsetCommitResponse> {
  const topics = [...responses]
  for (const [position, { index, asked }] of known.entries()) {
    const codes = new Map(
      result?.topics[position]?.partitions.map(({ partitionIndex, errorCode: code }) => [
        partitionIndex,
        code,
      ]),
    )
    const failed = result && result.errorCode !== errorCode.none ? result.errorCode : undefined
    topics[index] = {
      name: asked.name,
      topicId: asked.topicId,
      partitions: asked.partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: failed ?? codes.get(partitionIndex) ?? errorCode.unknownTopicOrPartition,
      })),
    }
  }
  return { throttleTimeMs: 0, topics: topics.filter(({ partitions }) => partitions.length > 0) }
}
