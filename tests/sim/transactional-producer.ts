import { errorOf } from '../../broker/protocol/error-codes.ts'
import { produceRequest, produceResponse } from '../../broker/protocol/schemas/00-produce.ts'
import {
  initProducerIdRequest,
  initProducerIdResponse,
} from '../../broker/protocol/schemas/22-init-producer-id.ts'
import {
  addPartitionsToTxnRequest,
  addPartitionsToTxnResponse,
} from '../../broker/protocol/schemas/24-add-partitions-to-txn.ts'
import {
  addOffsetsToTxnRequest,
  addOffsetsToTxnResponse,
} from '../../broker/protocol/schemas/25-add-offsets-to-txn.ts'
import { endTxnRequest, endTxnResponse } from '../../broker/protocol/schemas/26-end-txn.ts'
import {
  txnOffsetCommitRequest,
  txnOffsetCommitResponse,
} from '../../broker/protocol/schemas/28-txn-offset-commit.ts'
import { encodeRecordBatch } from '../../broker/records/record-batch-builder.ts'
import { NoAnswer, partitionCount, type TransactionalBroker } from './transactional-broker.ts'

/** What became of a transaction, as far as its producer was told. */
export type Outcome = 'open' | 'committed' | 'aborted' | 'unknown'
export type TransactionLogEntry = {
  readonly number: number
  values: string[]
  offset?: number
  outcome: Outcome
}

const maxTries = 60
const retriable = new Set([
  'CONCURRENT_TRANSACTIONS',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'NOT_LEADER_OR_FOLLOWER',
  'NOT_ENOUGH_REPLICAS',
  'UNKNOWN_TOPIC_OR_PARTITION',
])

/**
 * A producer of either generation that writes numbered values in transactions, sends again what was not answered,
 * and writes down what it was told. Fatal errors make it start over, as an application would.
 */
export class TransactionalProducer {
  readonly id: string
  readonly groupId: string
  readonly transactions: TransactionLogEntry[] = []
  readonly #broker: TransactionalBroker
  readonly #isVersion2: boolean
  readonly #random: () => number
  #identity: { producerId: number; producerEpoch: number } | undefined
  #sequences = new Map<number, number>()
  #added = new Set<number | 'offsets'>()
  #current: TransactionLogEntry | undefined
  /** Requests of before, which the network may deliver once more. */
  readonly #sent: (() => Promise<unknown>)[] = []

  constructor(broker: TransactionalBroker, id: string, isVersion2: boolean, random: () => number) {
    this.#broker = broker
    this.id = id
    this.groupId = `g-${id}`
    this.#isVersion2 = isVersion2
    this.#random = random
  }

  /** Starts, or takes the transactional id over from itself as another process would. */
  async start(): Promise<void> {
    if (this.#current && this.#current.outcome === 'open') this.#current.outcome = 'aborted'
    this.#current = undefined
    const answer = await this.#send(async () => {
      const body = {
        transactionalId: this.id,
        transactionTimeoutMs: 20_000,
        producerId: -1,
        producerEpoch: -1,
      }
      return this.#broker.ask(initProducerIdRequest, initProducerIdResponse, 4, body)
    })
    if (answer.error !== 'NONE') throw new Error(`init: ${answer.error}`)
    this.#adopt(answer.response!)
  }

  async act(): Promise<void> {
    if (!this.#identity) return this.start()
    if (!this.#current) {
      this.#current = { number: this.transactions.length, values: [], outcome: 'open' }
      this.transactions.push(this.#current)
    }
    if (this.#sent.length > 0 && this.#random() < 0.1) return this.#deliverAgain()
    const choice = this.#random()
    if (choice < 0.6) return this.#produce(Math.floor(this.#random() * partitionCount))
    if (choice < 0.7) return this.#commitOffset()
    if (this.#current.values.length === 0 && this.#current.offset === undefined) return
    return this.#end(choice < 0.92)
  }

  /** Nobody waits for the answer any more, and nothing may come of it. */
  async #deliverAgain(): Promise<void> {
    try {
      await this.#sent[Math.floor(this.#random() * this.#sent.length)]!()
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
    }
  }

  #adopt({ producerId, producerEpoch }: { producerId: number; producerEpoch: number }): void {
    this.#identity = { producerId, producerEpoch }
    this.#sequences = new Map()
    this.#added = new Set()
  }

  async #produce(partition: number): Promise<void> {
    const transaction = this.#current!
    if (!(await this.#add(partition))) return this.#giveUp()
    const value = `${this.id}:${transaction.number}:${transaction.values.length}`
    const sequence = this.#sequences.get(partition) ?? 0
    const batch = { records: [{ value }], ...this.#identity!, baseSequence: sequence, isTransactional: true }
    const request = async () => {
      const answer = await this.#broker.ask(produceRequest, produceResponse, this.#isVersion2 ? 12 : 11, {
        transactionalId: this.id,
        acks: -1,
        timeoutMs: 1_000,
        topicData: [{ name: 't', partitionData: [{ index: partition, records: encodeRecordBatch(batch) }] }],
      })
      return answer.responses[0]!.partitionResponses[0]!
    }
    const { error } = await this.#send(request)
    this.#sent.push(request)
    if (error !== 'NONE') return this.#giveUp()
    this.#sequences.set(partition, sequence + 1)
    transaction.values.push(value)
  }

  /** Version 1 says first where it is going to write. */
  async #add(partition: number): Promise<boolean> {
    if (this.#isVersion2 || this.#added.has(partition)) return true
    const { error } = await this.#send(async () => {
      const { producerId, producerEpoch } = this.#identity!
      const answer = await this.#broker.ask(addPartitionsToTxnRequest, addPartitionsToTxnResponse, 3, {
        transactions: [],
        v3AndBelowTransactionalId: this.id,
        v3AndBelowProducerId: producerId,
        v3AndBelowProducerEpoch: producerEpoch,
        v3AndBelowTopics: [{ name: 't', partitions: [partition] }],
      })
      return { errorCode: answer.resultsByTopicV3AndBelow[0]!.resultsByPartition[0]!.partitionErrorCode }
    })
    if (error === 'NONE') this.#added.add(partition)
    return error === 'NONE'
  }

  async #commitOffset(): Promise<void> {
    const transaction = this.#current!
    if (!this.#isVersion2 && !this.#added.has('offsets')) {
      const { error } = await this.#send(() => {
        const body = { transactionalId: this.id, ...this.#identity!, groupId: this.groupId }
        return this.#broker.ask(addOffsetsToTxnRequest, addOffsetsToTxnResponse, 3, body)
      })
      if (error !== 'NONE') return this.#giveUp()
      this.#added.add('offsets')
    }
    const offset = { committedOffset: transaction.number, committedLeaderEpoch: -1, committedMetadata: null }
    const { error } = await this.#send(async () => {
      const answer = await this.#broker.ask(
        txnOffsetCommitRequest,
        txnOffsetCommitResponse,
        this.#isVersion2 ? 5 : 3,
        {
          transactionalId: this.id,
          groupId: this.groupId,
          ...this.#identity!,
          generationId: -1,
          memberId: '',
          groupInstanceId: null,
          topics: [{ name: 't', partitions: [{ partitionIndex: 0, ...offset }] }],
        },
      )
      return answer.topics[0]!.partitions[0]!
    })
    if (error !== 'NONE') return this.#giveUp()
    transaction.offset = transaction.number
  }

  async #end(committed: boolean): Promise<void> {
    const transaction = this.#current!
    const body = { transactionalId: this.id, ...this.#identity!, committed }
    const request = () => this.#broker.ask(endTxnRequest, endTxnResponse, this.#isVersion2 ? 5 : 3, body)
    const { error, response, wasUnanswered } = await this.#send(request)
    // In version 1 the next transaction has the same epoch, and a late EndTxn would end it: KIP-890 came of that.
    if (this.#isVersion2) this.#sent.push(request)
    this.#current = undefined
    if (error === 'NONE') {
      transaction.outcome = committed ? 'committed' : 'aborted'
      if (this.#isVersion2) this.#adopt(response!)
      this.#added = new Set()
      return
    }
    // It may have been decided before the answer was lost; a fenced producer learns nothing more.
    transaction.outcome = committed && wasUnanswered ? 'unknown' : 'aborted'
    this.#identity = undefined
  }

  /** A fatal error: another start will abort what is open. */
  #giveUp(): void {
    this.#current!.outcome = 'aborted'
    this.#current = undefined
    this.#identity = undefined
  }

  async #send<Response extends { readonly errorCode: number }>(
    request: () => Promise<Response>,
  ): Promise<{ error: string; response?: Response; wasUnanswered: boolean }> {
    let wasUnanswered = false
    for (let tries = 0; tries < maxTries; tries++) {
      try {
        const response = await request()
        const error = errorOf(response.errorCode).name
        if (!retriable.has(error)) return { error, response, wasUnanswered }
        this.#broker.fixture.clock.advance(100)
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
        wasUnanswered = true
      }
    }
    throw new Error(`${this.id} gets no answer that it could go on with`)
  }
}
