import type { TestProject } from 'vitest/node'
import { startBrokerProcess } from '../support/broker.ts'
import { startKafka } from '../support/kafka.ts'

declare module 'vitest' {
  interface ProvidedContext {
    bootstrap: string
    dataDir: string
  }
}

/**
 * One broker for all files: ours, or Apache Kafka with MILLRACE_TARGET=kafka (the tests themselves must
 * hold there), or one that runs already with MILLRACE_TARGET=host:port.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const target = process.env.MILLRACE_TARGET ?? 'millrace'
  if (target.includes(':')) {
    project.provide('bootstrap', target)
    project.provide('dataDir', '')
    return async () => {}
  }
  const broker = target === 'kafka' ? await startKafka() : await startBrokerProcess()
  project.provide('bootstrap', broker.bootstrap)
  project.provide('dataDir', broker.dataDir)
  return () => broker.close()
}
