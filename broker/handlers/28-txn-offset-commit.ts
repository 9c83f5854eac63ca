/*
 * TxnOffsetCommit v0-5. From v5 on (transaction version 2, KIP-890) the commit itself makes the group's partition
 * of `__consumer_offsets` part of the transaction; before, AddOffsetsToTxn must have.
 */
import { offsetsTopic } from '../cluster/internal-topics.ts'
import type { OffsetCommitResult } from '../coordinator/group/offsets/commit.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { Decoded, Encodable } from '../protocol/fields.ts'
import type {
  txnOffsetCommitRequest,
  txnOffsetCommitResponse,
} from '../protocol/schemas/28-txn-offset-commit.ts'
import type { Handler, HandlerContext } from './handler.ts'
import { joinTransaction, type TransactionSupport } from './transaction-verification.ts'

type Request = Decoded<typeof txnOffsetCommitRequest>
type Response = Encodable<typeof txnOffsetCommitResponse>

const firstVersionThatRetriesLoading = 2

export const txnOffsetCommit: Handler<typeof txnOffsetCommitRequest, typeof txnOffsetCommitResponse> = async (
  context,
  request,
) => {
  const { image } = context.node
  const topics = request.topics.map(({ name, partitions }) => {
    const count = image.topic(name)?.partitions.length ?? 0
    const known = partitions.filter(({ partitionIndex }) => partitionIndex >= 0 && partitionIndex < count)
    return { topic: name, partitions: known }
  })
  const isEmpty = topics.every(({ partitions }) => partitions.length === 0)
  if (isEmpty) return answer(context, request, undefined)
  return answer(context, request, await commit(context, request, topics))
}

async function commit(
  context: HandlerContext,
  request: Request,
  topics: { readonly topic: string; readonly partitions: Request['topics'][number]['partitions'] }[],
): Promise<OffsetCommitResult> {
  const { groupId } = request
  if (groupId === '') return { errorCode: errorCode.invalidGroupId, topics: [] }
  const { node, coordinator } = context
  const partition = node.partition(offsetsTopic, coordinator.partitionFor(groupId))
  if (!partition) return { errorCode: errorCode.coordinatorNotAvailable, topics: [] }
  const codes = await joinTransaction(
    context.transactions,
    request.transactionalId,
    request,
    [partition],
    supportOf(context.apiVersion),
  )
  const code = codes.get(partition) ?? errorCode.none
  if (code !== errorCode.none) return { errorCode: code, topics: [] }
  return coordinator.commitTransactionalOffsets({ ...request, topics })
}

function supportOf(apiVersion: number): TransactionSupport {
  if (apiVersion >= 5) return 'addsPartitions'
  return apiVersion >= 4 ? 'knowsAbortable' : 'basic'
}

function answer(
  { apiVersion }: HandlerContext,
  request: Request,
  result: OffsetCommitResult | undefined,
): Response {
  const failed = result && result.errorCode !== errorCode.none ? result.errorCode : undefined
  const isTooNew =
    failed === errorCode.coordinatorLoadInProgress && apiVersion < firstVersionThatRetriesLoading
  const error = isTooNew ? errorCode.coordinatorNotAvailable : failed
  return {
    throttleTimeMs: 0,
    topics: request.topics.flatMap(({ name, partitions }, position) => {
      if (partitions.length === 0) return []
      const codes = new Map(
        result?.topics[position]?.partitions.map(({ partitionIndex, errorCode: code }) => [
          partitionIndex,
          code,
        ]),
      )
      return {
        name,
        partitions: partitions.map(({ partitionIndex }) => ({
          partitionIndex,
          errorCode: error ?? codes.get(partitionIndex) ?? errorCode.unknownTopicOrPartition,
        })),
      }
    }),
  }
}
