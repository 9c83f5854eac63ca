import { startDashboard } from './dashboard.ts'
import { expect, test } from './fixtures.ts'

test('an empty sandbox shows how to begin and turns live when a client connects', async ({
  page,
  clusterKind,
}) => {
  test.skip(clusterKind !== 'embedded', 'an external cluster may hold anything')
  await using sandbox = await startDashboard()
  await page.goto(sandbox.url)
  await expect(page.getByRole('heading', { level: 1, name: 'The broker is listening' })).toBeVisible()
  for (const language of ['Node', 'Java', 'Python', 'Go', 'kcat']) {
    await page.getByText(language, { exact: true }).click()
    await expect(page.getByRole('region', { name: `${language} code`, exact: true })).toContainText(
      sandbox.bootstrap,
    )
  }
  const { Kafka, logLevel } = await import('kafkajs')
  const kafka = new Kafka({ clientId: 'first', brokers: [sandbox.bootstrap], logLevel: logLevel.NOTHING })
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic: 'first-topic', messages: [{ value: 'hello' }] })
  await expect(page.getByRole('heading', { level: 1, name: 'The broker is listening' })).toHaveCount(0)
  await expect(page.getByText('first-topic').first()).toBeVisible()
  await producer.disconnect()
})

test('what is missing is said, with the way on', async ({ page }) => {
  await page.goto('/topics/not-there')
  await expect(page.getByRole('heading', { name: 'There is no topic not-there' })).toBeVisible()
  await page.goto('/groups/not-there')
  await expect(page.getByRole('heading', { name: 'There is no group not-there' })).toBeVisible()
  await page.goto('/not-a-page')
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible()
})

test('a failing request shows the server’s words and can be tried again', async ({ page }) => {
  const pattern = /\/api\/clusters\/[^/]+\/groups$/
  await page.route(pattern, (route) =>
    route.fulfill({
      status: 503,
      json: {
        error: {
          code: 'COORDINATOR_NOT_AVAILABLE',
          message: 'The coordinator is loading.',
          retriable: false,
        },
      },
    }),
  )
  await page.routeWebSocket(/\/ws$/, () => {})
  await page.goto('/groups')
  const alert = page.getByRole('main').getByRole('alert')
  await expect(alert).toContainText('The coordinator is loading.')
  await page.unroute(pattern)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(alert).toHaveCount(0)
})

test('a refused change is told beside the form, in the broker’s words', async ({ page, api, unique }) => {
  const topic = unique('taken')
  await api('POST', '/topics', { name: topic, partitions: 1 })
  await page.goto('/topics?create=true')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('no spaces here')
  await expect(dialog.getByRole('alert')).toContainText('Only letters')
  await dialog.getByLabel('Name', { exact: true }).fill(topic)
  await dialog.getByRole('button', { name: 'Create topic' }).click()
  await expect(dialog.getByRole('alert').first()).toContainText(/exists/)
})
