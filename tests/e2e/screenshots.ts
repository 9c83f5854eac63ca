/**
 * Every page at 1440×900 and 390×844 in both themes, for a person to look at: `npm run screenshots`. Starts a server
 * of its own, lets the sample stream run for a while, and writes to ./screenshots. Words after the command choose
 * pages by name.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Browser, chromium, type Page } from '@playwright/test'
import { type Dashboard, startDashboard } from './dashboard.ts'

const folder = resolve(import.meta.dirname, '../../screenshots')
const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }
const themes = ['light', 'dark'] as const
/** Long enough for the second sample group to have fallen behind. */
const flowMs = 45_000
const settleMs = 2500

type Shot = { name: string; path: string; act?: (page: Page) => Promise<void> }

const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click()

const topicTabs = ['partitions', 'consumers', 'producers', 'config', 'storage']
const shots: readonly Shot[] = [
  { name: 'overview', path: '/' },
  { name: 'overview-connect', path: '/', act: press('Connect a client') },
  { name: 'palette', path: '/', act: (page) => page.keyboard.press('Control+k') },
  { name: 'topics', path: '/topics' },
  { name: 'topics-create', path: '/topics?create=true' },
  { name: 'topic-messages', path: '/topics/flights' },
  {
    name: 'topic-messages-record',
    path: '/topics/flights',
    act: (page) => page.locator('main [role="row"]').nth(3).click(),
  },
  { name: 'topic-produce', path: '/topics/flights', act: press('Produce') },
  ...topicTabs.map((tab) => ({ name: `topic-${tab}`, path: `/topics/flights?tab=${tab}` })),
  { name: 'topic-add-partitions', path: '/topics/flights?tab=partitions', act: press('Add partitions') },
  { name: 'topic-delete-records', path: '/topics/flights?tab=partitions', act: press('Delete records') },
  { name: 'topic-missing', path: '/topics/not-there' },
  { name: 'groups', path: '/groups' },
  { name: 'group-lag', path: '/groups/flights-report' },
  { name: 'group-lag-by-partition', path: '/groups/flights-report?chart=partitions' },
  { name: 'group-members', path: '/groups/flights-report?tab=members' },
  { name: 'group-rebalances', path: '/groups/flights-report?tab=rebalances' },
  { name: 'group-reset', path: '/groups/flights-report', act: press('Reset offsets') },
  { name: 'brokers', path: '/brokers' },
  ...['requests', 'disk', 'config', 'apis'].map((tab) => ({
    name: `broker-${tab}`,
    path: `/brokers/0?tab=${tab}`,
  })),
  { name: 'clients', path: '/clients' },
  {
    name: 'client-requests',
    path: '/clients',
    act: async (page) => {
      await page.locator('main [data-row] button').first().click()
      await page.locator('dialog summary').first().click()
    },
  },
  { name: 'api', path: '/api-docs' },
]

async function post(dashboard: Dashboard, path: string, body: unknown): Promise<void> {
  const response = await fetch(`${dashboard.url}/api/clusters/${dashboard.cluster}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`)
}

async function take(browser: Browser, dashboard: Dashboard, chosen: readonly Shot[]): Promise<void> {
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const theme of themes) {
      const page = await browser.newPage({ viewport, colorScheme: theme })
      for (const { name, path, act } of chosen) {
        await page.goto(dashboard.url + path)
        await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' })
        await delay(settleMs)
        try {
          await act?.(page)
          if (act) await delay(1000)
        } catch (error) {
          console.error(`${name} (${size}, ${theme}): ${(error as Error).message.split('\n')[0]}`)
        }
        await page.screenshot({ path: join(folder, `${name}-${size}-${theme}.png`) })
      }
      await page.close()
    }
  }
}

const words = process.argv.slice(2)
const chosen = shots.filter((shot) => words.length === 0 || words.some((word) => shot.name.includes(word)))
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
await using dashboard = await startDashboard()
await using browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH || '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
  ],
})
if (words.length === 0) await take(browser, dashboard, [{ name: 'empty', path: '/' }])
for (const name of ['orders', 'payments', 'user-activity'])
  await post(dashboard, '/topics', { name, partitions: 4 })
await post(dashboard, '/sample', { recordsPerSecond: 120 })
await delay(flowMs)
await take(browser, dashboard, chosen)
console.log(`${folder}: ${chosen.length * 4} pictures`)
