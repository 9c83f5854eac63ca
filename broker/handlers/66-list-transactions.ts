/* ListTransactions v0-2 (KIP-664); filters by duration from v1 (KIP-994), by a pattern of ids from v2 (KIP-1152). */
import { RegexSyntaxError } from '../coordinator/group/consumer/regex-parser.ts'
import { TopicRegex } from '../coordinator/group/consumer/topic-regex.ts'
import { transactionStates } from '../coordinator/transaction/transaction.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type {
  listTransactionsRequest,
  listTransactionsResponse,
} from '../protocol/schemas/66-list-transactions.ts'
import type { Handler } from './handler.ts'

const knownStates: ReadonlySet<string> = new Set(transactionStates)

export const listTransactions: Handler<typeof listTransactionsRequest, typeof listTransactionsResponse> = (
  { transactions },
  request,
) => {
  const unknownStateFilters = request.stateFilters.filter((state) => !knownStates.has(state))
  const states = request.stateFilters.filter((state) => knownStates.has(state))
  // Only states that nobody is in were asked for: then there is nothing to list.
  if (states.length === 0 && unknownStateFilters.length > 0) {
    return { throttleTimeMs: 0, errorCode: errorCode.none, unknownStateFilters, transactionStates: [] }
  }
  const pattern = compile(request.transactionalIdPattern)
  if (pattern === undefined) {
    const code = errorCode.invalidRegularExpression
    return { throttleTimeMs: 0, errorCode: code, unknownStateFilters, transactionStates: [] }
  }
  const listed = transactions.listTransactions({
    states: new Set(states),
    producerIds: new Set(request.producerIdFilters),
    durationMs: request.durationFilter,
    matchesId: (id) => pattern === null || pattern.matches(id),
  })
  return {
    throttleTimeMs: 0,
    errorCode: listed.errorCode,
    unknownStateFilters,
    transactionStates: listed.transactions,
  }
}

/** Null: every id matches; undefined: no pattern of RE2's syntax. */
function compile(pattern: string | null): TopicRegex | null | undefined {
  if (pattern === null || pattern === '') return null
  try {
    return new TopicRegex(pattern)
  } catch (error) {
    if (error instanceof RegexSyntaxError) return undefined
    throw error
  }
}
