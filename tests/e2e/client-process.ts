/**
 * A Kafka client of a user's own, as a process: the tests start it (client.ts) and tell it over IPC what to do.
 * kafkajs, because it is what most Node users have.
 */
import { type Consumer, Kafka, logLevel, type Producer } from 'kafkajs'
import type { Answer, Asked, GroupLag, Question, ReceivedRecord } from './client.ts'

const kafka = new Kafka({
  clientId: process.env.CLIENT_ID ?? 'e2e',
  brokers: [process.env.BOOTSTRAP ?? ''],
  logLevel: logLevel.NOTHING,
  retry: { initialRetryTime: 100, retries: 12 },
})
let producer: Producer | undefined
let consumer: Consumer | undefined
let subscribed = ''
const received: ReceivedRecord[] = []

const verbs: { [Verb in Question['verb']]: (asked: Extract<Question, { verb: Verb }>) => Promise<unknown> } =
  {
    async produce({ topic, records }) {
      if (producer === undefined) {
        producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: true })
        await producer.connect()
      }
      await producer.send({ topic, acks: -1, messages: records })
    },
    async consume({ topic, group }) {
      consumer = kafka.consumer({ groupId: group, sessionTimeout: 10_000, allowAutoTopicCreation: false })
      const joined = new Promise<void>((resolve) =>
        consumer!.on(consumer!.events.GROUP_JOIN, () => resolve()),
      )
      await consumer.connect()
      await consumer.subscribe({ topic, fromBeginning: true })
      subscribed = topic
      await consumer.run({
        autoCommitThreshold: 1,
        eachMessage: async ({ partition, message }) => {
          const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)])
          received.push({
            partition,
            offset: Number(message.offset),
            key: message.key?.toString() ?? null,
            value: message.value?.toString() ?? null,
            headers: Object.fromEntries(headers),
          })
        },
      })
      await joined
    },
    /** Stays in the group and reads nothing more. */
    async hold() {
      consumer!.pause([{ topic: subscribed }])
    },
    async goOn() {
      consumer!.resume([{ topic: subscribed }])
    },
    async received() {
      return received
    },
    async leave() {
      await consumer!.disconnect()
      consumer = undefined
    },
    /** What this client's own admin says of a group in a topic. */
    async lag({ group, topic }): Promise<GroupLag> {
      const admin = kafka.admin()
      await admin.connect()
      const [committed] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
      const ends = await admin.fetchTopicOffsets(topic)
      await admin.disconnect()
      return committed!.partitions.map(({ partition, offset }) => {
        const end = Number(ends.find((one) => one.partition === partition)!.offset)
        return {
          partition,
          committed: Number(offset),
          end,
          lag: Number(offset) < 0 ? null : end - Number(offset),
        }
      })
    },
  }

process.on('message', async ({ id, ...asked }: Asked) => {
  let answer: Answer
  try {
    // The verb and its question belong together, which a map's type cannot say.
    const result = await (verbs[asked.verb] as (asked: Question) => Promise<unknown>)(asked)
    answer = { id, result }
  } catch (error) {
    answer = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
  process.send?.(answer)
})
process.on('disconnect', () => process.exit(0))
