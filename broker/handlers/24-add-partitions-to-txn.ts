/*
 * AddPartitionsToTxn v0-5. Up to v3 a client adds partitions to its transaction, all or none; from v4 on a broker
 * does, for several transactions at once, or asks whether they were added (KIP-890).
 */
import type { BrokerNode } from '../cluster/node.ts'
import type { TransactionCoordinator } from '../coordinator/transaction/transaction-coordinator.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { Decoded, Encodable } from '../protocol/fields.ts'
import type {
  addPartitionsToTxnRequest,
  addPartitionsToTxnResponse,
} from '../protocol/schemas/24-add-partitions-to-txn.ts'
import type { Handler, HandlerContext } from './handler.ts'
import { fencedError } from './transaction-error.ts'

type Transaction = Decoded<typeof addPartitionsToTxnRequest>['transactions'][number]
type TopicResult = NonNullable<
  Encodable<typeof addPartitionsToTxnResponse>['resultsByTopicV3AndBelow']
>[number]

const firstVersionOfBrokers = 4
/** Who sends this version adds partitions that a client of transaction version 2 has just written to. */
const firstVersionWithEpochBump = 5
const epochBumpVersion = 2

export const addPartitionsToTxn: Handler<
  typeof addPartitionsToTxnRequest,
  typeof addPartitionsToTxnResponse
> = async (context, request) => {
  if (context.apiVersion >= firstVersionOfBrokers) {
    const resultsByTransaction = await Promise.all(
      request.transactions.map(async (transaction) => ({
        transactionalId: transaction.transactionalId,
        topicResults: await addOne(context, transaction),
      })),
    )
    return { throttleTimeMs: 0, errorCode: errorCode.none, resultsByTransaction }
  }
  const results = await addOne(context, {
    transactionalId: request.v3AndBelowTransactionalId,
    producerId: request.v3AndBelowProducerId,
    producerEpoch: request.v3AndBelowProducerEpoch,
    verifyOnly: false,
    topics: request.v3AndBelowTopics,
  })
  return { throttleTimeMs: 0, resultsByTopicV3AndBelow: results }
}

async function addOne(context: HandlerContext, transaction: Transaction): Promise<TopicResult[]> {
  const { node, transactions } = context
  const { topics, producerId, producerEpoch, transactionalId } = transaction
  const unknown = topics.some(({ name, partitions }) =>
    partitions.some((index) => !exists(node, name, index)),
  )
  if (unknown) {
    return resultsOf(topics, (name, index) =>
      exists(node, name, index) ? errorCode.operationNotAttempted : errorCode.unknownTopicOrPartition,
    )
  }
  if (transaction.verifyOnly) return verify(transactions, transaction)
  const code = await transactions.addPartitions(transactionalId, {
    producerId,
    producerEpoch,
    partitions: new Map(topics.map(({ name, partitions }) => [name, new Set(partitions)])),
    clientVersion: context.apiVersion >= firstVersionWithEpochBump ? epochBumpVersion : 0,
  })
  const error = fencedError(context, code)
  return resultsOf(topics, () => error)
}

function verify(transactions: TransactionCoordinator, transaction: Transaction): TopicResult[] {
  const { transactionalId, topics } = transaction
  return resultsOf(topics, (name, index) =>
    transactions.verifyPartition(transactionalId, transaction, name, index),
  )
}

function exists(node: BrokerNode, topic: string, index: number): boolean {
  return node.image.topic(topic)?.partitions[index] !== undefined
}

function resultsOf(
  topics: Transaction['topics'],
  codeOf: (topic: string, index: number) => number,
): TopicResult[] {
  return topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => ({
      partitionIndex,
      partitionErrorCode: codeOf(name, partitionIndex),
    })),
  }))
}
