import {
  epochBumpVersion,
  isEpochExhausted,
  isPrepared,
  lastClientEpoch,
  nextEpoch,
  noPartitions,
  noProducerId,
  refused,
  type Step,
  type Transaction,
  transition,
} from './transaction.ts'

export type EndTransaction = {
  readonly producerId: number
  readonly producerEpoch: number
  readonly committed: boolean
  /** 2 from EndTxn v5 on: the transaction ends with a new epoch. Else 0. */
  readonly clientVersion: number
}

/** The client commits or aborts. The answer is out once the decision is in the log; markers come after it. */
export function endTransaction(
  transaction: Transaction | undefined,
  request: EndTransaction,
  newProducerId: () => number,
  nowMs: number,
): Step {
  if (!transaction) return refused('invalidProducerIdMapping')
  return request.clientVersion >= epochBumpVersion
    ? endWithEpochBump(transaction, request, newProducerId, nowMs)
    : endWithSameEpoch(transaction, request, nowMs)
}

function endWithSameEpoch(transaction: Transaction, request: EndTransaction, nowMs: number): Step {
  if (transaction.producerId !== request.producerId) return refused('invalidProducerIdMapping')
  if (transaction.producerEpoch !== request.producerEpoch) return refused('producerFenced')
  const { state } = transaction
  if (state === 'Ongoing') {
    const changes = {
      state: preparedState(request.committed),
      nextProducerId: noProducerId,
      lastUpdateMs: nowMs,
      clientVersion: 0,
    }
    return { kind: 'next', next: transition(transaction, changes) }
  }
  if (state === 'Empty' || isCommitOf(transaction) !== request.committed) return refused('invalidTxnState')
  return refused(isPrepared(state) ? 'concurrentTransactions' : 'none')
}

/**
 * KIP-890: since each transaction ends with a new epoch, a request that has the epoch before is a retry, and one
 * with the current epoch means the next transaction, which may be aborted before anything was written in it.
 */
function endWithEpochBump(
  transaction: Transaction,
  request: EndTransaction,
  newProducerId: () => number,
  nowMs: number,
): Step {
  const { state, producerEpoch } = transaction
  const isBumpRetry = producerEpoch === request.producerEpoch + 1
  const isRolloverRetry =
    transaction.previousProducerId === request.producerId &&
    request.producerEpoch === lastClientEpoch &&
    producerEpoch === 0
  const isCurrent = producerEpoch === request.producerEpoch
  const isRetry = isBumpRetry || isRolloverRetry
  if (transaction.producerId !== request.producerId && !isRolloverRetry) {
    return refused('invalidProducerIdMapping')
  }
  switch (state) {
    case 'Ongoing':
      if (!isCurrent) return refused('producerFenced')
      return prepare(transaction, request.committed, transaction.startMs, newProducerId, nowMs)
    case 'PrepareCommit':
    case 'PrepareAbort':
      if (!isBumpRetry) return refused('producerFenced')
      return refused(
        isCommitOf(transaction) === request.committed ? 'concurrentTransactions' : 'invalidTxnState',
      )
    case 'Empty':
    case 'CompleteCommit':
    case 'CompleteAbort':
      if (!isCurrent && (state === 'Empty' || !isRetry)) return refused('producerFenced')
      if (isRetry) return refused(isCommitOf(transaction) === request.committed ? 'none' : 'invalidTxnState')
      if (request.committed) return refused('invalidTxnState')
      return prepare(transaction, false, nowMs, newProducerId, nowMs)
  }
}

function prepare(
  transaction: Transaction,
  committed: boolean,
  startMs: number,
  newProducerId: () => number,
  nowMs: number,
): Step {
  const { producerEpoch } = transaction
  const changes = {
    state: preparedState(committed),
    nextProducerId: isEpochExhausted(producerEpoch) ? newProducerId() : noProducerId,
    producerEpoch: nextEpoch(producerEpoch),
    lastProducerEpoch: producerEpoch,
    startMs,
    lastUpdateMs: nowMs,
    clientVersion: epochBumpVersion,
  }
  return { kind: 'next', next: transition(transaction, changes) }
}

/**
 * Aborts an open transaction over its producer's head: it timed out, or another producer takes the transactional
 * id. Whoever asked for it has to come again.
 */
export function fenceAndAbort(transaction: Transaction, nowMs: number): Step {
  const changes = {
    state: 'PrepareAbort',
    nextProducerId: noProducerId,
    producerEpoch: nextEpoch(transaction.producerEpoch),
    lastProducerEpoch: transaction.producerEpoch,
    lastUpdateMs: nowMs,
    clientVersion: epochBumpVersion,
  } as const
  return { kind: 'next', next: transition(transaction, changes), answer: 'concurrentTransactions' }
}

/** All markers are written. */
export function completeTransaction(transaction: Transaction, nowMs: number): Transaction {
  const { nextProducerId } = transaction
  const rollover = nextProducerId === noProducerId ? {} : { producerId: nextProducerId, producerEpoch: 0 }
  const state = transaction.state === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort'
  const changes = {
    state,
    partitions: noPartitions,
    lastUpdateMs: nowMs,
    nextProducerId: noProducerId,
  } as const
  return transition(transaction, { ...changes, ...rollover })
}

function preparedState(committed: boolean): 'PrepareCommit' | 'PrepareAbort' {
  return committed ? 'PrepareCommit' : 'PrepareAbort'
}

function isCommitOf({ state }: Transaction): boolean {
  return state === 'PrepareCommit' || state === 'CompleteCommit'
}
