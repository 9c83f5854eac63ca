import { Consumer, type MessagesStream } from '@platformatic/kafka'

export type SampleConsumerOptions = {
  groupId: string
  clientId: string
  brokers: string[]
  topic: string
  /** Stops reading now and then, so that lag grows and melts. */
  naps: boolean
}

const napMs = 25_000
const awakeMs = 20_000
const commitMs = 500

/** A real consumer in a group of its own that reads, commits what it read, and perhaps naps. */
export class SampleConsumer {
  readonly #options: SampleConsumerOptions
  readonly #consumer: Consumer
  readonly #read = new Map<number, { offset: bigint; leaderEpoch: number }>()
  #stream: MessagesStream<Buffer, Buffer, Buffer, Buffer> | undefined
  #timers: NodeJS.Timeout[] = []

  constructor(options: SampleConsumerOptions) {
    this.#options = options
    this.#consumer = new Consumer({
      groupId: options.groupId,
      clientId: options.clientId,
      bootstrapBrokers: options.brokers,
      sessionTimeout: 10_000,
      heartbeatInterval: 1_000,
      highWaterMark: 256,
    })
  }

  async start(): Promise<void> {
    const { topic, naps } = this.#options
    this.#stream = await this.#consumer.consume({
      topics: [topic],
      mode: 'committed',
      fallbackMode: 'earliest',
      autocommit: false,
      maxWaitTime: 200,
    })
    this.#stream.on('data', ({ partition, offset, leaderEpoch }) => {
      this.#read.set(partition, { offset: offset + 1n, leaderEpoch })
    })
    // A broken stream shows as lag on the page; the group takes it from there.
    this.#stream.on('error', () => {})
    this.#timers = [setInterval(() => void this.#commit(), commitMs)]
    if (naps) this.#nap(false)
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    await this.#commit()
    await this.#stream?.close()
    await this.#consumer.close(true)
  }

  #nap(asleep: boolean): void {
    if (asleep) this.#stream?.pause()
    else this.#stream?.resume()
    this.#timers[1] = setTimeout(() => this.#nap(!asleep), asleep ? napMs : awakeMs)
  }

  async #commit(): Promise<void> {
    if (this.#read.size === 0) return
    const offsets = [...this.#read].map(([partition, position]) => ({
      topic: this.#options.topic,
      partition,
      ...position,
    }))
    this.#read.clear()
    // A rebalance may refuse it; what is read next is committed next time.
    await this.#consumer.commit({ offsets }).catch(() => {})
  }
}
