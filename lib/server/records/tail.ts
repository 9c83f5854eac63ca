import type { Connection } from '@platformatic/kafka'
import type { z } from 'zod'
import type { KafkaRecord, tailRequest } from '../../contract/records.ts'
import { type FetchedPartition, fetchRaw } from '../kafka/fetch.ts'
import type { KafkaClient, TopicMetadata } from '../kafka/kafka-client.ts'
import { check, KafkaError } from '../kafka/kafka-error.ts'
import { latestOffset, topicOffsets } from '../kafka/list-offsets.ts'
import { choosePartitions } from './browse.ts'
import { compileFilter, type RecordFilter } from './filter.ts'
import { tailRecordsOf } from './tail-records.ts'
import type { RecordDecoding } from './to-record.ts'

type Request = z.output<typeof tailRequest>
export type TailSink = {
  /** New records in order of arrival, and how many were left out because there were too many. */
  records(records: KafkaRecord[], skipped: number): void
  failed(error: unknown): void
}

const maxWaitMs = 500
const fetchBytes = 2 * 1024 * 1024
const maxValueText = 4_096
const retryMs = 1_000
const offsetOutOfRange = 1

/** Follows the end of a topic from now on: a long poll to each leader on a connection of its own. */
export class Tail {
  readonly #client: KafkaClient
  readonly #request: Request
  readonly #sink: TailSink
  readonly #filter: RecordFilter | undefined
  readonly #decoding: RecordDecoding
  readonly #connections = new Set<Connection>()
  #closed = false

  /** Throws for a filter that does not parse. */
  constructor(client: KafkaClient, request: Request, sink: TailSink) {
    this.#client = client
    this.#request = request
    this.#sink = sink
    this.#filter = request.filter === undefined ? undefined : compileFilter(request.filter, request)
    const { keyDecoder, valueDecoder } = request
    this.#decoding = { keyDecoder, valueDecoder, maxText: maxValueText, raw: false }
  }

  /** Resolves when closed, or after `failed` was told. */
  async run(): Promise<void> {
    try {
      const topic = choosePartitions(await this.#client.topic(this.#request.topic), this.#request.partitions)
      const ends = await topicOffsets(this.#client, topic, latestOffset, {
        committed: this.#request.isolation === 'read_committed',
      })
      await this.#follow(topic, ends)
    } catch (error) {
      if (!this.#closed) this.#sink.failed(error)
    }
  }

  close(): void {
    this.#closed = true
    void Promise.allSettled([...this.#connections].map((connection) => connection.close()))
    this.#connections.clear()
  }

  async #follow(topic: TopicMetadata, positions: Map<number, number>): Promise<void> {
    let current = topic
    while (!this.#closed) {
      const byLeader = Map.groupBy(current.partitions, ({ leaderId }) => leaderId)
      const stillThere = [...byLeader].filter(([leader]) => leader >= 0)
      await Promise.allSettled(
        stillThere.map(([leader, partitions]) =>
          this.#followLeader(
            leader,
            partitions.map(({ partitionIndex }) => partitionIndex),
            positions,
          ),
        ),
      )
      if (this.#closed) return
      // Leaders moved or the connection broke: look again, and go on from where we were.
      await new Promise((resolve) => setTimeout(resolve, retryMs))
      if (this.#closed) return
      current = await this.#lookAgain(current)
    }
  }

  async #lookAgain(topic: TopicMetadata): Promise<TopicMetadata> {
    try {
      return choosePartitions(await this.#client.topic(this.#request.topic), this.#request.partitions)
    } catch (error) {
      if (error instanceof KafkaError && error.retriable) return topic
      throw error
    }
  }

  async #followLeader(leader: number, partitions: number[], positions: Map<number, number>): Promise<void> {
    const connection = await this.#client.dedicated(leader)
    this.#connections.add(connection)
    try {
      while (!this.#closed) {
        const fetched = await fetchRaw(connection, {
          topic: this.#request.topic,
          committed: this.#request.isolation === 'read_committed',
          maxBytes: fetchBytes,
          maxWaitMs,
          partitions: partitions.map((partition) => ({
            partition,
            offset: positions.get(partition) ?? 0,
            maxBytes: fetchBytes,
          })),
        })
        for (const partition of fetched) this.#take(partition, positions)
      }
    } finally {
      this.#connections.delete(connection)
      await connection.close()
    }
  }

  #take(fetched: FetchedPartition, positions: Map<number, number>): void {
    const position = positions.get(fetched.partition) ?? 0
    if (fetched.errorCode === offsetOutOfRange) {
      positions.set(
        fetched.partition,
        fetched.highWatermark < position ? fetched.highWatermark : fetched.logStartOffset,
      )
      return
    }
    check(fetched.errorCode)
    const taken = tailRecordsOf(fetched, position, this.#filter, this.#decoding)
    positions.set(fetched.partition, taken.nextOffset)
    if (taken.records.length > 0 || taken.skipped > 0) this.#sink.records(taken.records, taken.skipped)
  }
}
