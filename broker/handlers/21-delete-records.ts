import type { Partition } from '../cluster/partition.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { deleteRecordsRequest, deleteRecordsResponse } from '../protocol/schemas/21-delete-records.ts'
import type { Handler, HandlerContext } from './handler.ts'

type Deleted = { readonly lowWatermark: number; readonly errorCode: number }

/** Stands for "up to the high watermark". */
const highWatermarkOffset = -1

/** DeleteRecords v0–2 (KIP-107): moves the log start. A partition that is there twice gets its last offset. */
export const deleteRecords: Handler<typeof deleteRecordsRequest, typeof deleteRecordsResponse> = (
  context,
  request,
) => {
  const offsets = new Map<string, Map<number, number>>()
  for (const { name, partitions } of request.topics) {
    const ofTopic = offsets.get(name) ?? new Map<number, number>()
    for (const { partitionIndex, offset } of partitions) ofTopic.set(partitionIndex, offset)
    offsets.set(name, ofTopic)
  }
  const named = [...offsets].filter(([, ofTopic]) => ofTopic.size > 0)
  const topics = named.map(([name, ofTopic]) => ({
    name,
    partitions: [...ofTopic].map(([partitionIndex, offset]) => ({
      partitionIndex,
      ...deleteFrom(context, name, partitionIndex, offset),
    })),
  }))
  return { throttleTimeMs: 0, topics }
}

function deleteFrom({ node }: HandlerContext, topic: string, index: number, offset: number): Deleted {
  const image = node.image.topic(topic)
  if (!image?.partitions[index]) return failed(errorCode.unknownTopicOrPartition)
  if (image.isInternal) return failed(errorCode.invalidTopicException)
  const partition = node.partition(topic, index)
  if (!partition?.isLeader) return failed(errorCode.notLeaderOrFollower)
  if (partition.state.status === 'offline') return failed(errorCode.kafkaStorageError)
  const policy = node.topicConfig(topic)['cleanup.policy']
  if (policy.includes('compact') && !policy.includes('delete')) return failed(errorCode.policyViolation)
  return deleteBefore(partition, offset)
}

function deleteBefore(partition: Partition, offset: number): Deleted {
  const target = offset === highWatermarkOffset ? partition.highWatermark : offset
  if (target < 0 || target > partition.highWatermark) return failed(errorCode.offsetOutOfRange)
  if (target > partition.logStartOffset) {
    const removed = partition.deleteRecordsBefore(target)
    if (!Array.isArray(removed)) return failed(errorCode.kafkaStorageError)
  }
  return { lowWatermark: partition.logStartOffset, errorCode: errorCode.none }
}

function failed(code: number): Deleted {
  return { lowWatermark: -1, errorCode: code }
}
