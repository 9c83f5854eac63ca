import type { Partition } from '../cluster/partition.ts'
import { errorCode } from '../protocol/error-codes.ts'
import { batchFaultAt, mayBeTransactional, RecordBatch } from '../records/record-batch.ts'
import type { HandlerContext } from './handler.ts'
import { joinTransaction, type TransactionSupport } from './transaction-verification.ts'

const firstVersionThatAddsPartitions = 12
const firstVersionThatKnowsAbortable = 11

/** What a transaction wants to write to one partition. */
export type PartitionRecords = { readonly partition: Partition; readonly records: Buffer }

const noErrors: ReadonlyMap<Partition, number> = new Map()

/** Error codes of partitions that the transaction may not write `batches` to; at once where nothing must wait. */
export function joinProduced(
  context: HandlerContext,
  transactionalId: string | null,
  batches: readonly PartitionRecords[],
): ReadonlyMap<Partition, number> | Promise<ReadonlyMap<Partition, number>> {
  const first = batches[0]
  if (!first) return noErrors
  const { producerId, producerEpoch } = new RecordBatch(first.records)
  const partitions = batches.map(({ partition }) => partition)
  if (batches.some(({ records }) => new RecordBatch(records).producerId !== producerId)) {
    return errorFor(partitions, errorCode.invalidProducerIdMapping)
  }
  // Who may use no transactional id may not use its absence either.
  if (transactionalId === null) return errorFor(partitions, errorCode.transactionalIdAuthorizationFailed)
  const support = supportOf(context.apiVersion)
  const isVerified = context.node.config['transaction.partition.verification.enable']
  if (!isVerified && support !== 'addsPartitions') return noErrors
  const identity = { producerId, producerEpoch }
  const codes = joinTransaction(context.transactions, transactionalId, identity, partitions, support)
  const finish = (each: ReadonlyMap<Partition, number>) => {
    const refused = retriable(each, support)
    return support === 'addsPartitions' ? withLateStarts(batches, refused) : refused
  }
  return codes instanceof Promise ? codes.then(finish) : finish(codes)
}

/** Whether the records are a batch of a transaction; what is no batch is none. */
export function isTransactional(records: Buffer): boolean {
  if (!mayBeTransactional(records) || batchFaultAt(records, 0)) return false
  return new RecordBatch(records).hasProducerId
}

function supportOf(apiVersion: number): TransactionSupport {
  if (apiVersion >= firstVersionThatAddsPartitions) return 'addsPartitions'
  return apiVersion >= firstVersionThatKnowsAbortable ? 'knowsAbortable' : 'basic'
}

function errorFor(partitions: readonly Partition[], code: number): Map<Partition, number> {
  return new Map(partitions.map((partition) => [partition, code]))
}

/** A producer of transaction version 2 that a partition does not know starts with sequence 0, or batches are missing. */
function withLateStarts(batches: readonly PartitionRecords[], refused: ReadonlyMap<Partition, number>) {
  const all = new Map(refused)
  for (const { partition, records } of batches) {
    const { producerId, baseSequence } = new RecordBatch(records)
    // Whom an offline partition knows nobody can say: the append will tell what is wrong with it.
    const isKnown = partition.state.status === 'offline' || partition.activeProducer(producerId)
    if (all.has(partition) || baseSequence === 0 || isKnown) continue
    all.set(partition, errorCode.outOfOrderSequenceNumber)
  }
  return all
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
