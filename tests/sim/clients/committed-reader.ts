import { partitionDir } from '../../../broker/log/log-dir.ts'
import { errorOf } from '../../../broker/protocol/error-codes.ts'
import type { DecodedShape } from '../../../broker/protocol/fields.ts'
import { fetchRequest, fetchResponse } from '../../../broker/protocol/schemas/01-fetch.ts'
import { endTransactionMarkerOf } from '../../../broker/records/control-record.ts'
import { recordsOf } from '../../../broker/records/record.ts'
import { batchesOf, type RecordBatch } from '../../../broker/records/record-batch.ts'
import { Violation } from '../ledger.ts'
import { NoAnswer } from '../network.ts'
import { type Client, type Surroundings, upTo } from './client.ts'

export type FetchedPartition = DecodedShape<
  typeof fetchResponse.shape
>['responses'][number]['partitions'][number]

const maxWaitMs = 500
/** Answers after which a reader asks again. */
const retriable = new Set(['KAFKA_STORAGE_ERROR', 'NOT_LEADER_OR_FOLLOWER', 'UNKNOWN_TOPIC_OR_PARTITION'])

/** A read_committed consumer of one partition that remembers each value that it was given. */
export class CommittedReader implements Client {
  readonly name: string
  /** By offset. */
  readonly seen = new Map<number, string>()
  readonly #topic: string
  readonly #partition: number
  readonly #with: Surroundings
  #offset = 0

  constructor(topic: string, partition: number, surroundings: Surroundings) {
    this.name = `reader of ${topic}-${partition}`
    this.#topic = topic
    this.#partition = partition
    this.#with = surroundings
  }

  async act(): Promise<void> {
    const { network, ledger, random } = this.#with
    const isLongPoll = random() < 0.5
    const body = fetchBody(this.#topic, this.#partition, this.#offset, {
      isolationLevel: 1,
      maxBytes: 300 + upTo(random, 2_000),
      maxWaitMs: isLongPoll ? maxWaitMs : 0,
    })
    try {
      const answer = await network.ask(fetchRequest, fetchResponse, 12, body, {
        repeats: 'late',
        maxWaitMs: maxWaitMs + 100,
      })
      const data = answer.responses[0]!.partitions[0]!
      const error = ledger.partitionError(partitionDir(this.#topic, this.#partition), data.errorCode)
      if (error === 'NONE') this.#take(data)
      else if (!retriable.has(error))
        throw new Violation(`the ${this.name} was told ${error} at ${this.#offset}`)
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
    }
  }

  /** Reads on at the end of a log whose unflushed part a power cut has taken. */
  forgetFrom(offset: number): void {
    this.#offset = Math.min(this.#offset, offset)
    for (const each of [...this.seen.keys()]) if (each >= offset) this.seen.delete(each)
  }

  #take(data: FetchedPartition): void {
    const batches = [...batchesOf(data.records!)]
    for (const { offset, value } of committedRecords(batches, data.abortedTransactions ?? [])) {
      if (offset >= this.#offset) this.seen.set(offset, value)
    }
    this.#offset = batches.at(-1)?.nextOffset ?? this.#offset
  }
}

export function fetchBody(
  topic: string,
  partition: number,
  fetchOffset: number,
  options: { isolationLevel: 0 | 1; maxBytes: number; maxWaitMs: number },
) {
  return {
    replicaId: -1,
    maxWaitMs: options.maxWaitMs,
    minBytes: 1,
    maxBytes: options.maxBytes,
    isolationLevel: options.isolationLevel,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [{ topic, partitions: [{ partition, fetchOffset, partitionMaxBytes: options.maxBytes }] }],
    forgottenTopicsData: [],
  }
}

/** As the Java consumer does it: an aborted transaction begins at its first offset and ends with its marker. */
export function committedRecords(
  batches: readonly RecordBatch[],
  aborted: readonly { readonly producerId: number; readonly firstOffset: number }[],
): { offset: number; value: string }[] {
  const waiting = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset)
  const skipped = new Set<number>()
  const records: { offset: number; value: string }[] = []
  for (const batch of batches) {
    while (waiting[0] && waiting[0].firstOffset <= batch.lastOffset) skipped.add(waiting.shift()!.producerId)
    if (batch.isControl) {
      if (endTransactionMarkerOf(batch)?.type === 'abort') skipped.delete(batch.producerId)
    } else if (!batch.isTransactional || !skipped.has(batch.producerId)) {
      for (const { offset, value } of recordsOf(batch)) records.push({ offset, value: String(value) })
    }
  }
  return records
}

/** Kafka's name of an error code. */
export function nameOf(code: number): string {
  return errorOf(code).name
}
