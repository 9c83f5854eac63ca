/* OffsetDelete v0. */

import { errorCode } from '../protocol/error-codes.ts'
import type { offsetDeleteRequest, offsetDeleteResponse } from '../protocol/schemas/47-offset-delete.ts'
import type { Handler } from './handler.ts'

export const offsetDelete: Handler<typeof offsetDeleteRequest, typeof offsetDeleteResponse> = async (
  context,
  request,
) => {
  const { image } = context.node
  const exists = (topic: string, partition: number) => {
    return partition >= 0 && partition < (image.topic(topic)?.partitions.length ?? 0)
  }
  const topics = request.topics.map(({ name, partitions }) => ({
    topic: name,
    partitions: partitions.map(({ partitionIndex }) => partitionIndex).filter((index) => exists(name, index)),
  }))
  const result = await context.coordinator.deleteOffsets({ groupId: request.groupId, topics })
  if (result.errorCode !== errorCode.none)
    return { throttleTimeMs: 0, errorCode: result.errorCode, topics: [] }
  const answers = request.topics.map(({ name, partitions }, position) => {
    const unknown = partitions.filter(({ partitionIndex }) => !exists(name, partitionIndex))
    const refused = unknown.map(({ partitionIndex }) => {
      return { partitionIndex, errorCode: errorCode.unknownTopicOrPartition }
    })
    return { name, partitions: [...refused, ...result.topics[position]!.partitions] }
  })
  const topicsWithPartitions = answers.filter(({ partitions }) => partitions.length > 0)
  return { throttleTimeMs: 0, errorCode: errorCode.none, topics: topicsWithPartitions }
}
