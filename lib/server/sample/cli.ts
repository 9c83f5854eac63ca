import { parseArgs } from 'node:util'
import { KafkaClient } from '../kafka/kafka-client.ts'
import { SampleStream } from './sample-stream.ts'

/** `npm run sample`: replays the flights against any broker until Ctrl-C. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      bootstrap: { type: 'string', default: '127.0.0.1:9092' },
      rate: { type: 'string', default: '50' },
      partitions: { type: 'string', default: '6' },
    },
  })
  const client = new KafkaClient([values.bootstrap])
  const sample = new SampleStream(client)
  const stop = async () => {
    await sample.stop()
    await client.close()
    process.exit(0)
  }
  process.once('SIGINT', () => void stop())
  process.once('SIGTERM', () => void stop())
  const recordsPerSecond = Number(values.rate)
  if (!(recordsPerSecond >= 1 && recordsPerSecond <= 10_000))
    throw new Error('--rate is 1 to 10000 records a second.')
  const status = await sample.start({ recordsPerSecond, partitions: Number(values.partitions) })
  console.log(`Flights go to topic ${status.topic} at ${recordsPerSecond} a second; Ctrl-C stops.`)
  for (const { groupId, behaviour } of status.groups) console.log(`Group ${groupId} ${behaviour}.`)
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
