import { ClientProcess } from './client.ts'
import { startDashboard } from './dashboard.ts'
import { expect, test } from './fixtures.ts'

test('an empty sandbox shows how to begin and turns live when a client connects', async ({ page }) => {
  await using sandbox = await startDashboard()
  await page.goto(sandbox.url)
  const listening = page.getByRole('heading', { level: 1, name: 'The broker is listening' })
  await expect(listening).toBeVisible()
  await expect(page.getByText('Waiting for the first client')).toBeVisible()
  for (const language of ['Node', 'Java', 'Python', 'Go', 'kcat']) {
    await page.getByText(language, { exact: true }).click()
    await expect(page.getByRole('region', { name: `${language} code` })).toContainText(sandbox.bootstrap)
  }
  await expect(page.getByRole('button', { name: 'Create topic' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Start the flights' })).toBeVisible()

  await using first = new ClientProcess(sandbox.bootstrap, 'first-client')
  await first.produce('first-topic', [{ key: null, value: 'hello' }])
  await expect(listening).toBeHidden()
  await expect(page.getByRole('heading', { name: 'Throughput' })).toBeVisible()
  await expect(page.getByText('first-client').first()).toBeVisible()
})

test('what is missing is said, with the way on', async ({ page }) => {
  await page.goto('/topics/not-there')
  await expect(page.getByRole('heading', { name: 'There is no topic not-there' })).toBeVisible()
  await page.goto('/groups/not-there')
  await expect(page.getByRole('heading', { name: 'There is no group not-there' })).toBeVisible()
  await page.goto('/brokers/77')
  await expect(page.getByRole('heading', { name: 'There is no broker 77' })).toBeVisible()
  const answer = await page.goto('/not-a-page')
  expect(answer?.status()).toBe(404)
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible()
  await page.getByRole('main').getByRole('link', { name: 'Overview' }).click()
  await expect(page).toHaveURL(/\/$/)
})

test('while the figures are on their way, the page says so', async ({ page }) => {
  const arrived = Promise.withResolvers<void>()
  await page.route(/\/api\/clusters\/[^/]+\/(groups|topics|brokers|clients)(\?|$)/, async (route) => {
    await arrived.promise
    await route.continue()
  })
  await page.routeWebSocket(/\/ws$/, () => {})
  const status = page.getByRole('main').getByRole('status')
  for (const path of ['topics', 'groups', 'clients', 'brokers']) {
    await page.goto(`/${path}`)
    await expect(status.filter({ hasText: `Loading ${path}` })).toBeVisible()
  }
  arrived.resolve()
  await expect(page.getByRole('table', { name: 'Brokers' })).toBeVisible()
  await expect(status.filter({ hasText: 'Loading' })).toHaveCount(0)
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
  await expect(alert).toContainText('COORDINATOR_NOT_AVAILABLE')
  await page.unroute(pattern)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(alert).toHaveCount(0)
  await expect(page.getByRole('table', { name: 'Consumer groups' })).toBeVisible()
})

test('a refused change is told beside the form, in the broker’s words', async ({ page, api, unique }) => {
  const topic = unique('taken')
  await api('POST', '/topics', { name: topic, partitions: 1 })
  await page.goto('/topics?create=true')
  const dialog = page.getByRole('dialog')
  const name = dialog.getByLabel('Name', { exact: true })
  await name.fill('no spaces here')
  await expect(dialog.getByRole('alert')).toContainText('Only letters')
  await expect(dialog.getByRole('button', { name: 'Create topic' })).toBeDisabled()
  await name.fill(topic)
  await dialog.getByRole('button', { name: 'Create topic' }).click()
  await expect(dialog.getByRole('alert').first()).toContainText(/exists/)
})
