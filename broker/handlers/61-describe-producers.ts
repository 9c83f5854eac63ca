/* DescribeProducers v0 (KIP-664). */
import { topicNameFault } from '../cluster/topic-name.ts'
import { errorCode, errorOf } from '../protocol/error-codes.ts'
import type {
  describeProducersRequest,
  describeProducersResponse,
} from '../protocol/schemas/61-describe-producers.ts'
import type { Handler, HandlerContext } from './handler.ts'
import { leadershipError, missingPartitionError } from './leadership.ts'

export const describeProducers: Handler<typeof describeProducersRequest, typeof describeProducersResponse> = (
  context,
  request,
) => ({
  throttleTimeMs: 0,
  topics: request.topics.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((index) => describeOne(context, name, index)),
  })),
})

function describeOne({ node }: HandlerContext, topic: string, partitionIndex: number) {
  const refusal = (code: number, message = errorOf(code).message) => ({
    partitionIndex,
    errorCode: code,
    errorMessage: message,
    activeProducers: [],
  })
  const fault = topicNameFault(topic)
  if (fault) return refusal(errorCode.invalidTopicException, fault)
  const partition = node.partition(topic, partitionIndex)
  if (!partition) return refusal(missingPartitionError(node, { name: topic }, partitionIndex))
  const leadership = leadershipError(partition, -1)
  if (leadership !== errorCode.none) return refusal(leadership)
  const producers = partition.activeProducers()
  if (!Array.isArray(producers)) return refusal(errorCode.kafkaStorageError, producers.message)
  const activeProducers = producers.map((producer) => ({
    producerId: producer.producerId,
    producerEpoch: producer.producerEpoch,
    lastSequence: producer.lastSequence,
    lastTimestamp: producer.lastTimestampMs,
    coordinatorEpoch: producer.coordinatorEpoch,
    currentTxnStartOffset: producer.currentTransactionStartOffset,
  }))
  return { partitionIndex, errorCode: errorCode.none, activeProducers }
}
