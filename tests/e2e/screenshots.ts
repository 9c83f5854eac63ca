/**
 * Every page at 1440×900 and 390×844 in both themes, for a person to look at: `npm run screenshots`. Starts a server
 * of its own, lets the sample stream run for a while, and writes to ./screenshots. Words after the command choose
 * pages by name.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Browser, chromium, expect, type Page } from '@playwright/test'
import { untilAnswers } from '../support/child.ts'
import { type Dashboard, startDashboard } from './dashboard.ts'
import { callApi } from './fixtures.ts'

const folder = resolve(import.meta.dirname, '../../screenshots')
const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }
const themes = ['light', 'dark'] as const
/** The second sample group naps and wakes; by then its lag is something to look at. */
const lagToSee = 500
const flowsWithinMs = 180_000
/** Charts and lanes are drawn in frames after the figures are there. */
const framesToDraw = 30

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

async function settle(page: Page): Promise<void> {
  await expect(page.getByText(/^Loading/)).toHaveCount(0)
  await page.evaluate(async (frames) => {
    await document.fonts.ready
    for (let frame = 0; frame < frames; frame++) await new Promise(requestAnimationFrame)
  }, framesToDraw)
}

/** One page in all sizes and themes; it is loaded once. */
async function take(browser: Browser, dashboard: Dashboard, { name, path, act }: Shot): Promise<void> {
  const page = await browser.newPage({ viewport: sizes.wide, colorScheme: 'light' })
  try {
    await page.goto(dashboard.url + path)
    await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' })
    await settle(page)
    await act?.(page)
    for (const [size, viewport] of Object.entries(sizes)) {
      await page.setViewportSize(viewport)
      for (const colorScheme of themes) {
        await page.emulateMedia({ colorScheme })
        await settle(page)
        await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`) })
      }
    }
  } finally {
    await page.close()
  }
}

/** Starts the sample stream and waits until its slow group has fallen behind. */
async function startFlow(dashboard: Dashboard): Promise<void> {
  for (const topic of ['orders', 'payments', 'user-activity'])
    await callApi(dashboard, 'POST', '/topics', { name: topic, partitions: 4 })
  await callApi(dashboard, 'POST', '/sample', { recordsPerSecond: 120 })
  await untilAnswers(
    async () => {
      const { groups } = (await callApi(dashboard, 'GET', '/groups')) as { groups: { lag: number | null }[] }
      return groups.some(({ lag }) => (lag ?? 0) >= lagToSee) || undefined
    },
    { timeoutMs: flowsWithinMs, intervalMs: 500 },
  )
}

const words = process.argv.slice(2)
const chosen = shots.filter((shot) => words.length === 0 || words.some((word) => shot.name.includes(word)))
if (words.length === 0) rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
await using dashboard = await startDashboard()
await using browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH || '/usr/bin/chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
  ],
})
if (words.length === 0) await take(browser, dashboard, { name: 'empty', path: '/' })
await startFlow(dashboard)
const failed: string[] = []
for (const shot of chosen) {
  try {
    await take(browser, dashboard, shot)
  } catch (error) {
    failed.push(`${shot.name}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
  }
}
console.log(`${folder}: ${chosen.length} pages, each in four looks`)
if (failed.length > 0) {
  console.error(failed.join('\n'))
  process.exitCode = 1
}
