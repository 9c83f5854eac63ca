import { produceRequest, produceResponse } from '../../../broker/protocol/schemas/00-produce.ts'
import {
  initProducerIdRequest,
  initProducerIdResponse,
} from '../../../broker/protocol/schemas/22-init-producer-id.ts'
import {
  addPartitionsToTxnRequest,
  addPartitionsToTxnResponse,
} from '../../../broker/protocol/schemas/24-add-partitions-to-txn.ts'
import {
  addOffsetsToTxnRequest,
  addOffsetsToTxnResponse,
} from '../../../broker/protocol/schemas/25-add-offsets-to-txn.ts'
import { endTxnRequest, endTxnResponse } from '../../../broker/protocol/schemas/26-end-txn.ts'
import {
  txnOffsetCommitRequest,
  txnOffsetCommitResponse,
} from '../../../broker/protocol/schemas/28-txn-offset-commit.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { Violation } from '../ledger.ts'
import { NoAnswer, type Repeats } from '../network.ts'
import { type Client, type Surroundings, upTo } from './client.ts'

/** What became of a transaction, as far as its producer was told. */
export type Outcome = 'open' | 'committed' | 'aborted' | 'unknown'
export type TransactionLogEntry = {
  readonly number: number
  values: string[]
  offset?: number
  outcome: Outcome
}

export type TransactionalOptions = {
  readonly name: string
  readonly topic: string
  readonly partitionCount: number
  /** Transaction version 2 (KIP-890): a new epoch each transaction, partitions are added by writing. */
  readonly isVersion2: boolean
}

const maxTries = 1_000
const retryDelayMs = 100
export const transactionTimeoutMs = 20_000
const retriable = new Set([
  'no answer',
  'CONCURRENT_TRANSACTIONS',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'KAFKA_STORAGE_ERROR',
  'NOT_COORDINATOR',
  'NOT_LEADER_OR_FOLLOWER',
  'NOT_ENOUGH_REPLICAS',
  'UNKNOWN_TOPIC_OR_PARTITION',
])
/** Errors that end what a producer does: its transaction was aborted, or somebody else has its id. */
const fatal = new Set([
  'INVALID_PRODUCER_EPOCH',
  'PRODUCER_FENCED',
  'INVALID_TXN_STATE',
  'TRANSACTION_ABORTABLE',
])
/** Besides, where a power cut may have taken what was not flushed. */
const lostState = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'INVALID_PRODUCER_ID_MAPPING',
  'UNKNOWN_PRODUCER_ID',
])

/**
 * A producer of either generation that writes numbered values in transactions, sends again what was not answered,
 * and writes down what it was told. Fatal errors make it start over, as an application would.
 */
export class TransactionalProducer implements Client {
  readonly name: string
  readonly groupId: string
  readonly transactions: TransactionLogEntry[] = []
  mayForget = false
  readonly #options: TransactionalOptions
  readonly #with: Surroundings
  #identity: { producerId: number; producerEpoch: number } | undefined
  #sequences = new Map<number, number>()
  #added = new Set<number | 'offsets'>()
  #current: TransactionLogEntry | undefined

  get topic(): string {
    return this.#options.topic
  }

  constructor(options: TransactionalOptions, surroundings: Surroundings) {
    this.name = options.name
    this.groupId = `g-${options.name}`
    this.#options = options
    this.#with = surroundings
  }

  /** Starts, or takes the transactional id over from itself as another process would. */
  async start(): Promise<void> {
    if (this.#current && this.#current.outcome === 'open') this.#current.outcome = 'aborted'
    this.#current = undefined
    const body = { transactionalId: this.name, transactionTimeoutMs, producerId: -1, producerEpoch: -1 }
    const { error, response } = await this.#send(() =>
      // Repeated, it would fence the one who asked.
      this.#with.network.ask(initProducerIdRequest, initProducerIdResponse, 4, body, { repeats: 'once' }),
    )
    if (error !== 'NONE') throw new Violation(`${this.name}: InitProducerId answered ${error}`)
    this.#adopt(response!)
  }

  async act(): Promise<void> {
    const { random } = this.#with
    if (!this.#identity || random() < 0.02) return this.start()
    if (!this.#current) {
      this.#current = { number: this.transactions.length, values: [], outcome: 'open' }
      this.transactions.push(this.#current)
    }
    const choice = random()
    if (choice < 0.6) return this.#produce(upTo(random, this.#options.partitionCount))
    if (choice < 0.7) return this.#commitOffset()
    if (this.#current.values.length === 0 && this.#current.offset === undefined) return
    return this.#end(choice < 0.92)
  }

  /** One whole transaction more: the node must let it through once nothing fails any more. */
  async commitOne(): Promise<void> {
    await this.start()
    this.#current = { number: this.transactions.length, values: [], outcome: 'open' }
    this.transactions.push(this.#current)
    await this.#produce(0)
    if (this.#current) await this.#end(true)
    if (this.transactions.at(-1)!.outcome !== 'committed')
      throw new Violation(`${this.name} cannot commit any more`)
  }

  #adopt({ producerId, producerEpoch }: { producerId: number; producerEpoch: number }): void {
    this.#identity = { producerId, producerEpoch }
    this.#sequences = new Map()
    this.#added = new Set()
  }

  async #produce(partition: number): Promise<void> {
    const transaction = this.#current!
    if (!(await this.#add(partition))) return
    const { ledger, network } = this.#with
    const value = `${this.name}:${transaction.number}:${transaction.values.length}`
    const sequence = this.#sequences.get(partition) ?? 0
    const timestampMs = Date.UTC(2026, 0, 1) + network.machine.clock.elapsedMs()
    const batch = { ...this.#identity!, timestampMs, baseSequence: sequence, isTransactional: true }
    const records = encodeRecordBatch({ ...batch, records: [{ value }] })
    const { topic } = this.#options
    const entries = ledger.newBatch(`${topic}-${partition}`, this.name, 'exactly once', [
      { value, key: null },
    ])
    const body = {
      transactionalId: this.name,
      acks: -1,
      timeoutMs: 1_000,
      topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
    }
    // Whatever becomes of it: once sent it is the transaction's, which the checks need to know.
    transaction.values.push(value)
    const { error } = await this.#send(async () => {
      const answer = await network.ask(
        produceRequest,
        produceResponse,
        this.#options.isVersion2 ? 12 : 11,
        body,
        {
          repeats: 'late',
          observe: (each) =>
            ledger.answered(entries, each === 'no answer' ? each : each.responses[0]!.partitionResponses[0]!),
        },
      )
      return answer.responses[0]!.partitionResponses[0]!
    })
    if (error !== 'NONE') return this.#giveUp(error)
    this.#sequences.set(partition, sequence + 1)
  }

  /** Version 1 says first where it is going to write. */
  async #add(partition: number): Promise<boolean> {
    if (this.#options.isVersion2 || this.#added.has(partition)) return true
    const { producerId, producerEpoch } = this.#identity!
    const body = {
      transactions: [],
      v3AndBelowTransactionalId: this.name,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: [{ name: this.#options.topic, partitions: [partition] }],
    }
    const { error } = await this.#send(async () => {
      const answer = await this.#with.network.ask(
        addPartitionsToTxnRequest,
        addPartitionsToTxnResponse,
        3,
        body,
        {
          repeats: 'late',
        },
      )
      return { errorCode: answer.resultsByTopicV3AndBelow[0]!.resultsByPartition[0]!.partitionErrorCode }
    })
    if (error === 'NONE') this.#added.add(partition)
    else this.#giveUp(error)
    return error === 'NONE'
  }

  async #commitOffset(): Promise<void> {
    const transaction = this.#current!
    const { network } = this.#with
    const { isVersion2, topic } = this.#options
    const identity = { transactionalId: this.name, ...this.#identity!, groupId: this.groupId }
    if (!isVersion2 && !this.#added.has('offsets')) {
      const { error } = await this.#send(() =>
        network.ask(addOffsetsToTxnRequest, addOffsetsToTxnResponse, 3, identity, { repeats: 'late' }),
      )
      if (error !== 'NONE') return this.#giveUp(error)
      this.#added.add('offsets')
    }
    const offset = { committedOffset: transaction.number, committedLeaderEpoch: -1, committedMetadata: null }
    const topics = [{ name: topic, partitions: [{ partitionIndex: 0, ...offset }] }]
    const body = { ...identity, generationId: -1, memberId: '', groupInstanceId: null, topics }
    const repeats = this.#repeats()
    transaction.offset = transaction.number
    const { error } = await this.#send(async () => {
      const version = isVersion2 ? 5 : 3
      const answer = await network.ask(txnOffsetCommitRequest, txnOffsetCommitResponse, version, body, {
        repeats,
      })
      return answer.topics[0]!.partitions[0]!
    })
    if (error !== 'NONE') this.#giveUp(error)
  }

  /** In version 1 the next transaction has the same epoch, and what comes late would be its: KIP-890 came of that. */
  #repeats(): Repeats {
    return this.#options.isVersion2 ? 'late' : 'soon'
  }

  async #end(committed: boolean): Promise<void> {
    const transaction = this.#current!
    const { isVersion2 } = this.#options
    const body = { transactionalId: this.name, ...this.#identity!, committed }
    const { error, response, tries } = await this.#send(() =>
      this.#with.network.ask(endTxnRequest, endTxnResponse, isVersion2 ? 5 : 3, body, {
        repeats: this.#repeats(),
      }),
    )
    this.#current = undefined
    if (error === 'NONE') {
      transaction.outcome = committed ? 'committed' : 'aborted'
      if (isVersion2) this.#adopt(response!)
      this.#added = new Set()
      return
    }
    this.#checkFatal(error)
    // It may have been decided before the answer was lost; a fenced producer learns nothing more.
    transaction.outcome = committed && tries > 1 ? 'unknown' : 'aborted'
    this.#identity = undefined
  }

  /** A fatal error: another start will abort what is open. */
  #giveUp(error: string): void {
    this.#checkFatal(error)
    this.#current!.outcome = 'aborted'
    this.#current = undefined
    this.#identity = undefined
  }

  #checkFatal(error: string): void {
    if (fatal.has(error) || (this.mayForget && lostState.has(error))) return
    throw new Violation(`${this.name} was told ${error}`)
  }

  async #send<Response extends { readonly errorCode: number }>(
    request: () => Promise<Response>,
  ): Promise<{ error: string; response?: Response; tries: number }> {
    const { network, ledger } = this.#with
    for (let tries = 1; tries <= maxTries; tries++) {
      try {
        const response = await request()
        const error = ledger.noteError(response.errorCode)
        if (!retriable.has(error)) return { error, response, tries }
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
      }
      await network.machine.clock.sleep(retryDelayMs)
    }
    throw new Violation(`${this.name} gets no answer that it could go on with`)
  }
}
