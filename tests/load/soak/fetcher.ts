import type { WireClient } from '../../../broker/protocol/client.ts'
import { errorOf } from '../../../broker/protocol/error-codes.ts'
import { fetchRequest, fetchResponse } from '../../../broker/protocol/schemas/01-fetch.ts'
import { batchesOf } from '../../../broker/records/record-batch.ts'
import { AnswerError, earliest, offsetOf } from '../requests.ts'

const sessionErrors = ['FETCH_SESSION_ID_NOT_FOUND', 'INVALID_FETCH_SESSION_EPOCH']

/** Follows partitions of one topic with a fetch session (KIP-227), as consumers do. */
export class Fetcher {
  readonly positions: Map<number, number>
  readonly #client: WireClient
  readonly #topic: string
  #sessionId = 0
  #epoch = 0
  /** What the session on the broker knows. */
  #told = new Map<number, number>()

  constructor(client: WireClient, topic: string, positions: ReadonlyMap<number, number>) {
    this.#client = client
    this.#topic = topic
    this.positions = new Map(positions)
  }

  /** One fetch; gives the bytes that came. Positions move on, also out of what retention has dropped. */
  async poll(maxWaitMs: number): Promise<number> {
    const changed = [...this.positions].filter(([partition, offset]) => this.#told.get(partition) !== offset)
    const forgotten = [...this.#told.keys()].filter((partition) => !this.positions.has(partition))
    const partitions = changed.map(([partition, fetchOffset]) => ({
      partition,
      fetchOffset,
      partitionMaxBytes: 1_000_000,
    }))
    const topic = this.#topic
    const body = {
      maxWaitMs,
      minBytes: 1,
      sessionId: this.#sessionId,
      sessionEpoch: this.#epoch,
      topics: partitions.length > 0 ? [{ topic, partitions }] : [],
      forgottenTopicsData: forgotten.length > 0 ? [{ topic, partitions: forgotten }] : [],
    }
    const answer = await this.#client.send(fetchRequest, fetchResponse, 12, body, maxWaitMs + 30_000)
    const { name } = errorOf(answer.errorCode)
    if (sessionErrors.includes(name)) return this.#forget()
    if (name !== 'NONE') throw new AnswerError('fetch', name)
    // 0: no slot was free for a session, so each fetch is a full one.
    this.#told = answer.sessionId === 0 ? new Map() : new Map(this.positions)
    this.#epoch = answer.sessionId === 0 ? 0 : this.#epoch + 1
    this.#sessionId = answer.sessionId
    let bytes = 0
    for (const read of answer.responses.flatMap((each) => each.partitions)) bytes += await this.#take(read)
    return bytes
  }

  async #take(read: { partitionIndex: number; errorCode: number; records: Buffer | null }): Promise<number> {
    const { name } = errorOf(read.errorCode)
    if (name === 'OFFSET_OUT_OF_RANGE') {
      const start = await offsetOf(this.#client, this.#topic, read.partitionIndex, earliest)
      this.positions.set(read.partitionIndex, start)
      return 0
    }
    if (name !== 'NONE') throw new AnswerError(`fetch from ${this.#topic}-${read.partitionIndex}`, name)
    if (read.records === null || !this.positions.has(read.partitionIndex)) return 0
    for (const batch of batchesOf(read.records)) this.positions.set(read.partitionIndex, batch.nextOffset)
    return read.records.length
  }

  #forget(): number {
    this.#sessionId = 0
    this.#epoch = 0
    this.#told = new Map()
    return 0
  }
}
