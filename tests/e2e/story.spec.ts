import { join } from 'node:path'
import { startChild } from '../support/child.ts'
import { expect, test } from './fixtures.ts'

const slowConsumer = join(import.meta.dirname, 'slow-consumer.ts')

test('a topic is born, read behind, caught up, widened, read again and deleted', async ({
  page,
  dashboard,
  kafka,
  unique,
}) => {
  const topic = unique('story')
  const group = unique('readers')

  await test.step('create it with six partitions', async () => {
    await page.goto('/topics')
    await page.getByRole('button', { name: 'Create topic' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Create topic' })
    await dialog.getByLabel('Name', { exact: true }).fill(topic)
    await dialog.getByLabel('Partitions').fill('6')
    await expect(dialog.getByLabel('Equivalent command line')).toContainText(
      `--topic ${topic} --partitions 6`,
    )
    await dialog.getByRole('button', { name: 'Create topic' }).click()
    await expect(page.getByRole('heading', { level: 1, name: topic })).toBeVisible()
  })

  await test.step('produce to it: the lanes’ figures move by themselves', async () => {
    await page.getByRole('tab', { name: 'Partitions' }).click()
    await expect(page.locator('[data-row]')).toHaveCount(6)
    const producer = kafka.producer()
    await producer.connect()
    await producer.send({
      topic,
      messages: Array.from({ length: 120 }, (_, n) => ({ key: `key-${n % 24}`, value: `value ${n}` })),
    })
    await producer.disconnect()
    await expect(page.locator('header', { hasText: topic }).getByText('120 records')).toBeVisible()
  })

  const consumer = startChild(process.execPath, [slowConsumer, dashboard.bootstrap, topic, group, '250'])
  await test.step('a real consumer falls behind: its lag appears', async () => {
    await page.goto(`/groups/${group}`)
    // Until the group exists the page says so, and it turns into the group by itself.
    const lag = page.locator('dd').first()
    await expect(page.getByRole('heading', { level: 1, name: group })).toBeVisible({ timeout: 30_000 })
    await expect(lag).toContainText(/^[1-9]\d*/, { timeout: 30_000 })
    await page.getByRole('tab', { name: /Members/ }).click()
    await expect(page.getByText('slow-consumer').first()).toBeVisible()
  })

  await test.step('it catches up: lag goes to zero', async () => {
    consumer.signal('SIGUSR2')
    await expect(page.locator('dd').first()).toContainText(/^0\s*records/, { timeout: 30_000 })
  })

  await test.step('add partitions, seeing first what moves', async () => {
    await page.goto(`/topics/${topic}?tab=partitions`)
    await page.getByRole('button', { name: 'Add partitions' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/Partitions in all/).fill('8')
    await expect(dialog.getByText(/of 24 keys/)).toBeVisible()
    await dialog.getByRole('button', { name: 'Add 2 partitions' }).click()
    await expect(page.locator('[data-row]')).toHaveCount(8)
  })

  await test.step('reset offsets: dry run first, then real', async () => {
    consumer.signal('SIGTERM')
    await consumer.exited
    await page.goto(`/groups/${group}`)
    await expect(page.getByText('Empty').first()).toBeVisible({ timeout: 30_000 })
    await page.getByRole('button', { name: 'Reset offsets' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByLabel('Equivalent command line')).toContainText('--to-earliest')
    await dialog.getByRole('button', { name: /^Reset \d partitions/ }).click()
    await expect(dialog).toBeHidden()
    await expect(page.locator('dd').first()).toContainText(/^120/)
  })

  await test.step('delete group and topic by typing their names', async () => {
    await page.getByRole('button', { name: `Actions of ${group}` }).click()
    await page.getByRole('menuitem', { name: 'Delete group…' }).click()
    const removal = page.getByRole('dialog')
    await expect(removal.getByRole('button', { name: 'Delete group' })).toBeDisabled()
    await removal.getByLabel(/Type .* to confirm/).fill(group)
    await removal.getByRole('button', { name: 'Delete group' }).click()
    await expect(page).toHaveURL(/\/groups$/)
    await page.goto(`/topics/${topic}?tab=partitions`)
    await page.getByRole('button', { name: `Actions of ${topic}` }).click()
    await page.getByRole('menuitem', { name: 'Delete topic…' }).click()
    const deletion = page.getByRole('dialog')
    await deletion.getByLabel(/Type .* to confirm/).fill(topic)
    await deletion.getByRole('button', { name: 'Delete topic' }).click()
    await expect(page).toHaveURL(/\/topics$/)
    await expect(page.getByRole('link', { name: topic })).toHaveCount(0)
  })
})
