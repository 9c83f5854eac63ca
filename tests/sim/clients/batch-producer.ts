import { errorOf } from '../../../broker/protocol/error-codes.ts'
import { produceRequest, produceResponse } from '../../../broker/protocol/schemas/00-produce.ts'
import {
  initProducerIdRequest,
  initProducerIdResponse,
} from '../../../broker/protocol/schemas/22-init-producer-id.ts'
import { encodeRecordBatch, type NewRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { type Entry, Violation } from '../ledger.ts'
import { NoAnswer } from '../network.ts'
import { type Client, type Surroundings, upTo } from './client.ts'

export type ProducerOptions = {
  readonly name: string
  readonly topic: string
  readonly partitionCount: number
  readonly isIdempotent: boolean
  /** Records get one of so many keys; 0: none. */
  readonly keyCount: number
}

/** Answers to a batch after which the same batch is sent again. */
const retriable = new Set([
  'no answer',
  'KAFKA_STORAGE_ERROR',
  'NOT_LEADER_OR_FOLLOWER',
  'NOT_ENOUGH_REPLICAS',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'COORDINATOR_LOAD_IN_PROGRESS',
])
/** Answers that may come to a producer whose records a power cut has taken. */
const lostState = new Set(['OUT_OF_ORDER_SEQUENCE_NUMBER', 'UNKNOWN_PRODUCER_ID'])
const retryDelayMs = 100
const codecs = ['none', 'none', 'gzip', 'lz4'] as const
/** Kafka takes the records of acks=1 and acks=-1 alike with one replica. */
const acksOf = [-1, -1, 1] as const

type Identity = { readonly producerId: number; readonly producerEpoch: number }
type Batch = {
  readonly partition: number
  readonly entries: readonly Entry[]
  readonly bytes: Buffer
  readonly acks: number
}

/** A producer without transactions, with or without idempotence: one batch at a time, sent until it is answered. */
export class BatchProducer implements Client {
  readonly name: string
  acknowledged = 0
  /** A power cut may take what was acknowledged but not flushed: then a refused sequence is no fault of the node. */
  mayForget = false
  readonly #options: ProducerOptions
  readonly #with: Surroundings
  readonly #sequences = new Map<number, number>()
  #identity: Identity | undefined
  #number = 0
  #unanswered: Batch | undefined

  constructor(options: ProducerOptions, surroundings: Surroundings) {
    this.name = options.name
    this.#options = options
    this.#with = surroundings
  }

  async act(): Promise<void> {
    if (this.#options.isIdempotent && !this.#identity && !(await this.#init())) return
    this.#unanswered ??= this.#newBatch()
    await this.#send(this.#unanswered)
  }

  async finish(): Promise<void> {
    while (this.#unanswered) await this.act()
  }

  async #init(): Promise<boolean> {
    const body = { transactionalId: null, transactionTimeoutMs: 60_000 }
    const { network, ledger } = this.#with
    try {
      const answer = await network.ask(initProducerIdRequest, initProducerIdResponse, 4, body, {
        repeats: 'late',
      })
      const error = ledger.noteError(answer.errorCode)
      if (error === 'NONE') this.#identity = answer
      else if (!retriable.has(error)) throw new Violation(`InitProducerId answered ${error}`)
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
    }
    if (!this.#identity) await network.machine.clock.sleep(retryDelayMs)
    return this.#identity !== undefined
  }

  #newBatch(): Batch {
    const { random, ledger, network } = this.#with
    const { topic, keyCount } = this.#options
    const partition = upTo(random, this.#options.partitionCount)
    const records = Array.from({ length: 1 + upTo(random, 3) }, () => ({
      value: `${this.name}:${this.#number++}${'.'.repeat(upTo(random, 60))}`,
      key: keyCount === 0 ? null : `k${upTo(random, keyCount)}`,
    }))
    const guarantee = this.#identity ? 'exactly once' : 'at least once'
    const entries = ledger.newBatch(
      `${topic}-${partition}`,
      `${this.name} ${this.#identity?.producerId}`,
      guarantee,
      records,
    )
    const baseSequence = this.#sequences.get(partition) ?? 0
    const identity = this.#identity ? { ...this.#identity, baseSequence } : {}
    const batch: NewRecordBatch = {
      records,
      ...identity,
      // The client's own time, which the broker's jumps do not reach.
      timestampMs: Date.UTC(2026, 0, 1) + network.machine.clock.elapsedMs(),
      compression: codecs[upTo(random, codecs.length)]!,
    }
    const acks = acksOf[upTo(random, acksOf.length)]!
    return { partition, entries, bytes: encodeRecordBatch(batch), acks }
  }

  async #send(batch: Batch): Promise<void> {
    const error = await this.#tryOnce(batch)
    if (retriable.has(error)) return this.#with.network.machine.clock.sleep(retryDelayMs)
    this.#unanswered = undefined
    if (error === 'NONE') {
      this.acknowledged++
      this.#sequences.set(batch.partition, (this.#sequences.get(batch.partition) ?? 0) + batch.entries.length)
    } else if (this.mayForget && lostState.has(error)) {
      this.#identity = undefined
      this.#sequences.clear()
    } else throw new Violation(`${this.name} was refused ${batch.entries[0]!.value}: ${error}`)
  }

  async #tryOnce({ partition, entries, bytes, acks }: Batch): Promise<string> {
    const { network, ledger } = this.#with
    const body = {
      transactionalId: null,
      acks,
      timeoutMs: 1_000,
      topicData: [{ name: this.#options.topic, partitionData: [{ index: partition, records: bytes }] }],
    }
    try {
      const answer = await network.ask(produceRequest, produceResponse, 9, body, {
        repeats: 'late',
        observe: (each) =>
          ledger.answered(entries, each === 'no answer' ? each : each.responses[0]!.partitionResponses[0]!),
      })
      return errorOf(answer.responses[0]!.partitionResponses[0]!.errorCode).name
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      return 'no answer'
    }
  }
}
