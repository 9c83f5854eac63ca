import type { errorCode } from '../../protocol/error-codes.ts'

export type ErrorName = keyof typeof errorCode

/** Kafka's states by their number in the log. The last two are names only: no transaction is stored in them. */
export const transactionStates = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
] as const

export type TransactionState = Exclude<(typeof transactionStates)[number], 'Dead' | 'PrepareEpochFence'>

/** Partition numbers by topic. */
export type TopicPartitions = ReadonlyMap<string, ReadonlySet<number>>

export const noPartitions: TopicPartitions = new Map()
export const noProducerId = -1
export const noProducerEpoch = -1
/** Of a transaction that has not begun. */
export const noStartMs = -1

/** The greatest producer epoch; clients never get it, so that one is left to fence the last of them with. */
const maxProducerEpoch = 0x7fff

/** From this version on every transaction ends with an epoch of its own (KIP-890). */
export const epochBumpVersion = 2

/** What is known of one transactional id: never changed, each transition makes a new one. */
export type Transaction = {
  readonly transactionalId: string
  readonly producerId: number
  /** The producer id before the last transition; differs from `producerId` just after a rollover. */
  readonly previousProducerId: number
  /** The id that takes over when the transaction that is being ended has used up the epochs; else -1. */
  readonly nextProducerId: number
  readonly producerEpoch: number
  /** What a retry of the last epoch bump would say; lost in a restart. */
  readonly lastProducerEpoch: number
  readonly timeoutMs: number
  readonly state: TransactionState
  readonly partitions: TopicPartitions
  readonly startMs: number
  readonly lastUpdateMs: number
  /** Version of the client that began or ended the transaction: 0 or 2. */
  readonly clientVersion: number
}

/**
 * What an input makes of a transaction: a refusal (or `none`, when there is nothing to do), or its next state,
 * which holds once its record is in the log. `answer` is then given instead of success.
 */
export type Step =
  | { readonly kind: 'refused'; readonly error: ErrorName }
  | { readonly kind: 'next'; readonly next: Transaction; readonly answer?: ErrorName }

export function refused(error: ErrorName): Step {
  return { kind: 'refused', error }
}

export function isEpochExhausted(producerEpoch: number): boolean {
  return producerEpoch >= maxProducerEpoch - 1
}

/** The epoch after this one; the greatest stays. */
export function nextEpoch(producerEpoch: number): number {
  return Math.min(producerEpoch + 1, maxProducerEpoch)
}

/** The epoch of the last transaction that a client can have had before a rollover to epoch 0. */
export const lastClientEpoch = maxProducerEpoch - 1

export function isPrepared(state: TransactionState): state is 'PrepareCommit' | 'PrepareAbort' {
  return state === 'PrepareCommit' || state === 'PrepareAbort'
}

/** The next state of a transaction, noting the producer id that it had. */
export function transition(transaction: Transaction, changes: Partial<Transaction>): Transaction {
  return { ...transaction, previousProducerId: transaction.producerId, ...changes }
}

export function hasAll(partitions: TopicPartitions, some: TopicPartitions): boolean {
  for (const [topic, indexes] of some) {
    const known = partitions.get(topic)
    for (const index of indexes) if (!known?.has(index)) return false
  }
  return true
}

export function union(partitions: TopicPartitions, added: TopicPartitions): TopicPartitions {
  const all = new Map(partitions)
  for (const [topic, indexes] of added) all.set(topic, new Set([...(all.get(topic) ?? []), ...indexes]))
  return all
}
