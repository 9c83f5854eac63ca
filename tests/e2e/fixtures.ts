import { test as base, expect } from '@playwright/test'
import { Kafka as KafkaClient, logLevel } from 'kafkajs'
import { startKafka } from '../support/kafka.ts'
import { type Dashboard, startDashboard } from './dashboard.ts'

export type Workers = {
  clusterKind: 'embedded' | 'kafka'
  /** One server a worker; tests use topic names of their own. */
  dashboard: Dashboard
}

type Tests = {
  /** Calls the REST interface below `/api/clusters/{cluster}`; throws when the answer is not 2xx. */
  api: (method: string, path: string, body?: unknown) => Promise<unknown>
  kafka: KafkaClient
  /** A name that no other test has. */
  unique: (word: string) => string
}

let named = 0

export const test = base.extend<Tests, Workers>({
  clusterKind: ['embedded', { option: true, scope: 'worker' }],
  dashboard: [
    async ({ clusterKind }, use) => {
      if (clusterKind === 'embedded') {
        await using dashboard = await startDashboard()
        await use(dashboard)
        return
      }
      await using kafka = await startKafka()
      await using dashboard = await startDashboard({ bootstrap: kafka.bootstrap })
      await use(dashboard)
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ dashboard }, use) => use(dashboard.url),
  api: async ({ dashboard }, use) => {
    await use(async (method, path, body) => {
      const response = await fetch(`${dashboard.url}/api/clusters/${dashboard.cluster}${path}`, {
        method,
        ...(body === undefined
          ? {}
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      })
      const answer = await response.json()
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`)
      return answer
    })
  },
  kafka: async ({ dashboard }, use) => {
    await use(
      new KafkaClient({ clientId: 'e2e', brokers: [dashboard.bootstrap], logLevel: logLevel.NOTHING }),
    )
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from the pattern
  unique: async ({}, use) => use((word) => `${word}-${process.pid}-${++named}`),
})

export { expect }
