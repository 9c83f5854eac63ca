import { startBrokerProcess } from '../tests/support/broker.ts'
import { startKafka } from '../tests/support/kafka.ts'
import type { BrokerName } from './brokers.ts'

/**
 * Seconds from the start of the broker's process to its first Metadata answer that names a broker. Kafka's
 * storage is formatted before, which is not counted.
 */
export async function secondsToFirstAnswer(name: BrokerName, dataIn: string): Promise<number> {
  await using broker = await (name === 'kafka'
    ? startKafka({ heapMb: 1024, temporaryIn: dataIn })
    : startBrokerProcess({ temporaryIn: dataIn }))
  return broker.startedInMs / 1000
}
