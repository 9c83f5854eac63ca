/**
 * A consumer as a process of its own: `node slow-consumer.ts bootstrap topic group delayMs`. It waits `delayMs` after
 * each record until SIGUSR2 tells it to hurry, and leaves the group on SIGTERM.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'

const [bootstrap, topic, groupId, delayMs] = process.argv.slice(2)
let waitMs = Number(delayMs)
process.on('SIGUSR2', () => {
  waitMs = 0
})

const kafka = new Kafka({ clientId: 'slow-consumer', brokers: [bootstrap!], logLevel: logLevel.NOTHING })
const consumer = kafka.consumer({ groupId: groupId!, sessionTimeout: 10_000, heartbeatInterval: 1000 })
process.on('SIGTERM', () => void consumer.disconnect().then(() => process.exit(0)))
await consumer.connect()
await consumer.subscribe({ topic: topic!, fromBeginning: true })
await consumer.run({
  autoCommitInterval: 200,
  autoCommitThreshold: 1,
  eachMessage: async ({ heartbeat }) => {
    await delay(waitMs)
    await heartbeat()
  },
})
console.log('running')
