/** Also records of transactions that are open or were taken back. */
const readUncommitted = 0
/** Up to the last stable offset. */
export const readCommitted = 1

/** Kafka knows no other; asked for one it answers UNKNOWN_SERVER_ERROR for each partition. */
export function isIsolationLevel(level: number): boolean {
  return level === readUncommitted || level === readCommitted
}
