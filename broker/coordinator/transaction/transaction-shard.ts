import { DecodeError } from '../../protocol/errors.ts'
import type { StoredBatch } from '../partition-writer.ts'
import type { TopicPartitions, Transaction } from './transaction.ts'
import { decodeTransaction } from './transaction-record.ts'

/** What one partition of `__transaction_state` holds. */
export type TransactionShard = {
  readonly partition: number
  /** The leader epoch of the partition: markers of an older coordinator are refused. */
  readonly coordinatorEpoch: number
  state: 'loading' | 'active'
  readonly transactions: Map<string, Transaction>
  /** Written, but not committed yet: until then nothing else may happen to them. */
  readonly uncommitted: Set<string>
  /** Of those that are prepared: where the marker is still to be written. */
  readonly markersLeft: Map<string, TopicPartitions>
}

export function newTransactionShard(partition: number, coordinatorEpoch: number): TransactionShard {
  return {
    partition,
    coordinatorEpoch,
    state: 'loading',
    transactions: new Map(),
    uncommitted: new Set(),
    markersLeft: new Map(),
  }
}

/** Brings a shard one stored batch further; a damaged record is told and skipped. */
export function replayTransactions(
  shard: TransactionShard,
  batch: StoredBatch,
  onError: (error: Error) => void,
): void {
  for (const { key, value } of batch.records) {
    if (key === null) continue
    try {
      const stored = decodeTransaction(key, value)
      if (!stored) continue
      if (stored.transaction) shard.transactions.set(stored.transactionalId, stored.transaction)
      else shard.transactions.delete(stored.transactionalId)
    } catch (error) {
      if (!(error instanceof DecodeError) && !(error instanceof RangeError)) throw error
      onError(error)
    }
  }
}

/** Open for longer than their timeout. */
export function timedOutTransactions(shard: TransactionShard, nowMs: number): Transaction[] {
  return [...shard.transactions.values()].filter(
    ({ transactionalId, state, startMs, timeoutMs }) =>
      state === 'Ongoing' && startMs + timeoutMs < nowMs && !shard.uncommitted.has(transactionalId),
  )
}

/** Not used for so long that they may be forgotten. */
export function expiredTransactions(shard: TransactionShard, expirationMs: number, nowMs: number): string[] {
  const expired: string[] = []
  for (const { transactionalId, state, lastUpdateMs } of shard.transactions.values()) {
    if (state !== 'Empty' && state !== 'CompleteCommit' && state !== 'CompleteAbort') continue
    if (lastUpdateMs + expirationMs <= nowMs && !shard.uncommitted.has(transactionalId)) {
      expired.push(transactionalId)
    }
  }
  return expired
}
