/* DescribeTopicPartitions v0 (KIP-966): topics in order of their names, paged by a cursor. */
import type { TopicImage } from '../cluster/metadata-image.ts'
import { topicNameFault } from '../cluster/topic-name.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { Decoded, Encodable } from '../protocol/fields.ts'
import { zeroUuid } from '../protocol/reader.ts'
import type {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
} from '../protocol/schemas/75-describe-topic-partitions.ts'
import { offlineReplicas } from './03-metadata.ts'
import { topicOperations } from './authorized-operations.ts'
import type { Handler, HandlerContext } from './handler.ts'

type Request = Decoded<typeof describeTopicPartitionsRequest>
type Response = Encodable<typeof describeTopicPartitionsResponse>
type TopicResponse = Response['topics'][number]

export const describeTopicPartitions: Handler<
  typeof describeTopicPartitionsRequest,
  typeof describeTopicPartitionsResponse
> = (context, request) => {
  const { node } = context
  if (request.cursor && request.cursor.partitionIndex < 0) return refusedWhole(request)
  const limit = Math.min(
    Math.max(request.responsePartitionLimit, 1),
    node.config['max.request.partition.size.limit'],
  )
  const topics: TopicResponse[] = []
  let left = limit
  for (const name of namesFrom(context, request)) {
    const topic = node.image.topic(name)
    if (!topic) {
      topics.push(unknown(name))
      continue
    }
    const start = request.cursor?.topicName === name ? request.cursor.partitionIndex : 0
    if (left === 0) {
      return { throttleTimeMs: 0, topics, nextCursor: { topicName: name, partitionIndex: start } }
    }
    const count = Math.min(left, Math.max(0, topic.partitions.length - start))
    topics.push(describeTopic(context, topic, start, count))
    left -= count
    if (start + count < topic.partitions.length) {
      const nextCursor = { topicName: name, partitionIndex: start + count }
      return { throttleTimeMs: 0, topics, nextCursor }
    }
  }
  return { throttleTimeMs: 0, topics, nextCursor: null }
}

/** A cursor that points before the first partition. */
function refusedWhole({ topics }: Request): Response {
  const code = errorCode.invalidRequest
  const refused = topics.map(({ name }) => ({ errorCode: code, name, topicId: zeroUuid, partitions: [] }))
  return { throttleTimeMs: 0, topics: refused, nextCursor: null }
}

/** The names to answer, sorted and each once, from the cursor's topic on. */
function namesFrom({ node }: HandlerContext, { topics, cursor }: Request): string[] {
  const asked = topics.length === 0 ? node.image.topics() : topics
  const names = [...new Set(asked.map(({ name }) => name))].sort()
  return cursor ? names.filter((name) => name >= cursor.topicName) : names
}

function unknown(name: string): TopicResponse {
  const code = topicNameFault(name) ? errorCode.invalidTopicException : errorCode.unknownTopicOrPartition
  return {
    errorCode: code,
    name,
    topicId: zeroUuid,
    partitions: [],
    topicAuthorizedOperations: topicOperations,
  }
}

function describeTopic(
  { node }: HandlerContext,
  topic: TopicImage,
  start: number,
  count: number,
): TopicResponse {
  const partitions = topic.partitions.slice(start, start + count).map((partition) => ({
    errorCode: partition.leader === -1 ? errorCode.leaderNotAvailable : errorCode.none,
    partitionIndex: partition.partition,
    leaderId: partition.leader,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: partition.replicas,
    isrNodes: partition.isr,
    eligibleLeaderReplicas: [],
    lastKnownElr: [],
    offlineReplicas: offlineReplicas(node, topic, partition),
  }))
  return {
    errorCode: errorCode.none,
    name: topic.name,
    topicId: topic.topicId,
    isInternal: topic.isInternal,
    partitions,
    topicAuthorizedOperations: topicOperations,
  }
}
