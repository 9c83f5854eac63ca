import { metadataTopic } from '../cluster/metadata-log.ts'
import { errorCode, errorOf } from '../protocol/error-codes.ts'
import type { Decoded } from '../protocol/fields.ts'
import type { describeQuorumRequest, describeQuorumResponse } from '../protocol/schemas/55-describe-quorum.ts'
import type { Handler, HandlerContext } from './handler.ts'

/** v0-2. The quorum of one node: it leads `__cluster_metadata-0`, and has everything that is in it. */
export const describeQuorum: Handler<typeof describeQuorumRequest, typeof describeQuorumResponse> = (
  context,
  { topics },
) => ({
  errorCode: errorCode.none,
  errorMessage: '',
  topics: topics.map(({ topicName, partitions }) => ({
    topicName,
    partitions: partitions.map(({ partitionIndex }) =>
      topicName === metadataTopic && partitionIndex === 0 ? quorum(context) : { ...noQuorum, partitionIndex },
    ),
  })),
  nodes: topics.some(asksQuorum) ? voters(context) : [],
})

function voters({ node, connection }: HandlerContext) {
  return node.image.brokers().map((broker) => ({
    nodeId: broker.nodeId,
    listeners: [{ name: 'PLAINTEXT', ...connection.advertised(broker) }],
  }))
}

function asksQuorum({
  topicName,
  partitions,
}: Decoded<typeof describeQuorumRequest>['topics'][number]): boolean {
  return topicName === metadataTopic && partitions.some(({ partitionIndex }) => partitionIndex === 0)
}

const noQuorum = {
  errorCode: errorCode.unknownTopicOrPartition,
  errorMessage: errorOf(errorCode.unknownTopicOrPartition).message,
  leaderId: 0,
  leaderEpoch: 0,
  highWatermark: 0,
  currentVoters: [],
  observers: [],
}

function quorum({ node, nowMs }: HandlerContext) {
  const logEndOffset = node.image.offset + 1
  const voter = {
    replicaId: node.nodeId,
    replicaDirectoryId: node.directoryId,
    logEndOffset,
    lastFetchTimestamp: nowMs,
    lastCaughtUpTimestamp: nowMs,
  }
  return {
    partitionIndex: 0,
    errorCode: errorCode.none,
    errorMessage: '',
    leaderId: node.controller.nodeId,
    leaderEpoch: 0,
    highWatermark: logEndOffset,
    currentVoters: [voter],
    observers: [],
  }
}
