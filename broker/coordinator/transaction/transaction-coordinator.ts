import type { Clock } from '../../core/clock.ts'
import type { BrokerConfig } from '../../core/config/broker-configs.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { partitionFor } from '../partition-for.ts'
import type { CoordinatorRecord, PartitionWriter } from '../partition-writer.ts'
import { DeadlineTimer } from '../timer.ts'
import { type AddPartitions, addPartitions, verifyPartition } from './add-partitions.ts'
import {
  type DescribedTransaction,
  describeTransaction,
  type ListedTransaction,
  listTransactions,
  type TransactionFilter,
  undescribedTransaction,
} from './describe.ts'
import { completeTransaction, type EndTransaction, endTransaction, fenceAndAbort } from './end-transaction.ts'
import { type InitProducerId, initProducerId, type ProducerIdentity } from './init-producer-id.ts'
import type { MarkerWriter } from './marker-writer.ts'
import {
  isPrepared,
  noProducerEpoch,
  noProducerId,
  refused,
  type Step,
  type TopicPartitions,
  type Transaction,
} from './transaction.ts'
import { encodeTombstone, encodeTransaction } from './transaction-record.ts'
import {
  expiredTransactions,
  newTransactionShard,
  replayTransactions,
  type TransactionShard,
  timedOutTransactions,
} from './transaction-shard.ts'

/** All that a `TransactionCoordinator` reaches outside itself; everything is injected. */
export type TransactionCoordinatorOptions = {
  readonly clock: Clock
  /** The effective broker configs of this moment. */
  readonly brokerConfig: () => BrokerConfig
  /** How many partitions `__transaction_state` has. */
  readonly partitionCount: () => number
  /** Of the partitions of `__transaction_state`. */
  readonly writer: PartitionWriter
  readonly markers: MarkerWriter
  /** A producer id that nobody has. Throws NoProducerIdError. */
  readonly newProducerId: () => number
  /** Told when a partition could not be loaded or written; it is loaded anew a second later. */
  readonly onError?: (partition: number, error: Error) => void
}

/** There is no new producer id to be had: the metadata log takes no records. */
export class NoProducerIdError extends Error {
  override readonly name = 'NoProducerIdError'
  readonly code = 'NO_PRODUCER_ID'
}

/** Answers at once where the record is committed at once. */
type Eventually<T> = T | Promise<T>
export type IdentityAnswer = ProducerIdentity & { readonly errorCode: number }

const reloadDelayMs = 1_000
const markerRetryDelayMs = 100
/** Tombstones of one expiry: they make one batch. */
const maxExpiredARun = 1_000

/** What clients are told when the record of a transaction could not be appended, as Kafka translates it. */
function appendError(code: number): number {
  switch (code) {
    case errorCode.unknownTopicOrPartition:
    case errorCode.notEnoughReplicas:
    case errorCode.notEnoughReplicasAfterAppend:
    case errorCode.requestTimedOut:
      return errorCode.coordinatorNotAvailable
    case errorCode.notLeaderOrFollower:
    case errorCode.kafkaStorageError:
      return errorCode.notCoordinator
    default:
      return errorCode.unknownServerError
  }
}

function noIdentity(code: number): IdentityAnswer {
  return { errorCode: code, producerId: noProducerId, producerEpoch: noProducerEpoch }
}

/**
 * The transaction coordinator of one node: transactional ids whose partition of `__transaction_state` it leads.
 * A state holds once its record is in the log; a transaction that is prepared gets its markers at once, and again
 * after a restart, until every partition has them. Errors are codes in the answers, never thrown.
 */
export class TransactionCoordinator {
  readonly #options: TransactionCoordinatorOptions
  readonly #shards = new Map<number, TransactionShard>()
  readonly #timer: DeadlineTimer

  constructor(options: TransactionCoordinatorOptions) {
    this.#options = options
    this.#timer = new DeadlineTimer(options.clock)
    this.#scheduleTimeouts()
    this.#scheduleExpiry()
  }

  /** This node leads `__transaction_state-partition`: replays it, then ends what was decided before. */
  async elected(partition: number, coordinatorEpoch: number): Promise<void> {
    const shard = newTransactionShard(partition, coordinatorEpoch)
    this.#shards.set(partition, shard)
    try {
      for await (const batch of this.#options.writer.read(partition)) {
        if (this.#shards.get(partition) !== shard) return
        replayTransactions(shard, batch, (error) => this.#options.onError?.(partition, error))
      }
    } catch (error) {
      this.#reloadLater(shard, error)
      return
    }
    if (this.#shards.get(partition) !== shard) return
    shard.state = 'active'
    for (const transaction of [...shard.transactions.values()]) this.#endPrepared(shard, transaction)
  }

  /** This node leads it no more. */
  resigned(partition: number): void {
    this.#shards.delete(partition)
  }

  close(): void {
    this.#timer.cancelAll()
    this.#shards.clear()
  }

  /** `__transaction_state` partition of a transactional id. */
  partitionFor(transactionalId: string): number {
    return partitionFor(transactionalId, this.#options.partitionCount())
  }

  initProducerId(request: InitProducerId): Eventually<IdentityAnswer> {
    const { transactionalId, timeoutMs } = request
    const maxTimeoutMs = this.#options.brokerConfig()['transaction.max.timeout.ms']
    if (transactionalId === '') return noIdentity(errorCode.invalidRequest)
    if (timeoutMs <= 0 || timeoutMs > maxTimeoutMs) return noIdentity(errorCode.invalidTransactionTimeout)
    return this.#change(
      transactionalId,
      (known, nowMs) => initProducerId(known, request, this.#options.newProducerId, nowMs),
      answerIdentity,
    )
  }

  /** Error code of adding partitions, all or none of them. */
  addPartitions(transactionalId: string, request: AddPartitions): Eventually<number> {
    if (transactionalId === '') return errorCode.invalidRequest
    return this.#change(
      transactionalId,
      (known, nowMs) => addPartitions(known, request, nowMs),
      (code) => code,
    )
  }

  /** Error code of writing to a partition that the client should have added. */
  verifyPartition(
    transactionalId: string,
    identity: ProducerIdentity,
    topic: string,
    partition: number,
  ): number {
    if (transactionalId === '') return errorCode.invalidRequest
    const shard = this.#shardOf(transactionalId)
    if (typeof shard === 'number') return shard
    return errorCode[verifyPartition(shard.transactions.get(transactionalId), identity, topic, partition)]
  }

  /** On success with the identity that the next transaction has (KIP-890). */
  endTransaction(transactionalId: string, request: EndTransaction): Eventually<IdentityAnswer> {
    if (transactionalId === '') return noIdentity(errorCode.invalidRequest)
    return this.#change(
      transactionalId,
      (known, nowMs) => endTransaction(known, request, this.#options.newProducerId, nowMs),
      answerIdentity,
    )
  }

  describeTransaction(transactionalId: string): DescribedTransaction {
    if (transactionalId === '') return undescribedTransaction(transactionalId, errorCode.invalidRequest)
    const shard = this.#shardOf(transactionalId)
    if (typeof shard === 'number') return undescribedTransaction(transactionalId, shard)
    const transaction = shard.transactions.get(transactionalId)
    return transaction
      ? describeTransaction(transaction)
      : undescribedTransaction(transactionalId, errorCode.transactionalIdNotFound)
  }

  listTransactions(filter: TransactionFilter): { errorCode: number; transactions: ListedTransaction[] } {
    const shards = [...this.#shards.values()]
    if (shards.some(({ state }) => state === 'loading')) {
      return { errorCode: errorCode.coordinatorLoadInProgress, transactions: [] }
    }
    const nowMs = this.#options.clock.nowMs()
    const transactions = shards.flatMap((shard) =>
      listTransactions(shard.transactions.values(), filter, nowMs),
    )
    return { errorCode: errorCode.none, transactions }
  }

  /** The shard that answers for a transactional id, or why there is none. */
  #shardOf(transactionalId: string): TransactionShard | number {
    const shard = this.#shards.get(this.partitionFor(transactionalId))
    if (!shard) return errorCode.notCoordinator
    return shard.state === 'loading' ? errorCode.coordinatorLoadInProgress : shard
  }

  /** Takes one step on a transaction; `answer` gets the error code and the state that then holds. */
  #change<Answer>(
    transactionalId: string,
    step: (known: Transaction | undefined, nowMs: number) => Step,
    answer: (code: number, transaction?: Transaction) => Answer,
  ): Eventually<Answer> {
    const shard = this.#shardOf(transactionalId)
    if (typeof shard === 'number') return answer(shard)
    const known = shard.transactions.get(transactionalId)
    const result = shard.uncommitted.has(transactionalId)
      ? refused('concurrentTransactions')
      : this.#take(known, step)
    if (result.kind === 'refused') return answer(errorCode[result.error], known)
    const { next } = result
    return this.#write(shard, next, (code) =>
      code === errorCode.none ? answer(errorCode[result.answer ?? 'none'], next) : answer(code),
    )
  }

  #take(known: Transaction | undefined, step: (known: Transaction | undefined, nowMs: number) => Step): Step {
    try {
      return step(known, this.#options.clock.nowMs())
    } catch (error) {
      if (error instanceof NoProducerIdError) return refused('coordinatorLoadInProgress')
      throw error
    }
  }

  /** Writes a transaction's new state and, once it is committed, acts on it and answers. */
  #write<Answer>(
    shard: TransactionShard,
    next: Transaction,
    answer: (code: number) => Answer,
  ): Eventually<Answer> {
    const { transactionalId } = next
    const written = this.#append(shard, [encodeTransaction(next)])
    if (typeof written === 'number') return answer(written)
    const commit = () => {
      shard.transactions.set(transactionalId, next)
      this.#endPrepared(shard, next)
      return answer(errorCode.none)
    }
    if (!written.committed) return commit()
    shard.uncommitted.add(transactionalId)
    return written.committed
      .finally(() => shard.uncommitted.delete(transactionalId))
      .then(commit, () => answer(errorCode.notCoordinator))
  }

  #append(
    shard: TransactionShard,
    records: readonly CoordinatorRecord[],
  ): number | { committed?: Promise<void> } {
    const { clock, writer, onError } = this.#options
    const result = writer.append(shard.partition, records, clock.nowMs())
    if (result.ok) return result
    onError?.(shard.partition, new Error(`a record was not taken: error ${result.errorCode}`))
    return appendError(result.errorCode)
  }

  #endPrepared(shard: TransactionShard, transaction: Transaction): void {
    if (!isPrepared(transaction.state)) return
    shard.markersLeft.set(transaction.transactionalId, transaction.partitions)
    this.#writeMarkers(shard, transaction.transactionalId)
  }

  #writeMarkers(shard: TransactionShard, transactionalId: string): void {
    const transaction = shard.transactions.get(transactionalId)
    const left = shard.markersLeft.get(transactionalId)
    if (this.#shards.get(shard.partition) !== shard || !transaction || !left) return
    const { producerId, producerEpoch, state, clientVersion } = transaction
    const committed = state === 'PrepareCommit'
    const marker = {
      producerId,
      producerEpoch,
      coordinatorEpoch: shard.coordinatorEpoch,
      committed,
      transactionVersion: clientVersion,
    }
    const result = left.size === 0 ? left : this.#options.markers.write(marker, left)
    if (result instanceof Promise)
      void result.then((after) => this.#markersWritten(shard, transaction, after))
    else this.#markersWritten(shard, transaction, result)
  }

  #markersWritten(shard: TransactionShard, transaction: Transaction, left: TopicPartitions): void {
    if (this.#shards.get(shard.partition) !== shard) return
    const { transactionalId } = transaction
    shard.markersLeft.set(transactionalId, left)
    const retry = () => this.#writeMarkers(shard, transactionalId)
    const retryLater = () => this.#timer.set(`markers ${transactionalId}`, markerRetryDelayMs, retry)
    if (left.size > 0) {
      retryLater()
      return
    }
    const complete = completeTransaction(transaction, this.#options.clock.nowMs())
    void this.#write(shard, complete, (code) => {
      if (code === errorCode.none) shard.markersLeft.delete(transactionalId)
      else retryLater()
    })
  }

  #scheduleTimeouts(): void {
    const intervalMs =
      this.#options.brokerConfig()['transaction.abort.timed.out.transaction.cleanup.interval.ms']
    this.#timer.set('timeouts', intervalMs, () => {
      const nowMs = this.#options.clock.nowMs()
      for (const shard of this.#shards.values()) {
        if (shard.state !== 'active') continue
        for (const transaction of timedOutTransactions(shard, nowMs)) {
          const step = fenceAndAbort(transaction, nowMs)
          if (step.kind === 'next') void this.#write(shard, step.next, () => undefined)
        }
      }
      this.#scheduleTimeouts()
    })
  }

  #scheduleExpiry(): void {
    const config = this.#options.brokerConfig()
    const intervalMs = config['transaction.remove.expired.transaction.cleanup.interval.ms']
    this.#timer.set('expiry', intervalMs, () => {
      for (const shard of this.#shards.values()) if (shard.state === 'active') this.#expire(shard)
      this.#scheduleExpiry()
    })
  }

  #expire(shard: TransactionShard): void {
    const expirationMs = this.#options.brokerConfig()['transactional.id.expiration.ms']
    const nowMs = this.#options.clock.nowMs()
    const expired = expiredTransactions(shard, expirationMs, nowMs).slice(0, maxExpiredARun)
    if (expired.length === 0) return
    const written = this.#append(shard, expired.map(encodeTombstone))
    if (typeof written === 'number') return
    for (const transactionalId of expired) shard.transactions.delete(transactionalId)
  }

  #reloadLater(shard: TransactionShard, error: unknown): void {
    const { partition, coordinatorEpoch } = shard
    if (this.#shards.get(partition) !== shard) return
    this.#options.onError?.(partition, error instanceof Error ? error : new Error(String(error)))
    this.#timer.set(`reload ${partition}`, reloadDelayMs, () => {
      if (this.#shards.get(partition) === shard) void this.elected(partition, coordinatorEpoch)
    })
  }
}

/** Who the producer is from now on: after a rollover the next one, even while the last transaction is being ended. */
function answerIdentity(code: number, transaction?: Transaction): IdentityAnswer {
  if (code !== errorCode.none || !transaction) return noIdentity(code)
  const { nextProducerId, producerId, producerEpoch } = transaction
  return nextProducerId === noProducerId
    ? { errorCode: code, producerId, producerEpoch }
    : { errorCode: code, producerId: nextProducerId, producerEpoch: 0 }
}
