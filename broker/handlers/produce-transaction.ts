import type { Partition } from '../cluster/partition.ts'
import { errorCode } from '../protocol/error-codes.ts'
import { batchFaultAt, RecordBatch } from '../records/record-batch.ts'
import type { HandlerContext } from './handler.ts'
import { joinTransaction, type TransactionSupport } from './transaction-verification.ts'

const firstVersionThatAddsPartitions = 12
const firstVersionThatKnowsAbortable = 11

/** What a produce request wants to write to one partition. */
export type PartitionRecords = { readonly partition: Partition; readonly records: Buffer }

const noErrors: ReadonlyMap<Partition, number> = new Map()

/** Error codes of partitions that the request's transaction may not write to; at once where nothing must wait. */
export function joinProduced(
  context: HandlerContext,
  transactionalId: string | null,
  produced: readonly PartitionRecords[],
): ReadonlyMap<Partition, number> | Promise<ReadonlyMap<Partition, number>> {
  const batches = produced.filter(({ records }) => isTransactional(records))
  const first = batches[0]
  if (!first) return noErrors
  const { producerId, producerEpoch } = new RecordBatch(first.records)
  const partitions = batches.map(({ partition }) => partition)
  if (batches.some(({ records }) => new RecordBatch(records).producerId !== producerId)) {
    return new Map(partitions.map((partition) => [partition, errorCode.invalidProducerIdMapping]))
  }
  const support = supportOf(context.apiVersion)
  const isVerified = context.node.config['transaction.partition.verification.enable']
  if (!isVerified && support !== 'addsPartitions') return noErrors
  if (transactionalId === null) return outsideTransaction(partitions, producerId, producerEpoch)
  const identity = { producerId, producerEpoch }
  const codes = joinTransaction(context.transactions, transactionalId, identity, partitions, support)
  return codes instanceof Promise ? codes.then((each) => retriable(each, support)) : retriable(codes, support)
}

function isTransactional(records: Buffer): boolean {
  if (batchFaultAt(records, 0)) return false
  const batch = new RecordBatch(records)
  return batch.isTransactional && batch.hasProducerId
}

function supportOf(apiVersion: number): TransactionSupport {
  if (apiVersion >= firstVersionThatAddsPartitions) return 'addsPartitions'
  return apiVersion >= firstVersionThatKnowsAbortable ? 'knowsAbortable' : 'basic'
}

/** Transactional records of a request that names no transaction belong to one that is open, or to none. */
function outsideTransaction(partitions: readonly Partition[], producerId: number, producerEpoch: number) {
  const outside = partitions.filter((partition) => !partition.hasOpenTransaction(producerId, producerEpoch))
  return new Map(outside.map((partition) => [partition, errorCode.invalidTxnState]))
}

/** NOT_ENOUGH_REPLICAS makes every producer try again; of the coordinator's own errors older ones know nothing. */
function retriable(codes: ReadonlyMap<Partition, number>, support: TransactionSupport) {
  const told = new Map<Partition, number>()
  for (const [partition, code] of codes) {
    const isCoordinators =
      code === errorCode.coordinatorLoadInProgress ||
      code === errorCode.coordinatorNotAvailable ||
      code === errorCode.notCoordinator
    const isConcurrent = code === errorCode.concurrentTransactions && support !== 'addsPartitions'
    told.set(partition, isCoordinators || isConcurrent ? errorCode.notEnoughReplicas : code)
  }
  return told
}
