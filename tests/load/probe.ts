import { WireClient } from '../../broker/protocol/client.ts'
import { encodeRecordBatch } from '../../broker/records/record-batch-builder.ts'
import { createTopics, fetchFrom, produce } from './requests.ts'

/** A client that behaves: it writes a record and reads it back, over and over, on connections of its own. */
export class Probe implements AsyncDisposable {
  readonly #client: WireClient
  readonly #topic: string
  #next = 0

  private constructor(client: WireClient, topic: string) {
    this.#client = client
    this.#topic = topic
  }

  static async start(port: number): Promise<Probe> {
    const client = await WireClient.connect({ port, timeoutMs: 60_000 })
    const topic = `probe-${probes++}`
    await createTopics(client, [{ name: topic, partitions: 1 }])
    return new Probe(client, topic)
  }

  /** Writes and reads so many records, one after the other; gives the median of the round trips. */
  async serve(rounds: number): Promise<number> {
    const tookMs: number[] = []
    for (let round = 0; round < rounds; round++) {
      const startMs = performance.now()
      await this.once()
      tookMs.push(performance.now() - startMs)
    }
    return tookMs.sort((a, b) => a - b)[Math.floor(rounds / 2)]!
  }

  /** Goes on until `until` is settled; gives how often it was served meanwhile, and the longest that it waited. */
  async serveDuring(until: Promise<unknown>): Promise<{ served: number; longestMs: number }> {
    let isOver = false
    const end = () => {
      isOver = true
    }
    until.then(end, end)
    let served = 0
    let longestMs = 0
    for (; !isOver; served++) {
      const startMs = performance.now()
      await this.once()
      longestMs = Math.max(longestMs, performance.now() - startMs)
    }
    await until
    return { served, longestMs }
  }

  async once(): Promise<void> {
    const records = [{ value: `probe ${this.#next++}` }]
    const batch = encodeRecordBatch({ records, timestampMs: Date.now() })
    const offset = await produce(this.#client, this.#topic, 0, batch)
    const { nextOffset } = await fetchFrom(this.#client, this.#topic, 0, offset)
    if (nextOffset !== offset + 1) throw new Error(`the probe reads on at ${nextOffset} after ${offset}`)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#client.close()
  }
}

let probes = 0
