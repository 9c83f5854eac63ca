import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

const topic = 'axe'
const group = 'axe-readers'
const topicTabs = ['messages', 'partitions', 'consumers', 'producers', 'config', 'storage']
const routes = [
  '/',
  '/topics',
  '/topics?create=true',
  ...topicTabs.map((tab) => `/topics/${topic}?tab=${tab}`),
  '/topics/not-there',
  '/groups',
  ...['lag', 'members', 'rebalances'].map((tab) => `/groups/${group}?tab=${tab}`),
  '/brokers',
  '/clients',
  '/api-docs',
  '/not-a-page',
]
const wide = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }
/** Themes differ in colours alone, so the phone's layout is looked at in one of them. */
const looks = [
  { theme: 'light', viewport: wide },
  { theme: 'dark', viewport: wide },
  { theme: 'dark', viewport: phone },
] as const

test.beforeAll(async ({ dashboard }) => {
  const { Kafka, logLevel } = await import('kafkajs')
  const kafka = new Kafka({ clientId: 'axe', brokers: [dashboard.bootstrap], logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions: 3 }] })
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({
    topic,
    messages: [
      { key: 'a', value: '{"one":1}' },
      { key: 'b', value: 'two' },
    ],
  })
  await admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: '0' }] })
  await Promise.all([producer.disconnect(), admin.disconnect()])
})

async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}

for (const { theme, viewport } of looks) {
  test(`no violation on any route, ${theme}, ${viewport.width} px`, async ({ page, api }) => {
    test.setTimeout(180_000)
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await page.setViewportSize(viewport)
    const { brokers } = (await api('GET', '/brokers')) as { brokers: { brokerId: number }[] }
    const brokerRoutes = ['requests', 'disk', 'config', 'apis'].map(
      (tab) => `/brokers/${brokers[0]!.brokerId}?tab=${tab}`,
    )
    for (const route of [...routes, ...brokerRoutes]) {
      await page.goto(route)
      await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
      await expect(page.getByText('Loading', { exact: false })).toHaveCount(0)
      expect.soft(await violationsOf(page), route).toEqual([])
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect.soft(overflow, `${route} is wider than the screen`).toBeLessThanOrEqual(0)
    }
  })
}

const dialogs: readonly { name: string; route: string; open: (page: Page) => Promise<void> }[] = [
  { name: 'palette', route: '/', open: (page) => page.keyboard.press('Control+k') },
  {
    name: 'connect',
    route: '/',
    open: (page) => page.getByRole('button', { name: 'Connect a client' }).click(),
  },
  {
    name: 'add partitions',
    route: `/topics/${topic}?tab=partitions`,
    open: (page) => page.getByRole('button', { name: 'Add partitions' }).click(),
  },
  {
    name: 'delete records',
    route: `/topics/${topic}?tab=partitions`,
    open: (page) => page.getByRole('button', { name: 'Delete records' }).click(),
  },
  {
    name: 'produce',
    route: `/topics/${topic}`,
    open: (page) => page.getByRole('button', { name: 'Produce' }).click(),
  },
  {
    name: 'reset offsets',
    route: `/groups/${group}`,
    open: (page) => page.getByRole('button', { name: 'Reset offsets' }).click(),
  },
]

for (const theme of ['light', 'dark'] as const) {
  test(`no violation in any dialog, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    for (const { name, route, open } of dialogs) {
      await page.goto(route)
      await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
      await open(page)
      await expect(page.getByRole('dialog')).toBeVisible()
      expect.soft(await violationsOf(page), name).toEqual([])
    }
  })
}
