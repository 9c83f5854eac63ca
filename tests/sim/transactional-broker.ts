import { errorOf } from '../../broker/protocol/error-codes.ts'
import type { DecodedShape, EncodableShape, Message, Shape } from '../../broker/protocol/fields.ts'
import { fetchRequest, fetchResponse } from '../../broker/protocol/schemas/01-fetch.ts'
import { endTransactionMarkerOf } from '../../broker/records/control-record.ts'
import { recordsOf } from '../../broker/records/record.ts'
import { batchesOf, type RecordBatch } from '../../broker/records/record-batch.ts'
import { NodeFixture } from '../broker/handlers/node-fixture.ts'

export const partitionCount = 3

/** The process was killed before an answer came: nobody knows what became of the request. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/** A broker on a disk in memory that is killed, now and then, in the middle of its writes, and started again. */
export class TransactionalBroker {
  readonly fixture = new NodeFixture({
    'offsets.topic.num.partitions': '2',
    'transaction.state.log.num.partitions': '2',
  })
  readonly #random: () => number
  #isKilled = false
  kills = 0

  constructor(random: () => number) {
    this.#random = random
  }

  async start(): Promise<void> {
    const { node } = this.fixture
    node.controller.createTopics([{ name: 't', numPartitions: partitionCount, replicationFactor: 1 }])
    node.createTopicByName('__consumer_offsets')
    node.createTopicByName('__transaction_state')
    await this.fixture.startCoordinators()
  }

  /** From the `writes`-th write on nothing reaches the disk any more; the one that is cut may be torn. */
  killAfter(writes: number): void {
    let left = writes
    this.fixture.disk.fault = ({ operation }) => {
      if (operation === 'write' && left > 0) left--
      else if (operation === 'write' || this.#isKilled) {
        const torn = this.#isKilled ? 0 : Math.floor(this.#random() * 80)
        this.#isKilled = true
        return { code: 'EIO', writtenBytes: torn }
      }
      return undefined
    }
  }

  async ask<Request extends Shape, Response extends Shape>(
    request: Message<Request>,
    response: Message<Response>,
    version: number,
    body: EncodableShape<Request>,
  ): Promise<DecodedShape<Response>> {
    try {
      const answer = await this.fixture.ask(request, response, version, body)
      if (!this.#isKilled) return answer
    } catch (error) {
      if (!this.#isKilled) throw error
    }
    await this.restart()
    throw new NoAnswer()
  }

  /** As kill -9 and a start: what was written is there, what was only in memory is not. */
  async restart(): Promise<void> {
    this.kills++
    this.#isKilled = false
    this.fixture.disk.fault = undefined
    this.fixture.crash()
    await this.fixture.startCoordinators()
  }

  /** What a read_committed consumer sees of a partition from the start: values in order. */
  async readCommitted(partition: number): Promise<string[]> {
    const values: string[] = []
    for (let offset = 0; ; ) {
      const data = await this.#fetch(partition, offset)
      if (data.lastStableOffset !== data.highWatermark) {
        throw new Error(`${partition}: last stable offset ${data.lastStableOffset} of ${data.highWatermark}`)
      }
      const batches = [...batchesOf(data.records!)]
      if (batches.length === 0) return values
      values.push(...committedValues(batches, data.abortedTransactions ?? []))
      offset = batches.at(-1)!.nextOffset
    }
  }

  async #fetch(partition: number, fetchOffset: number) {
    const answer = await this.ask(fetchRequest, fetchResponse, 11, {
      replicaId: -1,
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: 50_000_000,
      isolationLevel: 1,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [{ topic: 't', partitions: [{ partition, fetchOffset, partitionMaxBytes: 300 }] }],
      forgottenTopicsData: [],
    })
    const data = answer.responses[0]!.partitions[0]!
    if (data.errorCode !== 0) throw new Error(`fetch: ${errorOf(data.errorCode).name}`)
    return data
  }
}

/** As the Java consumer does it: an aborted transaction begins at its first offset and ends with its marker. */
function committedValues(
  batches: readonly RecordBatch[],
  aborted: readonly { readonly producerId: number; readonly firstOffset: number }[],
): string[] {
  const waiting = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset)
  const skipped = new Set<number>()
  const values: string[] = []
  for (const batch of batches) {
    while (waiting[0] && waiting[0].firstOffset <= batch.lastOffset) skipped.add(waiting.shift()!.producerId)
    if (batch.isControl) {
      if (endTransactionMarkerOf(batch)?.type === 'abort') skipped.delete(batch.producerId)
    } else if (!batch.isTransactional || !skipped.has(batch.producerId)) {
      for (const { value } of recordsOf(batch)) values.push(String(value))
    }
  }
  return values
}
