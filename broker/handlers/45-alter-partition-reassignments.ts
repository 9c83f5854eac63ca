import type { MetadataImage, PartitionImage } from '../cluster/metadata-image.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '../protocol/schemas/45-alter-partition-reassignments.ts'
import type { Handler } from './handler.ts'
import { timedOutMessage } from './timed-out.ts'

type Result = { errorCode: number; errorMessage: string | null }

const timedOut: Result = { errorCode: errorCode.requestTimedOut, errorMessage: timedOutMessage }

/** v0-1. With one broker a replica can only stay where it is; everything else is refused as Kafka refuses it. */
export const alterPartitionReassignments: Handler<
  typeof alterPartitionReassignmentsRequest,
  typeof alterPartitionReassignmentsResponse
> = ({ node }, { topics, allowReplicationFactorChange, timeoutMs }) => ({
  throttleTimeMs: 0,
  allowReplicationFactorChange,
  errorCode: timeoutMs <= 0 ? errorCode.requestTimedOut : errorCode.none,
  errorMessage: timeoutMs <= 0 ? timedOutMessage : null,
  responses: topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, replicas }) => ({
      partitionIndex,
      ...(timeoutMs <= 0 ? timedOut : reassign(node.image, name, partitionIndex, replicas)),
    })),
  })),
})

function reassign(
  image: MetadataImage,
  name: string,
  index: number,
  replicas: readonly number[] | null,
): Result {
  const topic = image.topic(name)
  if (!topic) return unknown(`Unable to find a topic named ${name}.`)
  const partition = topic.partitions[index]
  if (!partition) return unknown(`Unable to find partition ${name}:${index}.`)
  if (replicas === null) {
    const errorMessage = 'No partition reassignment is in progress.'
    return { errorCode: errorCode.noReassignmentInProgress, errorMessage }
  }
  return replicasResult(image, partition, replicas)
}

function replicasResult(
  image: MetadataImage,
  partition: PartitionImage,
  replicas: readonly number[],
): Result {
  const invalid = (found: string) => ({
    errorCode: errorCode.invalidReplicaAssignment,
    errorMessage: `The manual partition assignment includes ${found}`,
  })
  if (replicas.length === 0) return invalid('an empty replica list.')
  const brokers = new Set(image.brokers().map(({ nodeId }) => nodeId))
  const sorted = [...replicas].sort((a, b) => a - b)
  for (const [index, replica] of sorted.entries()) {
    if (!brokers.has(replica)) return invalid(`broker ${replica}, but no such broker is registered.`)
    if (replica === sorted[index - 1]) return invalid(`the broker ${replica} more than once.`)
  }
  const isSame = sorted.length === partition.replicas.length
  return isSame ? { errorCode: errorCode.none, errorMessage: null } : invalid('more brokers than there are.')
}

function unknown(errorMessage: string): Result {
  return { errorCode: errorCode.unknownTopicOrPartition, errorMessage }
}
