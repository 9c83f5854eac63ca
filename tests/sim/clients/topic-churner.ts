import { produceRequest, produceResponse } from '../../../broker/protocol/schemas/00-produce.ts'
import { fetchRequest, fetchResponse } from '../../../broker/protocol/schemas/01-fetch.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../../broker/protocol/schemas/19-create-topics.ts'
import {
  deleteTopicsRequest,
  deleteTopicsResponse,
} from '../../../broker/protocol/schemas/20-delete-topics.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { Violation } from '../ledger.ts'
import type { Client, Surroundings } from './client.ts'
import { fetchBody } from './committed-reader.ts'
import { errorName } from './offset-commits.ts'

const topic = 'churned'
const retryDelayMs = 100
/** The node answers this while its disk or its metadata log is broken. */
const retriable = new Set(['no answer', 'KAFKA_STORAGE_ERROR'])

/** Creates a topic, writes to it, deletes it, and makes it again: then it is empty. */
export class TopicChurner implements Client {
  readonly name = 'churner'
  readonly #with: Surroundings
  #next: 'create' | 'write' | 'read' | 'delete' = 'create'
  #writes = 0

  constructor(surroundings: Surroundings) {
    this.#with = surroundings
  }

  async act(): Promise<void> {
    switch (this.#next) {
      case 'create':
        await this.#insist(['NONE', 'TOPIC_ALREADY_EXISTS'], () => this.#create())
        this.#writes = 0
        this.#next = 'write'
        return
      case 'write':
        await this.#insist(['NONE'], () => this.#write())
        this.#next = 'read'
        return
      case 'read':
        // Nothing of the topic that had this name before.
        await this.#insist(['NONE'], () => this.#read())
        this.#next = 'delete'
        return
      case 'delete':
        await this.#insist(['NONE', 'UNKNOWN_TOPIC_OR_PARTITION'], () => this.#delete())
        this.#next = 'create'
    }
  }

  async #insist(
    accepted: readonly string[],
    request: () => Promise<{ readonly errorCode: number }>,
  ): Promise<void> {
    for (;;) {
      const error = await errorName(request)
      if (accepted.includes(error)) return
      if (!retriable.has(error)) throw new Violation(`${this.name}: ${this.#next} answered ${error}`)
      await this.#with.network.machine.clock.sleep(retryDelayMs)
    }
  }

  /** Not sent twice by the network: what comes late would undo what was done since. */
  async #create() {
    const body = {
      topics: [{ name: topic, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
      timeoutMs: 1_000,
    }
    const answer = await this.#with.network.ask(createTopicsRequest, createTopicsResponse, 7, body, {
      repeats: 'soon',
    })
    return answer.topics[0]!
  }

  async #delete() {
    const body = { topics: [], topicNames: [topic], timeoutMs: 1_000 }
    const answer = await this.#with.network.ask(deleteTopicsRequest, deleteTopicsResponse, 5, body, {
      repeats: 'soon',
    })
    return answer.responses[0]!
  }

  async #write() {
    // Each is delivered twice at most.
    this.#writes += 2
    const records = encodeRecordBatch({ records: [{ value: 'x'.repeat(50) }] })
    const body = {
      transactionalId: null,
      acks: -1,
      timeoutMs: 1_000,
      topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
    }
    const answer = await this.#with.network.ask(produceRequest, produceResponse, 9, body, { repeats: 'soon' })
    return answer.responses[0]!.partitionResponses[0]!
  }

  async #read() {
    const body = fetchBody(topic, 0, 0, { isolationLevel: 0, maxBytes: 1_000, maxWaitMs: 0 })
    const answer = await this.#with.network.ask(fetchRequest, fetchResponse, 12, body, { repeats: 'soon' })
    const data = answer.responses[0]!.partitions[0]!
    if (data.errorCode === 0 && data.highWatermark > this.#writes)
      throw new Violation(`${topic} has ${data.highWatermark} records, ${this.#writes} were sent to it`)
    return data
  }
}
