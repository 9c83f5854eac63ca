import { fenceAndAbort } from './end-transaction.ts'
import {
  isEpochExhausted,
  nextEpoch,
  noPartitions,
  noProducerEpoch,
  noProducerId,
  noStartMs,
  refused,
  type Step,
  type Transaction,
  transition,
} from './transaction.ts'

export type ProducerIdentity = { readonly producerId: number; readonly producerEpoch: number }

export type InitProducerId = {
  readonly transactionalId: string
  readonly timeoutMs: number
  /** What the producer has and wants to go on with (KIP-360); undefined for one that starts. */
  readonly expected: ProducerIdentity | undefined
}

/**
 * A producer starts, or goes on after an error: it gets an epoch that fences whoever had the transactional id
 * before. An open transaction is aborted first, and the client told to come again.
 */
export function initProducerId(
  known: Transaction | undefined,
  request: InitProducerId,
  newProducerId: () => number,
  nowMs: number,
): Step {
  const transaction = known ?? newTransaction(request, newProducerId(), nowMs)
  const { expected } = request
  if (expected && !isValidProducerId(transaction, expected)) return refused('producerFenced')
  switch (transaction.state) {
    case 'PrepareCommit':
    case 'PrepareAbort':
      return refused('concurrentTransactions')
    case 'Ongoing':
      return fenceAndAbort(transaction, nowMs)
    case 'Empty':
    case 'CompleteCommit':
    case 'CompleteAbort':
      return nextIdentity(transaction, request, newProducerId, nowMs)
  }
}

function newTransaction({ transactionalId, timeoutMs }: InitProducerId, producerId: number, nowMs: number) {
  return {
    transactionalId,
    producerId,
    previousProducerId: noProducerId,
    nextProducerId: noProducerId,
    producerEpoch: noProducerEpoch,
    lastProducerEpoch: noProducerEpoch,
    timeoutMs,
    state: 'Empty',
    partitions: noPartitions,
    startMs: noStartMs,
    lastUpdateMs: nowMs,
    clientVersion: 0,
  } satisfies Transaction
}

/** The epoch is looked at later; an id of before a rollover is right only with the epoch that led to it. */
function isValidProducerId(transaction: Transaction, expected: ProducerIdentity): boolean {
  if (transaction.producerEpoch === noProducerEpoch) return true
  if (expected.producerId === transaction.producerId) return true
  return expected.producerId === transaction.previousProducerId && isEpochExhausted(expected.producerEpoch)
}

function nextIdentity(
  transaction: Transaction,
  { expected, timeoutMs }: InitProducerId,
  newProducerId: () => number,
  nowMs: number,
): Step {
  const { producerEpoch } = transaction
  const isCurrent = expected === undefined || expected.producerEpoch === producerEpoch
  const fresh = {
    state: 'Empty',
    timeoutMs,
    partitions: noPartitions,
    startMs: noStartMs,
    lastUpdateMs: nowMs,
  } as const
  if (isEpochExhausted(producerEpoch) && isCurrent) {
    const lastProducerEpoch = expected ? producerEpoch : noProducerEpoch
    const changes = { ...fresh, producerId: newProducerId(), producerEpoch: 0, lastProducerEpoch }
    return { kind: 'next', next: transition(transaction, changes) }
  }
  // A new producer forgets the last epoch, so that the old one's retries are fenced.
  if (expected === undefined || isCurrent || producerEpoch === noProducerEpoch) {
    const lastProducerEpoch = expected ? producerEpoch : noProducerEpoch
    const changes = { ...fresh, producerEpoch: nextEpoch(producerEpoch), lastProducerEpoch }
    return { kind: 'next', next: transition(transaction, changes) }
  }
  const isRetry = expected.producerEpoch === transaction.lastProducerEpoch
  return isRetry ? { kind: 'next', next: transition(transaction, fresh) } : refused('producerFenced')
}
