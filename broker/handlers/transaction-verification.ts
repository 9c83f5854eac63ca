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
  const fenced = partitions.filter((partition) => isFenced(partition, identity))
  const unproven = partitions.filter(
    (partition) => !fenced.includes(partition) && !hasOpenTransaction(partition, identity),
  )
  const errors = new Map(fenced.map((partition) => [partition, errorCode.invalidProducerEpoch]))
  if (unproven.length === 0) return errors
  if (support !== 'addsPartitions') {
    const verify = ({ topic, index }: Partition) =>
      transactions.verifyPartition(transactionalId, identity, topic, index)
    return withErrors(errors, unproven, support, verify)
  }
  const added = new Map<string, Set<number>>()
  for (const { topic, index } of unproven) added.set(topic, (added.get(topic) ?? new Set()).add(index))
  const request = { producerId, producerEpoch, partitions: added, clientVersion: epochBumpVersion }
  const code = transactions.addPartitions(transactionalId, request)
  return code instanceof Promise
    ? code.then((each) => withErrors(errors, unproven, support, () => each))
    : withErrors(errors, unproven, support, () => code)
}

/** The partition has seen a newer epoch of this producer: no need to ask the coordinator. */
function isFenced(partition: Partition, { producerId, producerEpoch }: ProducerIdentity): boolean {
  const producer = partition.activeProducer(producerId)
  return producer !== undefined && producer.producerEpoch > producerEpoch
}

/** Whether this producer has written to the partition in a transaction that is still open. */
function hasOpenTransaction(partition: Partition, { producerId, producerEpoch }: ProducerIdentity): boolean {
  const producer = partition.activeProducer(producerId)
  return producer?.producerEpoch === producerEpoch && producer.currentTransactionStartOffset >= 0
}

function withErrors(
  errors: Map<Partition, number>,
  partitions: readonly Partition[],
  support: TransactionSupport,
  codeOf: (partition: Partition) => number,
): ReadonlyMap<Partition, number> {
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
