/*
 * Produce v3-13 (advertised from v0, or librdkafka drops compression). Transactional batches make their partition
 * part of the transaction (v12+), or must find it so. One in-sync replica means that what is appended is
 * committed, so every acks is answered at once.
 */
import type { Partition } from '../cluster/partition.ts'
import { errorCode, errorOf } from '../protocol/error-codes.ts'
import type { Decoded, Encodable } from '../protocol/fields.ts'
import type { produceRequest, produceResponse } from '../protocol/schemas/00-produce.ts'
import { batchFaultAt, RecordBatch } from '../records/record-batch.ts'
import { codeOfName } from './error-by-name.ts'
import { type Answer, CloseConnectionError, type Handler, type HandlerContext } from './handler.ts'
import { missingPartitionError, nodeEndpoints, tellsLeader } from './leadership.ts'
import { isTransactional, joinProduced, type PartitionRecords } from './produce-transaction.ts'

type Request = Decoded<typeof produceRequest>
type Topic = Request['topicData'][number]
type Response = Encodable<typeof produceResponse>
type PartitionResponse = Response['responses'][number]['partitionResponses'][number]

const firstVersionWithTopicIds = 13
const firstVersionWithZstd = 7
const acksAll = -1

export const produce: Handler<typeof produceRequest, typeof produceResponse> = (context, request) => {
  const refusals = joinProduced(context, request.transactionalId, transactionalBatches(context, request))
  return refusals instanceof Promise
    ? refusals.then((each) => appendAll(context, request, each))
    : appendAll(context, request, refusals)
}

/** What the request has of transactions for partitions of this node. */
function transactionalBatches(context: HandlerContext, { topicData }: Request): readonly PartitionRecords[] {
  const found: PartitionRecords[] = []
  for (const topic of topicData) {
    for (const { index, records } of topic.partitionData) {
      if (records === null || !isTransactional(records)) continue
      const partition = partitionOf(context, topic, index)
      if (partition) found.push({ partition, records })
    }
  }
  return found
}

function partitionOf({ node, apiVersion }: HandlerContext, topic: Topic, index: number) {
  return apiVersion >= firstVersionWithTopicIds
    ? node.partitionById(topic.topicId, index)
    : node.partition(topic.name, index)
}

function appendAll(
  context: HandlerContext,
  request: Request,
  refusals: ReadonlyMap<Partition, number>,
): Answer<typeof produceResponse> {
  const { acks } = request
  const leaders = new Set<number>()
  let failed: PartitionResponse | undefined
  const topics = request.topicData.filter(({ partitionData }) => partitionData.length > 0)
  const responses = topics.map((topic) => ({
    name: topic.name,
    topicId: topic.topicId,
    partitionResponses: topic.partitionData.map(({ index, records }) => {
      const response = appendOne(context, { acks, refusals }, topic, index, records)
      if (response.errorCode !== errorCode.none) failed = response
      if (response.currentLeader) leaders.add(response.currentLeader.leaderId ?? -1)
      return response
    }),
  }))
  if (acks === 0) {
    // Without an answer, a closed connection is the only way to make the client look at its metadata again.
    if (failed) throw new CloseConnectionError(`a produce with acks=0 failed: ${failed.errorMessage}`)
    return undefined
  }
  return leaders.size === 0 ? { responses } : { responses, nodeEndpoints: nodeEndpoints(context, leaders) }
}

function refusal(index: number, code: number, message?: string): PartitionResponse {
  return { index, errorCode: code, baseOffset: -1, errorMessage: message ?? errorOf(code).message }
}

function appendOne(
  context: HandlerContext,
  { acks, refusals }: { readonly acks: number; readonly refusals: ReadonlyMap<Partition, number> },
  topic: Topic,
  index: number,
  records: Buffer | null,
): PartitionResponse {
  if (acks < -1 || acks > 1) return refusal(index, errorCode.invalidRequiredAcks)
  const { node } = context
  const partition = partitionOf(context, topic, index)
  if (!partition) {
    const byId = context.apiVersion >= firstVersionWithTopicIds
    const reference = byId ? { topicId: topic.topicId } : { name: topic.name }
    return refusal(index, missingPartitionError(node, reference, index))
  }
  if (!partition.isLeader) return notLeader(index, partition)
  const fault = recordsFault(records, context.apiVersion)
  if (fault) return refusal(index, fault.code, fault.message)
  if (node.image.topic(partition.topic)?.isInternal) {
    return refusal(
      index,
      errorCode.invalidTopicException,
      `Cannot append to internal topic ${partition.topic}.`,
    )
  }
  if (acks === acksAll) {
    const required = node.topicConfig(partition.topic)['min.insync.replicas']
    if (partition.isr.length < required) {
      const message = `${partition.isr.length} replica is in sync, min.insync.replicas asks for ${required}.`
      return refusal(index, errorCode.notEnoughReplicas, message)
    }
  }
  const code = refusals.get(partition)
  return code === undefined ? append(partition, records!) : refusal(index, code)
}

function append(partition: Partition, records: Buffer): PartitionResponse {
  const result = partition.append(records, 'client')
  const { index, logStartOffset } = partition
  if (result.ok) {
    const { firstOffset, logAppendTimeMs } = result
    return { index, errorCode: errorCode.none, baseOffset: firstOffset, logAppendTimeMs, logStartOffset }
  }
  const response = refusal(index, codeOfName(result.error), result.message)
  if (result.error === 'KAFKA_STORAGE_ERROR' || result.recordErrors.length === 0) return response
  const recordErrors = result.recordErrors.map(({ batchIndex, message }) => ({
    batchIndex,
    batchIndexErrorMessage: message,
  }))
  return { ...response, logStartOffset, recordErrors }
}

/** KIP-951: the leader comes with the error. */
function notLeader(index: number, partition: Partition): PartitionResponse {
  const response = refusal(index, errorCode.notLeaderOrFollower)
  if (!tellsLeader(response.errorCode)) return response
  return { ...response, currentLeader: { leaderId: partition.leader, leaderEpoch: partition.leaderEpoch } }
}

/** What depends on the request; the log checks the batch itself, and whether it is one and whole. */
function recordsFault(
  records: Buffer | null,
  apiVersion: number,
): { code: number; message: string } | undefined {
  if (records === null) {
    return {
      code: errorCode.invalidRecord,
      message: 'A produce request carries exactly one record batch a partition.',
    }
  }
  if (apiVersion >= firstVersionWithZstd || batchFaultAt(records, 0)) return undefined
  if (new RecordBatch(records).compression === 'zstd') {
    const message = `zstd needs Produce version ${firstVersionWithZstd}, this is ${apiVersion}.`
    return { code: errorCode.unsupportedCompressionType, message }
  }
  return undefined
}
