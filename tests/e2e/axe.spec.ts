import { AxeBuilder } from '@axe-core/playwright'
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
const viewports = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]

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

for (const theme of ['light', 'dark'] as const) {
  for (const viewport of viewports) {
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
        const { violations } = await new AxeBuilder({ page }).analyze()
        const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
        expect.soft(said, route).toEqual([])
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        expect.soft(overflow, `${route} is wider than the screen`).toBeLessThanOrEqual(0)
      }
    })
  }
}
