import { Producer } from '@platformatic/kafka'
import type { z } from 'zod'
import type { SampleStatus, startSampleBody } from '../../contract/sample.ts'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import { KafkaError } from '../kafka/kafka-error.ts'
import { partitionOfKey } from '../records/murmur2.ts'
import { createTopic } from '../topics/create-topic.ts'
import { type Flight, loadFlights } from './flights.ts'
import { SampleConsumer } from './sample-consumer.ts'

const sampleTopic = 'flights'

const groups = [
  { groupId: 'flights-board', clientId: 'flights-board', behaviour: 'keeps up', naps: false },
  {
    groupId: 'flights-report',
    clientId: 'flights-report',
    behaviour: 'falls behind and catches up',
    naps: true,
  },
] as const

/** Records go out in so many sends a second. */
const sendsPerSecond = 10

type StartBody = z.output<typeof startSampleBody>
type Producing = Producer<Buffer, Buffer, Buffer, Buffer>

/**
 * Real flights, keyed by origin airport, replayed by a real producer with two real consumer groups: one keeps up,
 * one naps and catches up.
 */
export class SampleStream {
  readonly #client: KafkaClient
  #flights: Flight[] | undefined
  #producer: Producing | undefined
  #consumers: SampleConsumer[] = []
  #timer: NodeJS.Timeout | undefined
  #speed = { recordsPerSecond: 50, partitions: 6 }
  #owed = 0
  #sent = 0
  #next = 0
  #startedAt: number | null = null
  #problem: string | null = null
  #sending = false
  /** Of the last change, for the live channel. */
  version = 0

  constructor(client: KafkaClient) {
    this.#client = client
  }

  status(): SampleStatus {
    return {
      running: this.#startedAt !== null,
      topic: sampleTopic,
      groups: groups.map(({ groupId, behaviour }) => ({ groupId, behaviour })),
      recordsPerSecond: this.#speed.recordsPerSecond,
      recordsProduced: this.#sent,
      recordsInDataSet: this.#flights?.length ?? 20_000,
      startedAt: this.#startedAt,
      problem: this.#problem,
    }
  }

  /** Starts, or changes the speed of a running one. */
  async start(body: StartBody): Promise<SampleStatus> {
    this.#speed = body
    this.version++
    if (this.#startedAt !== null) return this.status()
    this.#startedAt = Date.now()
    this.#problem = null
    this.#sent = this.#owed = 0
    try {
      this.#flights ??= await loadFlights()
      await this.#begin(body.partitions)
    } catch (error) {
      await this.stop()
      throw error
    }
    return this.status()
  }

  async stop(): Promise<SampleStatus> {
    clearInterval(this.#timer)
    const closing = [this.#producer?.close(true), ...this.#consumers.map((consumer) => consumer.close())]
    this.#producer = undefined
    this.#consumers = []
    this.#startedAt = null
    this.version++
    await Promise.allSettled(closing)
    return this.status()
  }

  async #begin(partitions: number): Promise<void> {
    const topic = { name: sampleTopic, partitions, replicationFactor: -1, configs: {}, validateOnly: false }
    try {
      await createTopic(this.#client, topic)
    } catch (error) {
      if (!(error instanceof KafkaError) || error.code !== 'TOPIC_ALREADY_EXISTS') throw error
    }
    const brokers = this.#client.bootstrap.map(({ host, port }) => `${host}:${port}`)
    this.#producer = new Producer({
      clientId: 'flights-feed',
      bootstrapBrokers: brokers,
      idempotent: true,
      partitioner: ({ key, topic: name }) =>
        partitionOfKey(key ?? Buffer.alloc(0), this.#partitionsOf(name) ?? partitions),
    })
    this.#consumers = groups.map((group) => new SampleConsumer({ ...group, brokers, topic: sampleTopic }))
    await Promise.all(this.#consumers.map((consumer) => consumer.start()))
    if (this.#startedAt === null) return
    this.#timer = setInterval(() => void this.#send(), 1_000 / sendsPerSecond)
  }

  #partitionsOf(topic: string): number | undefined {
    return this.#producer?.currentMetadata?.topics.get(topic)?.partitionsCount
  }

  async #send(): Promise<void> {
    // One send at a time keeps the order; what is owed meanwhile goes with the next.
    this.#owed = Math.min(
      this.#owed + this.#speed.recordsPerSecond / sendsPerSecond,
      this.#speed.recordsPerSecond,
    )
    if (this.#sending || this.#owed < 1 || this.#producer === undefined) return
    this.#sending = true
    const count = Math.floor(this.#owed)
    this.#owed -= count
    try {
      await this.#producer.send({ messages: Array.from({ length: count }, () => this.#message()), acks: -1 })
      this.#sent += count
      this.#problem = null
    } catch (error) {
      if (this.#startedAt !== null) this.#problem = error instanceof Error ? error.message : String(error)
    } finally {
      this.#sending = false
      this.version++
    }
  }

  #message() {
    const flight = this.#flights![this.#next++ % this.#flights!.length]!
    return {
      topic: sampleTopic,
      key: Buffer.from(flight.origin.iata),
      value: Buffer.from(JSON.stringify(flight)),
      headers: new Map([[Buffer.from('source'), Buffer.from('vega-datasets')]]),
    }
  }
}
