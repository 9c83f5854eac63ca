import { errorCode } from '../../protocol/error-codes.ts'
import type { Encodable } from '../../protocol/fields.ts'
import type { describeTransactionsResponse } from '../../protocol/schemas/65-describe-transactions.ts'
import type { listTransactionsResponse } from '../../protocol/schemas/66-list-transactions.ts'
import type { Transaction } from './transaction.ts'

export type DescribedTransaction = Encodable<typeof describeTransactionsResponse>['transactionStates'][number]
export type ListedTransaction = Encodable<typeof listTransactionsResponse>['transactionStates'][number]

/** Empty lists and -1 let all through. */
export type TransactionFilter = {
  readonly states: ReadonlySet<string>
  readonly producerIds: ReadonlySet<number>
  /** Only those that have been open for longer. */
  readonly durationMs: number
  readonly matchesId: (transactionalId: string) => boolean
}

export function describeTransaction(transaction: Transaction): DescribedTransaction {
  return {
    errorCode: errorCode.none,
    transactionalId: transaction.transactionalId,
    transactionState: transaction.state,
    transactionTimeoutMs: transaction.timeoutMs,
    transactionStartTimeMs: transaction.startMs,
    producerId: transaction.producerId,
    producerEpoch: transaction.producerEpoch,
    topics: [...transaction.partitions].map(([topic, indexes]) => ({ topic, partitions: [...indexes] })),
  }
}

export function undescribedTransaction(transactionalId: string, code: number): DescribedTransaction {
  return {
    errorCode: code,
    transactionalId,
    transactionState: '',
    transactionTimeoutMs: 0,
    transactionStartTimeMs: 0,
    producerId: 0,
    producerEpoch: 0,
    topics: [],
  }
}

export function listTransactions(
  transactions: Iterable<Transaction>,
  filter: TransactionFilter,
  nowMs: number,
): ListedTransaction[] {
  const listed: ListedTransaction[] = []
  for (const { transactionalId, producerId, state, startMs } of transactions) {
    if (filter.states.size > 0 && !filter.states.has(state)) continue
    if (filter.producerIds.size > 0 && !filter.producerIds.has(producerId)) continue
    if (filter.durationMs >= 0 && nowMs - startMs <= filter.durationMs) continue
    if (filter.matchesId(transactionalId))
      listed.push({ transactionalId, producerId, transactionState: state })
  }
  return listed
}
