import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import type { ClientProcess } from './client.ts'
import { type callApi, expect, test } from './fixtures.ts'

const topic = 'axe'
const group = 'axe-readers'
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]
const themes = ['light', 'dark'] as const

const tabs = (path: string, names: readonly string[]) => names.map((tab) => `${path}?tab=${tab}`)

/** Routes by part of the dashboard; `{broker}` is the id of the first one. */
const parts: Record<string, readonly string[]> = {
  overview: ['/', '/clients', '/api-docs', '/not-a-page'],
  topics: ['/topics', '/topics?create=true', '/topics/not-there', `/topics/${topic}?r=0:0&from=oldest`],
  'one topic': tabs(`/topics/${topic}`, ['partitions', 'consumers', 'producers', 'config', 'storage']),
  groups: ['/groups', '/groups/not-there', ...tabs(`/groups/${group}`, ['lag', 'members', 'rebalances'])],
  brokers: ['/brokers', ...tabs('/brokers/{broker}', ['requests', 'disk', 'config', 'apis'])],
}

const press = (name: string) => (page: Page) =>
  page.getByRole('button', { name, exact: true }).first().click()
const dialogs: readonly { name: string; path: string; open: (page: Page) => Promise<void> }[] = [
  { name: 'palette', path: '/', open: (page) => page.keyboard.press('Control+k') },
  { name: 'connect', path: '/', open: press('Connect a client') },
  { name: 'add partitions', path: `/topics/${topic}?tab=partitions`, open: press('Add partitions') },
  { name: 'delete records', path: `/topics/${topic}?tab=partitions`, open: press('Delete records') },
  { name: 'produce', path: `/topics/${topic}`, open: press('Produce') },
  { name: 'reset offsets', path: `/groups/${group}`, open: press('Reset offsets') },
  {
    name: 'a client',
    path: '/clients',
    open: (page) =>
      page
        .getByRole('table', { name: 'Clients' })
        .getByRole('button', { name: 'axe-client' })
        .first()
        .click(),
  },
]

type Api = (method: string, path: string, body?: unknown) => ReturnType<typeof callApi>

/** Something on every page: records with keys and headers, a group with a member, a client. */
async function fill(api: Api, client: ClientProcess): Promise<void> {
  // There already when an earlier test of this worker made it.
  await api('POST', '/topics', { name: topic, partitions: 3 }).catch(() => {})
  await client.produce(topic, [
    { key: 'a', value: '{"one":1}', partition: 0, headers: { source: 'axe' } },
    { key: 'b', value: 'two', partition: 1 },
  ])
  await client.consume(topic, group)
  await expect.poll(async () => (await client.lag(topic, group))[0]!.lag).toBe(0)
}

async function arrived(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
  await expect(page.getByText('Loading', { exact: false })).toHaveCount(0)
}

/** Asserts in each size and theme that axe finds nothing and that the page is no wider than the screen. */
async function expectNoFault(page: Page, what: string): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size)
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme })
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
      const axe = new AxeBuilder({ page })
      // Themes differ in colours alone.
      if (colorScheme === 'dark') axe.withRules(['color-contrast', 'link-in-text-block'])
      const { violations } = await axe.analyze()
      const faults = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (excess > 0) faults.push(`${excess} px wider than the screen`)
      expect.soft(faults, `${what}, ${size.width} px, ${colorScheme}`).toEqual([])
    }
  }
}

test.describe.configure({ mode: 'parallel' })

test.beforeEach(async ({ page }) => {
  test.setTimeout(180_000)
  await page.emulateMedia({ reducedMotion: 'reduce' })
})

for (const [part, paths] of Object.entries(parts)) {
  test(`no violation: ${part}`, async ({ page, api, connect }) => {
    const { brokers } = (await api('GET', '/brokers')) as { brokers: { brokerId: number }[] }
    const client = connect('axe-client')
    await fill(api, client)
    for (const path of paths) {
      await page.goto(path.replace('{broker}', String(brokers[0]!.brokerId)))
      await arrived(page)
      await expectNoFault(page, path)
    }
    await client.leave()
  })
}

test('no violation: dialogs', async ({ page, api, connect }) => {
  const client = connect('axe-client')
  await fill(api, client)
  for (const { name, path, open } of dialogs) {
    await page.setViewportSize(sizes[0]!)
    await page.goto(path)
    await arrived(page)
    await open(page)
    await expect(page.getByRole('dialog')).toBeVisible()
    await expect(page.getByText('Loading', { exact: false })).toHaveCount(0)
    await expectNoFault(page, name)
  }
  await client.leave()
})
