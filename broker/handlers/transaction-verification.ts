import type { Partition } from '../cluster/partition.ts'
import type { ProducerIdentity } from '../coordinator/transaction/init-producer-id.ts'
import type { TransactionCoordinator } from '../coordinator/transaction/transaction-coordinator.ts'
import { errorCode } from '../protocol/error-codes.ts'

/**
 * What the client of a transactional request can do (KIP-890): `addsPartitions`: its writes make partitions part
 * of the transaction; `knowsAbortable`: it knows TRANSACTION_ABORTABLE; `basic`: neither.
 */
export type TransactionSupport = 'basic' | 'knowsAbortable' | 'addsPartitions'

const epochBumpVersion = 2

/**
 * Makes sure that partitions are part of the producer's transaction before it writes to them: a client of
 * transaction version 2 adds them by writing, others must have added them. Error codes of those that may not be
 * written to. A partition on which the transaction is open already needs no look at the coordinator.
 */
export function joinTransaction(
  transactions: TransactionCoordinator,
  transactionalId: string,
  identity: ProducerIdentity,
  partitions: readonly Partition[],
  support: TransactionSupport,
): ReadonlyMap<Partition, number> | Promise<ReadonlyMap<Partition, number>> {
  const { producerId, producerEpoch } = identity
  const unproven = partitions.filter((partition) => !hasOpenTransaction(partition, identity))
  if (unproven.length === 0) return new Map()
  if (support !== 'addsPartitions') {
    return errorsOf(unproven, support, ({ topic, index }) =>
      transactions.verifyPartition(transactionalId, identity, topic, index),
    )
  }
  const added = new Map<string, Set<number>>()
  for (const { topic, index } of unproven) added.set(topic, (added.get(topic) ?? new Set()).add(index))
  const request = { producerId, producerEpoch, partitions: added, clientVersion: epochBumpVersion }
  const code = transactions.addPartitions(transactionalId, request)
  return code instanceof Promise
    ? code.then((each) => errorsOf(unproven, support, () => each))
    : errorsOf(unproven, support, () => code)
}

/** Whether this producer has written to the partition in a transaction that is still open. */
export function hasOpenTransaction(
  partition: Partition,
  { producerId, producerEpoch }: ProducerIdentity,
): boolean {
  const producer = partition.activeProducer(producerId)
  return producer?.producerEpoch === producerEpoch && producer.currentTransactionStartOffset >= 0
}

function errorsOf(
  partitions: readonly Partition[],
  support: TransactionSupport,
  codeOf: (partition: Partition) => number,
): ReadonlyMap<Partition, number> {
  const errors = new Map<Partition, number>()
  for (const partition of partitions) {
    const code = toldTo(support, codeOf(partition))
    if (code !== errorCode.none) errors.set(partition, code)
  }
  return errors
}

/** Clients that write know no PRODUCER_FENCED, and old ones no TRANSACTION_ABORTABLE. */
function toldTo(support: TransactionSupport, code: number): number {
  if (code === errorCode.producerFenced) return errorCode.invalidProducerEpoch
  return code === errorCode.transactionAbortable && support === 'basic' ? errorCode.invalidTxnState : code
}
