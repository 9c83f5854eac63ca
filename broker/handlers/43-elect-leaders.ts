import type { MetadataImage } from '../cluster/metadata-image.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { electLeadersRequest, electLeadersResponse } from '../protocol/schemas/43-elect-leaders.ts'
import type { Handler } from './handler.ts'
import { timedOutMessage } from './timed-out.ts'

/** v0-2. Every partition has its one replica as leader, so none needs an election; asked for all, each topic has none. */
export const electLeaders: Handler<typeof electLeadersRequest, typeof electLeadersResponse> = (
  { node },
  { topicPartitions, electionType, timeoutMs },
) => {
  const isLate = timeoutMs <= 0
  const isElectionType = electionType === 0 || electionType === 1
  const asked = topicPartitions ?? node.image.topics().map(({ name }) => ({ topic: name, partitions: [] }))
  const replicaElectionResults = asked.map(({ topic, partitions }) => ({
    topic,
    partitionResult: partitions.map((partitionId) => ({
      partitionId,
      ...(isLate
        ? timedOut
        : isElectionType
          ? resultOf(node.image, topic, partitionId)
          : unknownElection(electionType)),
    })),
  }))
  const code = isLate ? errorCode.requestTimedOut : isElectionType ? errorCode.none : errorCode.invalidRequest
  return { throttleTimeMs: 0, errorCode: code, replicaElectionResults }
}

const timedOut = { errorCode: errorCode.requestTimedOut, errorMessage: timedOutMessage }

function unknownElection(electionType: number) {
  return { errorCode: errorCode.invalidRequest, errorMessage: `Unknown election type ${electionType}` }
}

function resultOf(image: MetadataImage, name: string, partition: number) {
  const topic = image.topic(name)
  if (!topic) return unknown(`No such topic as ${name}`)
  if (!topic.partitions[partition]) return unknown(`No such partition as ${name}-${partition}`)
  return {
    errorCode: errorCode.electionNotNeeded,
    errorMessage: 'Leader election not needed for topic partition.',
  }
}

function unknown(errorMessage: string) {
  return { errorCode: errorCode.unknownTopicOrPartition, errorMessage }
}
