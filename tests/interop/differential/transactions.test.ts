import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WireClient } from '../../../broker/protocol/client.ts'
import { startBrokerProcess } from '../../support/broker.ts'
import { startKafka } from '../../support/kafka.ts'
import { transactionScenarios } from './transaction-scenarios.ts'
import { TransactionSpeaker } from './transaction-speaker.ts'

/*
 * The same transactional requests go to Apache Kafka 4.3.1 and to our broker; what both answer, and how the logs
 * and offsets look afterwards, has to agree line by line.
 */

const abortIntervalMs = 200
type Side = AsyncDisposable & { readonly client: WireClient }

let kafka: Side
let ours: Side

beforeAll(async () => {
  const name = 'transaction.abort.timed.out.transaction.cleanup.interval.ms'
  const [theirs, own] = await Promise.all([
    startKafka({ configs: { [name]: abortIntervalMs, 'offsets.topic.num.partitions': 50 } }).then(connectTo),
    startBrokerProcess({ args: ['--config', `${name}=${abortIntervalMs}`] }).then(connectTo),
  ])
  kafka = theirs
  ours = own
}, 120_000)

afterAll(async () => {
  await kafka?.[Symbol.asyncDispose]()
  await ours?.[Symbol.asyncDispose]()
})

async function connectTo(broker: { bootstrap: string; close(): Promise<void> }): Promise<Side> {
  const port = Number(broker.bootstrap.split(':').at(-1))
  const client = await WireClient.connect({ port, timeoutMs: 20_000 })
  const close = async () => {
    await client.close()
    await broker.close()
  }
  return { client, [Symbol.asyncDispose]: close }
}

describe('transactions are those of Apache Kafka', () => {
  test.each(transactionScenarios.map((scenario, index) => ({ ...scenario, index })))(
    '$name',
    async ({ index, run }) => {
      const transcripts = await Promise.all(
        [kafka, ours].map(async ({ client }) => {
          const speaker = new TransactionSpeaker(client, `s${index}`)
          await speaker.prepare()
          await run(speaker)
          return speaker.lines
        }),
      )
      expect(transcripts[1]).toEqual(transcripts[0])
    },
    120_000,
  )
})
