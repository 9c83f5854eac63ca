import {
  type ErrorName,
  hasAll,
  isPrepared,
  refused,
  type Step,
  type TopicPartitions,
  type Transaction,
  transition,
  union,
} from './transaction.ts'

export type AddPartitions = {
  readonly producerId: number
  readonly producerEpoch: number
  readonly partitions: TopicPartitions
  /** 2 when the broker adds a partition that a client has just produced to, 0 when the client says so. */
  readonly clientVersion: number
}

/** Makes partitions part of the transaction, which begins with the first of them. */
export function addPartitions(
  transaction: Transaction | undefined,
  request: AddPartitions,
  nowMs: number,
): Step {
  const error = identityError(transaction, request)
  if (!transaction || error) return refused(error ?? 'invalidProducerIdMapping')
  const isOngoing = transaction.state === 'Ongoing'
  if (isOngoing && hasAll(transaction.partitions, request.partitions)) return refused('none')
  const changes = {
    state: 'Ongoing',
    partitions: union(transaction.partitions, request.partitions),
    startMs: isOngoing ? transaction.startMs : nowMs,
    lastUpdateMs: nowMs,
    clientVersion: request.clientVersion,
  } as const
  return { kind: 'next', next: transition(transaction, changes) }
}

/** Whether the producer may write to a partition that its client has added before (KIP-890, version 1). */
export function verifyPartition(
  transaction: Transaction | undefined,
  request: Pick<AddPartitions, 'producerId' | 'producerEpoch'>,
  topic: string,
  partition: number,
): ErrorName {
  const error = identityError(transaction, request)
  if (!transaction || error) return error ?? 'invalidProducerIdMapping'
  return transaction.partitions.get(topic)?.has(partition) ? 'none' : 'transactionAbortable'
}

function identityError(
  transaction: Transaction | undefined,
  { producerId, producerEpoch }: Pick<AddPartitions, 'producerId' | 'producerEpoch'>,
): ErrorName | undefined {
  if (transaction?.producerId !== producerId) return 'invalidProducerIdMapping'
  if (transaction.producerEpoch !== producerEpoch) return 'producerFenced'
  return isPrepared(transaction.state) ? 'concurrentTransactions' : undefined
}
