import type { BrokerNode } from '../cluster/node.ts'
import type { Partition } from '../cluster/partition.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { HandlerContext } from './handler.ts'

const noLeaderEpoch = -1

/**
 * Whether this replica may answer for its partition: 0, or NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH,
 * UNKNOWN_LEADER_EPOCH (KIP-320; -1: the client knows no epoch), KAFKA_STORAGE_ERROR.
 */
export function leadershipError(partition: Partition, currentLeaderEpoch: number): number {
  if (partition.state.status === 'offline') return errorCode.kafkaStorageError
  if (!partition.isLeader) return errorCode.notLeaderOrFollower
  if (currentLeaderEpoch === noLeaderEpoch || currentLeaderEpoch === partition.leaderEpoch)
    return errorCode.none
  return currentLeaderEpoch < partition.leaderEpoch
    ? errorCode.fencedLeaderEpoch
    : errorCode.unknownLeaderEpoch
}

/** The errors that carry the current leader with them, so that clients need not ask Metadata (KIP-951). */
export function tellsLeader(code: number): boolean {
  return code === errorCode.notLeaderOrFollower || code === errorCode.fencedLeaderEpoch
}

/** Endpoints of the nodes with these ids, as this connection is to reach them. */
export function nodeEndpoints(context: HandlerContext, nodeIds: ReadonlySet<number>) {
  return context.node.image
    .brokers()
    .filter(({ nodeId }) => nodeIds.has(nodeId))
    .map((broker) => ({ nodeId: broker.nodeId, rack: broker.rack, ...context.connection.advertised(broker) }))
}

/** Why there is no replica to ask: the topic is unknown by name or id, or it lives on another node. */
export function missingPartitionError(
  node: BrokerNode,
  topic: { readonly name: string } | { readonly topicId: string },
  index: number,
): number {
  const named = 'name' in topic
  const image = named ? node.image.topic(topic.name) : node.image.topicById(topic.topicId)
  if (!image) return named ? errorCode.unknownTopicOrPartition : errorCode.unknownTopicId
  return image.partitions[index] ? errorCode.notLeaderOrFollower : errorCode.unknownTopicOrPartition
}
