/** Error codes that are how Kafka's protocol says "go on like this": every healthy client meets them. */
const ordinarySteps: Readonly<Record<string, string>> = {
  MEMBER_ID_REQUIRED: 'A new member is given its id, and joins again with it (KIP-394)',
  REBALANCE_IN_PROGRESS: 'The member learns that the group rebalances, and joins again',
  COORDINATOR_LOAD_IN_PROGRESS: 'Asked again while the coordinator loads',
  NOT_COORDINATOR: 'The client looks for the coordinator again',
  LEADER_NOT_AVAILABLE: 'The topic was just created; asked again',
  FETCH_SESSION_ID_NOT_FOUND: 'The client begins a new fetch session (KIP-227)',
  INVALID_FETCH_SESSION_EPOCH: 'The client begins a new fetch session (KIP-227)',
  CONCURRENT_TRANSACTIONS: 'The last transaction is still being completed; asked again',
  UNSTABLE_OFFSET_COMMIT: 'A transaction holds these offsets; asked again (KIP-447)',
}

/** What an ordinary step of the protocol means; undefined for an error. */
export function stepMeaning(error: string): string | undefined {
  return ordinarySteps[error]
}

/** Answers with an error code that is no ordinary step. */
export function errorCount(errors: readonly { error: string; count: number }[]): number {
  return errors.reduce((sum, { error, count }) => sum + (stepMeaning(error) === undefined ? count : 0), 0)
}
