import { startBroker } from '../../broker/index.ts'
import { startKafka } from '../support/kafka.ts'

/** Members of consumer groups hear of a new assignment at their next heartbeat: 5 s by Kafka's default. */
const config = {
  'group.consumer.min.heartbeat.interval.ms': '100',
  'group.consumer.heartbeat.interval.ms': '200',
}

/**
 * The broker under test: ours, in this process's own thread; with MILLRACE_TARGET=kafka Apache Kafka, or
 * with MILLRACE_TARGET=host:port one that runs already (the tests themselves must hold there).
 */
export async function startTarget(): Promise<AsyncDisposable & { bootstrap: string }> {
  const target = process.env.MILLRACE_TARGET ?? 'millrace'
  if (target.includes(':')) return { bootstrap: target, [Symbol.asyncDispose]: async () => {} }
  if (target === 'kafka') return startKafka({ configs: config })
  const broker = await startBroker({ port: 0, config })
  return { bootstrap: broker.address, [Symbol.asyncDispose]: () => broker.close() }
}
