/* DescribeTransactions v0 (KIP-664). */
import type {
  describeTransactionsRequest,
  describeTransactionsResponse,
} from '../protocol/schemas/65-describe-transactions.ts'
import type { Handler } from './handler.ts'

export const describeTransactions: Handler<
  typeof describeTransactionsRequest,
  typeof describeTransactionsResponse
> = ({ transactions }, { transactionalIds }) => ({
  throttleTimeMs: 0,
  transactionStates: transactionalIds.map((id) => transactions.describeTransaction(id)),
})
