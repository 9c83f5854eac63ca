import type { WireClient } from '../../../broker/protocol/client.ts'
import { errorOf } from '../../../broker/protocol/error-codes.ts'
import { produceRequest, produceResponse } from '../../../broker/protocol/schemas/00-produce.ts'
import { fetchRequest, fetchResponse } from '../../../broker/protocol/schemas/01-fetch.ts'
import { offsetFetchRequest, offsetFetchResponse } from '../../../broker/protocol/schemas/09-offset-fetch.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../../broker/protocol/schemas/10-find-coordinator.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../../broker/protocol/schemas/19-create-topics.ts'
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
  writeTxnMarkersRequest,
  writeTxnMarkersResponse,
} from '../../../broker/protocol/schemas/27-write-txn-markers.ts'
import {
  txnOffsetCommitRequest,
  txnOffsetCommitResponse,
} from '../../../broker/protocol/schemas/28-txn-offset-commit.ts'
import {
  describeProducersRequest,
  describeProducersResponse,
} from '../../../broker/protocol/schemas/61-describe-producers.ts'
import {
  describeTransactionsRequest,
  describeTransactionsResponse,
} from '../../../broker/protocol/schemas/65-describe-transactions.ts'
import {
  listTransactionsRequest,
  listTransactionsResponse,
} from '../../../broker/protocol/schemas/66-list-transactions.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'

export type Producer = { readonly producerId: number; readonly producerEpoch: number }
type Options = { readonly v?: number; readonly id?: string }
type ProduceOptions = Options & {
  readonly topic?: string
  readonly partition?: number
  readonly sequence?: number
  readonly count?: number
  readonly transactionalId?: string | null
  readonly isTransactional?: boolean
}

const retryLimitMs = 20_000

function name(code: number): string {
  return errorOf(code).name
}

/**
 * Speaks the transactional APIs to one broker and writes down every answer as a line. What differs between any two
 * brokers is left out: producer ids are named in the order in which they come up.
 */
export class TransactionSpeaker {
  readonly lines: string[] = []
  readonly #client: WireClient
  /** Before the names of topics, groups and transactional ids, so that scenarios do not meet. */
  readonly #prefix: string
  readonly #names = new Map<number, string>([[-1, '-']])

  constructor(client: WireClient, prefix: string) {
    this.#client = client
    this.#prefix = prefix
  }

  /** The topic `t`, and coordinators that are ready. */
  async prepare(): Promise<void> {
    await this.createTopic('t')
    await this.findCoordinator('tx', 1)
    await this.findCoordinator('g', 0)
  }

  /** A name of this scenario's own; what is empty or null stays. */
  #own<Name extends string | null>(name: Name): Name {
    return (name ? `${this.#prefix}-${name}` : name) as Name
  }

  #short(name: string): string {
    return name.startsWith(`${this.#prefix}-`) ? name.slice(this.#prefix.length + 1) : name
  }

  #say(line: string): void {
    this.lines.push(line)
  }

  #shown(results: Parameters<typeof shownResults>[1]): string {
    return shownResults((topic) => this.#short(topic), results)
  }

  #nameOf(producerId: number): string {
    const known = this.#names.get(producerId) ?? `p${this.#names.size}`
    this.#names.set(producerId, known)
    return known
  }

  /** Waits for the leaders too: Kafka's answer comes before them. */
  async createTopic(topic: string, partitions = 2): Promise<void> {
    await this.#client.send(createTopicsRequest, createTopicsResponse, 7, {
      topics: [
        {
          name: this.#own(topic),
          numPartitions: partitions,
          replicationFactor: 1,
          assignments: [],
          configs: [],
        },
      ],
      timeoutMs: 10_000,
    })
    const untilMs = Date.now() + retryLimitMs
    for (let partition = 0; partition < partitions && Date.now() < untilMs; ) {
      if ((await this.#fetch(topic, partition, 0)).highWatermark === 0) partition++
    }
  }

  /** Waits until there is a coordinator; what is asked after it is answered for good. */
  async findCoordinator(key: string, keyType: number): Promise<void> {
    const untilMs = Date.now() + retryLimitMs
    for (;;) {
      const { coordinators } = await this.#client.send(findCoordinatorRequest, findCoordinatorResponse, 4, {
        keyType,
        coordinatorKeys: [this.#own(key)],
      })
      const code = coordinators[0]!.errorCode
      const isTransient = ['COORDINATOR_NOT_AVAILABLE', 'COORDINATOR_LOAD_IN_PROGRESS'].includes(name(code))
      if (!isTransient || Date.now() > untilMs)
        return this.#say(`findCoordinator '${key}' type ${keyType}: ${name(code)}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async init(
    id: string | null,
    {
      v = 5,
      timeoutMs = 60_000,
      expected = { producerId: -1, producerEpoch: -1 },
    }: { v?: number; timeoutMs?: number; expected?: Producer } = {},
  ): Promise<Producer> {
    const untilMs = Date.now() + retryLimitMs
    for (;;) {
      const answer = await this.#client.send(initProducerIdRequest, initProducerIdResponse, v, {
        transactionalId: this.#own(id),
        transactionTimeoutMs: timeoutMs,
        ...expected,
      })
      const error = name(answer.errorCode)
      const isTransient = ['COORDINATOR_LOAD_IN_PROGRESS', 'NOT_COORDINATOR'].includes(error)
      if (isTransient && Date.now() < untilMs) continue
      this.#say(`init v${v} ${id}: ${error} ${this.#nameOf(answer.producerId)} ${answer.producerEpoch}`)
      return answer
    }
  }

  async add(producer: Producer, partitions: Record<string, number[]>, options: Options = {}): Promise<void> {
    const { v = 3, id = 'tx' } = options
    const topics = Object.entries(partitions).map(([topic, list]) => ({
      name: this.#own(topic),
      partitions: list,
    }))
    const answer = await this.#client.send(addPartitionsToTxnRequest, addPartitionsToTxnResponse, v, {
      transactions: [{ transactionalId: this.#own(id), ...identity(producer), verifyOnly: false, topics }],
      v3AndBelowTransactionalId: this.#own(id),
      v3AndBelowProducerId: producer.producerId,
      v3AndBelowProducerEpoch: producer.producerEpoch,
      v3AndBelowTopics: topics,
    })
    this.#say(
      `add v${v} ${this.#shown(v > 3 ? answer.resultsByTransaction[0]!.topicResults : answer.resultsByTopicV3AndBelow)}`,
    )
  }

  async verify(producer: Producer, partitions: Record<string, number[]>, { v = 4, id = 'tx' }: Options = {}) {
    const topics = Object.entries(partitions).map(([topic, list]) => ({
      name: this.#own(topic),
      partitions: list,
    }))
    const answer = await this.#client.send(addPartitionsToTxnRequest, addPartitionsToTxnResponse, v, {
      transactions: [{ transactionalId: this.#own(id), ...identity(producer), verifyOnly: true, topics }],
      v3AndBelowTransactionalId: '',
      v3AndBelowProducerId: 0,
      v3AndBelowProducerEpoch: 0,
      v3AndBelowTopics: [],
    })
    this.#say(`verify v${v} ${this.#shown(answer.resultsByTransaction[0]!.topicResults)}`)
  }

  async addOffsets(producer: Producer, groupId: string, { v = 3, id = 'tx' }: Options = {}): Promise<void> {
    const body = { transactionalId: this.#own(id), ...identity(producer), groupId: this.#own(groupId) }
    const answer = await this.#client.send(addOffsetsToTxnRequest, addOffsetsToTxnResponse, v, body)
    this.#say(`addOffsets v${v} ${groupId}: ${name(answer.errorCode)}`)
  }

  async produce(producer: Producer, options: ProduceOptions = {}): Promise<void> {
    const { v = 12, id = 'tx', topic = 't', partition = 0, sequence = 0, count = 1 } = options
    const { transactionalId = id, isTransactional = true } = options
    const records = Array.from({ length: count }, (_, at) => ({ key: `k${at}`, value: 'v' }))
    const batch = {
      records,
      timestampMs: Date.now(),
      ...identity(producer),
      baseSequence: sequence,
      isTransactional,
    }
    // The coordinator is on its way to the end of the last transaction: a client tries again, and so do we.
    const untilMs = Date.now() + retryLimitMs
    for (;;) {
      const answer = await this.#client.send(produceRequest, produceResponse, v, {
        transactionalId: this.#own(transactionalId),
        acks: -1,
        timeoutMs: 10_000,
        topicData: [
          {
            name: this.#own(topic),
            partitionData: [{ index: partition, records: encodeRecordBatch(batch) }],
          },
        ],
      })
      const { errorCode: code, baseOffset } = answer.responses[0]!.partitionResponses[0]!
      const isTransient = ['CONCURRENT_TRANSACTIONS', 'NOT_ENOUGH_REPLICAS'].includes(name(code))
      if (isTransient && Date.now() < untilMs) continue
      return this.#say(`produce v${v} ${topic}-${partition} seq ${sequence}: ${name(code)} at ${baseOffset}`)
    }
  }

  async end(producer: Producer, committed: boolean, { v = 3, id = 'tx' }: Options = {}): Promise<Producer> {
    const untilMs = Date.now() + retryLimitMs
    for (;;) {
      const body = { transactionalId: this.#own(id), ...identity(producer), committed }
      const answer = await this.#client.send(endTxnRequest, endTxnResponse, v, body)
      if (name(answer.errorCode) === 'CONCURRENT_TRANSACTIONS' && Date.now() < untilMs) continue
      const next = `${this.#nameOf(answer.producerId)} ${answer.producerEpoch}`
      this.#say(`${committed ? 'commit' : 'abort'} v${v}: ${name(answer.errorCode)} ${next}`)
      return answer
    }
  }

  async commitOffset(
    producer: Producer,
    groupId: string,
    options: Options & {
      topic?: string
      partition?: number
      offset?: number
      generationId?: number
      memberId?: string
      metadata?: string
    } = {},
  ): Promise<void> {
    const {
      v = 5,
      id = 'tx',
      topic = 't',
      partition = 0,
      offset = 1,
      generationId = -1,
      memberId = '',
    } = options
    const untilMs = Date.now() + retryLimitMs
    for (;;) {
      const answer = await this.#client.send(txnOffsetCommitRequest, txnOffsetCommitResponse, v, {
        transactionalId: this.#own(id),
        groupId: this.#own(groupId),
        ...identity(producer),
        generationId,
        memberId,
        groupInstanceId: null,
        topics: [
          {
            name: this.#own(topic),
            partitions: [
              {
                partitionIndex: partition,
                committedOffset: offset,
                committedLeaderEpoch: -1,
                committedMetadata: options.metadata ?? null,
              },
            ],
          },
        ],
      })
      const code = answer.topics[0]!.partitions[0]!.errorCode
      const transient = ['CONCURRENT_TRANSACTIONS', 'COORDINATOR_LOAD_IN_PROGRESS']
      if (transient.includes(name(code)) && Date.now() < untilMs) continue
      return this.#say(`commitOffset v${v} ${groupId} ${topic}-${partition}=${offset}: ${name(code)}`)
    }
  }

  async fetchOffsets(groupId: string, requireStable: boolean, all = false): Promise<void> {
    const topics = all ? null : [{ name: this.#own('t'), partitionIndexes: [0, 1] }]
    const answer = await this.#client.send(offsetFetchRequest, offsetFetchResponse, 8, {
      groups: [{ groupId: this.#own(groupId), topics }],
      requireStable,
    })
    const shown = answer.groups[0]!.topics.flatMap((topic) =>
      topic.partitions.map((partition) => {
        return `${this.#short(topic.name)}-${partition.partitionIndex}=${partition.committedOffset} ${name(partition.errorCode)}`
      }),
    )
    this.#say(`offsets of ${groupId}${requireStable ? ', stable' : ''}: ${shown.sort().join(', ') || 'none'}`)
  }

  /** How the log looks to a consumer of either isolation. */
  async fetch(partition = 0, topic = 't'): Promise<void> {
    for (const isolationLevel of [0, 1]) {
      const data = await this.#fetch(topic, partition, isolationLevel)
      const aborted = (data.abortedTransactions ?? []).map(
        ({ producerId, firstOffset }) => `${this.#nameOf(producerId)}@${firstOffset}`,
      )
      const offsets = `hw ${data.highWatermark} lso ${data.lastStableOffset}`
      const list = data.abortedTransactions ? ` aborted [${aborted.sort().join(' ')}]` : ''
      this.#say(`fetch isolation ${isolationLevel} ${topic}-${partition}: ${offsets}${list}`)
    }
  }

  async #fetch(topic: string, partition: number, isolationLevel: number) {
    const asked = { partition, fetchOffset: 0, partitionMaxBytes: 1_000_000 }
    const answer = await this.#client.send(fetchRequest, fetchResponse, 11, {
      replicaId: -1,
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: 1_000_000,
      isolationLevel,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [{ topic: this.#own(topic), partitions: [asked] }],
      forgottenTopicsData: [],
    })
    return answer.responses[0]!.partitions[0]!
  }

  async producers(partition = 0, topic = 't'): Promise<void> {
    const body = { topics: [{ name: this.#own(topic), partitionIndexes: [partition] }] }
    const answer = await this.#client.send(describeProducersRequest, describeProducersResponse, 0, body)
    const { errorCode: code, activeProducers } = answer.topics[0]!.partitions[0]!
    const shown = activeProducers.map((producer) => {
      const { producerId, producerEpoch, lastSequence, currentTxnStartOffset } = producer
      return `${this.#nameOf(producerId)}/${producerEpoch} seq ${lastSequence} open ${currentTxnStartOffset}`
    })
    this.#say(`producers of ${topic}-${partition}: ${name(code)} ${shown.sort().join(', ')}`)
  }

  /** Waits until the markers are written, then tells the state. */
  async describe(id = 'tx', until?: string): Promise<Producer> {
    const untilMs = Date.now() + retryLimitMs
    for (;;) {
      const body = { transactionalIds: [this.#own(id)] }
      const answer = await this.#client.send(
        describeTransactionsRequest,
        describeTransactionsResponse,
        0,
        body,
      )
      const state = answer.transactionStates[0]!
      const isDue = until ? state.transactionState === until : !state.transactionState.startsWith('Prepare')
      if (!isDue && Date.now() < untilMs) {
        await new Promise((resolve) => setTimeout(resolve, 5))
        continue
      }
      if (state.errorCode !== 0) {
        this.#say(`describe '${id}': ${name(state.errorCode)}`)
        return state
      }
      const partitions = state.topics.flatMap(({ topic, partitions }) =>
        partitions.map((index) => `${this.#short(topic)}-${index}`),
      )
      const start = state.transactionStartTimeMs > 0 ? 'begun' : state.transactionStartTimeMs
      const who = `${this.#nameOf(state.producerId)} ${state.producerEpoch}`
      this.#say(
        `describe '${id}': ${name(state.errorCode)} ${state.transactionState} ${who} timeout ${state.transactionTimeoutMs} ${start} [${partitions.sort().join(' ')}]`,
      )
      return state
    }
  }

  async list(
    filter: {
      v?: number
      states?: string[]
      producers?: number[]
      durationMs?: number
      pattern?: string | null
    } = {},
  ): Promise<void> {
    const { v = 2, states = [], producers = [], durationMs = -1, pattern = null } = filter
    const answer = await this.#client.send(listTransactionsRequest, listTransactionsResponse, v, {
      stateFilters: states,
      producerIdFilters: producers,
      durationFilter: durationMs,
      transactionalIdPattern: pattern,
    })
    const shown = answer.transactionStates.map(
      ({ transactionalId, producerId, transactionState }) =>
        `${this.#short(transactionalId)}(${this.#nameOf(producerId)} ${transactionState})`,
    )
    const unknown = answer.unknownStateFilters.join(' ')
    this.#say(
      `list v${v} ${JSON.stringify({ states, durationMs, pattern })}: ${name(answer.errorCode)} ${shown.sort().join(' ')} unknown [${unknown}]`,
    )
  }

  async mark(
    producer: Producer,
    committed: boolean,
    options: {
      v?: number
      topic?: string
      partition?: number
      coordinatorEpoch?: number
      version?: number
    } = {},
  ): Promise<void> {
    const { v = 1, topic = 't', partition = 0, coordinatorEpoch = 0, version = 0 } = options
    const answer = await this.#client.send(writeTxnMarkersRequest, writeTxnMarkersResponse, v, {
      markers: [
        {
          ...identity(producer),
          transactionResult: committed,
          topics: [{ name: this.#own(topic), partitionIndexes: [partition] }],
          coordinatorEpoch,
          transactionVersion: version,
        },
      ],
    })
    const code = answer.markers[0]!.topics[0]!.partitions[0]!.errorCode
    this.#say(`mark v${v}/${version} ${committed} epoch ${producer.producerEpoch}: ${name(code)}`)
  }
}

function identity({ producerId, producerEpoch }: Producer): Producer {
  return { producerId, producerEpoch }
}

function shownResults(
  short: (name: string) => string,
  results: readonly {
    readonly name: string
    readonly resultsByPartition: readonly { partitionIndex: number; partitionErrorCode: number }[]
  }[],
): string {
  return results
    .flatMap((topic) =>
      topic.resultsByPartition.map(
        ({ partitionIndex, partitionErrorCode }) =>
          `${short(topic.name)}-${partitionIndex}=${name(partitionErrorCode)}`,
      ),
    )
    .sort()
    .join(' ')
}
