import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { test as base, expect, type Locator, type Page } from '@playwright/test'
import { startKafka } from '../support/kafka.ts'
import { areKafkaJarsThere } from '../support/kafka-jars.ts'
import { ClientProcess } from './client.ts'
import { type Dashboard, startDashboard } from './dashboard.ts'

export type Workers = {
  clusterKind: 'embedded' | 'kafka'
  /** One server a worker; tests use topic names of their own. */
  dashboard: Dashboard
}

type Tests = {
  /** Skips what needs Apache Kafka where it cannot run. */
  needsKafka: undefined
  /** Calls the REST interface below `/api/clusters/{cluster}`; throws when the answer is not 2xx. */
  api: (method: string, path: string, body?: unknown) => Promise<unknown>
  /** Starts a Kafka client in a process of its own; it is gone after the test. */
  connect: (clientId: string) => ClientProcess
  /** A name that no other test has. */
  unique: (word: string) => string
  /** What the page complained of in its console; a test ends with none of it. */
  complaints: string[]
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
      await using kafka = await startKafka({ heapMb: 256 })
      await using dashboard = await startDashboard({ bootstrap: kafka.bootstrap })
      await use(dashboard)
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  needsKafka: [
    async ({ clusterKind }, use, testInfo) => {
      testInfo.skip(
        clusterKind === 'kafka' && !canRunKafka(),
        'Apache Kafka needs Java, and Maven to fetch its jars: npm run test:interop brings both.',
      )
      await use(undefined)
    },
    { auto: true },
  ],
  baseURL: async ({ dashboard }, use) => use(dashboard.url),
  api: async ({ dashboard }, use) => use((method, path, body) => callApi(dashboard, method, path, body)),
  connect: async ({ dashboard }, use) => {
    await using clients = new AsyncDisposableStack()
    await use((clientId) => clients.use(new ClientProcess(dashboard.bootstrap, clientId)))
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from the pattern
  unique: async ({}, use) => use((word) => `${word}-${process.pid}-${++named}`),
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(error.stack ?? error.message))
      page.on('console', (message) => {
        if (message.type() === 'error' && !expectedNoise.test(message.text())) complaints.push(message.text())
      })
      await use(complaints)
      expect(complaints, 'the page complained in its console').toEqual([])
    },
    { auto: true },
  ],
})

export { expect }

/** Chromium's own words on refused connections and answers that are no 2xx; the pages show those on purpose. */
const expectedNoise = /Failed to load resource|WebSocket connection to|net::ERR_/

function canRunKafka(): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const has = (program: string) => folders.some((folder) => existsSync(join(folder, program)))
  return has('java') && (areKafkaJarsThere() || has('mvn'))
}

/** Calls the REST interface below `/api/clusters/{cluster}`; throws when the answer is not 2xx. */
export async function callApi(
  dashboard: Dashboard,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(`${dashboard.url}/api/clusters/${dashboard.cluster}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`)
  return answer
}

/** The figure under a label in a row of figures, such as `Lag`. */
export function stat(page: Page, label: string): Locator {
  return page
    .locator('dl > div')
    .filter({ has: page.locator('dt', { hasText: new RegExp(`^${label}$`) }) })
    .locator('dd > span > span')
    .first()
}

/** Rows of a table that hold a text. */
export function rows(page: Page, table: string, text: string | RegExp): Locator {
  return page.getByRole('table', { name: table }).getByRole('row').filter({ hasText: text })
}

/** Waits until the WebSocket is there, so that what follows comes live. */
export async function untilLive(page: Page): Promise<void> {
  await expect(page.getByText('Live', { exact: true }).first()).toBeVisible()
}

/** Types the name that a dialog asks for and confirms; the button is shut until the name is right. */
export async function confirmByName(page: Page, name: string, action: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  const button = dialog.getByRole('button', { name: action })
  await expect(button).toBeDisabled()
  await dialog.getByLabel(/to confirm/).fill(name.slice(0, -1))
  await expect(button).toBeDisabled()
  await dialog.getByLabel(/to confirm/).fill(name)
  await button.click()
}
