/* Metadata v0-13. Creates the topics it is asked for where auto.create.topics.enable allows it, as Kafka does. */

import type { PartitionImage, TopicImage } from '../cluster/metadata-image.ts'
import type { BrokerNode } from '../cluster/node.ts'
import { topicNameFault } from '../cluster/topic-name.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { Decoded, Encodable } from '../protocol/fields.ts'
import { zeroUuid } from '../protocol/reader.ts'
import type { metadataRequest, metadataResponse } from '../protocol/schemas/03-metadata.ts'
import { clusterOperations, notAsked, topicOperations } from './authorized-operations.ts'
import type { BootstrapContext, BootstrapHandler } from './handler.ts'

type Request = Decoded<typeof metadataRequest>
type TopicRequest = NonNullable<Request['topics']>[number]
type TopicResponse = Encodable<typeof metadataResponse>['topics'][number]

const firstVersionWithNullForAll = 1
const firstVersionWithTopicIds = 12

export const metadata: BootstrapHandler<typeof metadataRequest, typeof metadataResponse> = (
  context,
  request,
) => {
  const { node, connection } = context
  const fault = faultOf(context, request)
  if (fault !== errorCode.none) return refusedWhole(request, fault)
  return {
    topics: describeTopics(context, request),
    brokers: node.image.brokers().map((broker) => ({
      nodeId: broker.nodeId,
      rack: broker.rack,
      ...connection.advertised(broker),
    })),
    clusterId: node.image.clusterId,
    controllerId: node.controller.nodeId,
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? clusterOperations : notAsked,
    throttleTimeMs: 0,
  }
}

/** v10 and v11 have the ids, but Kafka does not answer them (KIP-516); later a topic has a name or an id. */
function faultOf({ apiVersion }: BootstrapContext, { topics }: Request): number {
  for (const { name, topicId } of topics ?? []) {
    if (apiVersion < firstVersionWithTopicIds) {
      if (name === null || topicId !== zeroUuid) return errorCode.invalidRequest
    } else if (name === null && topicId === zeroUuid) return errorCode.unknownServerError
  }
  return errorCode.none
}

/** Kafka tells nothing of the cluster where it refuses the request. */
function refusedWhole({ topics }: Request, code: number): Encodable<typeof metadataResponse> {
  return {
    topics: topics!.map(({ name, topicId }) => ({
      errorCode: code,
      name: name ?? '',
      topicId,
      partitions: [],
    })),
    brokers: [],
    clusterId: null,
    controllerId: -1,
    throttleTimeMs: 0,
    errorCode: code,
  }
}

function describeTopics(context: BootstrapContext, request: Request): TopicResponse[] {
  const { node } = context
  const operations = request.includeTopicAuthorizedOperations ? topicOperations : notAsked
  const asksAll =
    request.topics === null ||
    (context.apiVersion < firstVersionWithNullForAll && request.topics.length === 0)
  if (asksAll) return node.image.topics().map((topic) => describeTopic(node, topic, operations))
  return request.topics!.map((asked) => describeAsked(context, request, asked, operations))
}

function describeAsked(
  { node, mutationQuota }: BootstrapContext,
  request: Request,
  asked: TopicRequest,
  operations: number,
): TopicResponse {
  const { name, topicId } = asked
  const unknown = (code: number): TopicResponse => ({ errorCode: code, name, topicId, partitions: [] })
  if (name === null || topicId !== zeroUuid) {
    const topic = node.image.topicById(topicId)
    return topic
      ? describeTopic(node, topic, operations)
      : { ...unknown(errorCode.unknownTopicId), name: null }
  }
  const known = node.image.topic(name)
  if (known) return describeTopic(node, known, operations)
  if (topicNameFault(name)) return unknown(errorCode.invalidTopicException)
  if (!request.allowAutoTopicCreation || !node.config['auto.create.topics.enable']) {
    return unknown(errorCode.unknownTopicOrPartition)
  }
  const quota = mutationQuota(true)
  const { errorCode: code } = node.createTopicByName(name, (count) => quota.take(count))
  // Nobody asked for the topic in so many words, so nobody is told to wait: the client asks again by itself.
  if (code === errorCode.throttlingQuotaExceeded) return unknown(errorCode.unknownTopicOrPartition)
  const created = node.image.topic(name)
  return created ? describeTopic(node, created, operations) : unknown(code)
}

function describeTopic(node: BrokerNode, topic: TopicImage, operations: number): TopicResponse {
  return {
    errorCode: errorCode.none,
    name: topic.name,
    topicId: topic.topicId,
    isInternal: topic.isInternal,
    partitions: topic.partitions.map((partition) => describePartition(node, topic, partition)),
    topicAuthorizedOperations: operations,
  }
}

function describePartition(node: BrokerNode, topic: TopicImage, partition: PartitionImage) {
  const { leader, leaderEpoch, replicas, isr } = partition
  return {
    errorCode: leader === -1 ? errorCode.leaderNotAvailable : errorCode.none,
    partitionIndex: partition.partition,
    leaderId: leader,
    leaderEpoch,
    replicaNodes: replicas,
    isrNodes: isr,
    offlineReplicas: offlineReplicas(node, topic, partition),
  }
}

/** Replicas on this node whose disk failed, and replicas on nodes that are not registered. */
export function offlineReplicas(node: BrokerNode, topic: TopicImage, partition: PartitionImage): number[] {
  const isOffline = (nodeId: number) =>
    nodeId === node.nodeId
      ? node.partition(topic.name, partition.partition)?.state.status === 'offline'
      : !node.image.brokers().some((broker) => broker.nodeId === nodeId)
  return partition.replicas.filter(isOffline)
}
