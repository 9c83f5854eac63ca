import {
  deleteRecordsRequest,
  deleteRecordsResponse,
} from '../../../broker/protocol/schemas/21-delete-records.ts'
import { Violation } from '../ledger.ts'
import { type Client, type Surroundings, upTo } from './client.ts'
import { errorName } from './offset-commits.ts'

const retriable = new Set(['no answer', 'KAFKA_STORAGE_ERROR', 'NOT_LEADER_OR_FOLLOWER'])
/** It deletes now and then; more often it only waits. */
const actShare = 0.2

/** Deletes the first records of a topic's partitions: a crash may bring them back, but none may go that was kept. */
export class RecordDeleter implements Client {
  readonly name = 'deleter'
  readonly #topic: string
  readonly #partitionCount: number
  readonly #with: Surroundings
  /** By partition: what it has asked for so far. */
  readonly #offsets = new Map<number, number>()

  constructor(topic: string, partitionCount: number, surroundings: Surroundings) {
    this.#topic = topic
    this.#partitionCount = partitionCount
    this.#with = surroundings
  }

  async act(): Promise<void> {
    const { random, network, ledger } = this.#with
    if (random() > actShare) return
    const partitionIndex = upTo(random, this.#partitionCount)
    const offset = (this.#offsets.get(partitionIndex) ?? 0) + upTo(random, 6)
    const body = {
      topics: [{ name: this.#topic, partitions: [{ partitionIndex, offset }] }],
      timeoutMs: 1_000,
    }
    // Also when nobody answers, it may be done.
    ledger.deletes(`${this.#topic}-${partitionIndex}`, offset)
    const error = await errorName(async () => {
      const answer = await network.ask(deleteRecordsRequest, deleteRecordsResponse, 2, body, {
        repeats: 'late',
      })
      return answer.topics[0]!.partitions[0]!
    })
    if (error === 'NONE') this.#offsets.set(partitionIndex, offset)
    else if (error !== 'OFFSET_OUT_OF_RANGE' && !retriable.has(error))
      throw new Violation(`the deleter was told ${error}`)
  }
}
