import type { Page } from '@playwright/test'
import { type ClientRecord, type GroupLag, lagOf } from './client.ts'
import { confirmByName, expect, rows, stat, test, untilLive } from './fixtures.ts'

// Serial: each part goes on where the last one stopped; a worker that starts anew has a broker of its own.
const topic = 'orders'
const group = 'billing'

function orders(count: number, firstNumber: number): ClientRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    key: `customer-${i % 17}`,
    value: JSON.stringify({ order: firstNumber + i, amount: i * 3 }),
  }))
}

/** Lag a partition as the page's table says it. */
async function lagOnPage(page: Page): Promise<Map<number, string>> {
  const texts = await rows(page, `Offsets and lag of ${group}`, topic).evaluateAll((found) =>
    found.map((one) => [...one.querySelectorAll('[role=cell]')].map((cell) => cell.textContent ?? '')),
  )
  return new Map(texts.map((cells) => [Number(cells[1]), cells[4] ?? '']))
}

const lagByPartition = (partitions: GroupLag) =>
  new Map(partitions.filter(({ lag }) => lag !== null).map(({ partition, lag }) => [partition, String(lag)]))

test.describe
  .serial('the whole story', () => {
    test('a topic with six partitions is created, and fills while one looks', async ({ page, connect }) => {
      await page.goto('/topics')
      await page.getByRole('button', { name: 'Create topic' }).first().click()
      const dialog = page.getByRole('dialog', { name: 'Create topic' })
      await dialog.getByLabel('Name', { exact: true }).fill(topic)
      await dialog.getByLabel('Partitions').fill('6')
      await expect(dialog.getByLabel('Equivalent command line')).toContainText(
        `--create --topic ${topic} --partitions 6`,
      )
      await dialog.getByRole('button', { name: 'Create topic' }).click()

      await expect(page).toHaveURL(/\/topics\/orders/)
      await expect(page.getByRole('heading', { level: 1, name: topic })).toBeVisible()
      await expect(page.getByText('6 partitions', { exact: true })).toBeVisible()
      await expect(page.getByText('No records here')).toBeVisible()
      await untilLive(page)

      await connect('shop').produce(topic, orders(60, 0))
      await expect(page.getByRole('grid').getByText('"order":59')).toBeVisible()
      await expect(page.getByText('60 records', { exact: true })).toBeVisible()
    })

    test('a consumer that falls behind is seen to, and to catch up', async ({ page, connect }) => {
      const shop = connect('shop')
      const billing = connect('billing-1')
      await billing.consume(topic, group)
      await page.goto('/groups')
      await rows(page, 'Consumer groups', group).getByRole('link').click()
      await expect(page.getByRole('heading', { level: 1, name: group })).toBeVisible()
      await expect(stat(page, 'Members')).toHaveText('1')
      await expect(stat(page, 'Lag')).toHaveText('0records')

      await billing.hold()
      await shop.produce(topic, orders(90, 60))
      await expect(stat(page, 'Lag')).toHaveText('90records')
      const behind = await billing.lag(topic, group)
      expect(lagOf(behind)).toBe(90)
      await expect.poll(() => lagOnPage(page)).toEqual(lagByPartition(behind))

      await billing.goOn()
      await expect(stat(page, 'Lag')).toHaveText('0records')
      expect(lagOf(await billing.lag(topic, group))).toBe(0)
      expect(await billing.received()).toHaveLength(150)
      await billing.leave()
    })

    test('partitions are added after a look at which keys move', async ({ page, connect }) => {
      await page.goto(`/topics/${topic}?tab=partitions`)
      const lanes = page.locator('[data-row]')
      await expect(lanes).toHaveCount(6)
      await page.getByRole('button', { name: 'Add partitions' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel(/Partitions in all/).fill('5')
      await expect(dialog.getByRole('alert')).toContainText('never taken away')
      await dialog.getByLabel(/Partitions in all/).fill('8')
      await expect(dialog.getByRole('region', { name: 'Preview' })).toContainText(/of 17 keys/)
      const spread = dialog.getByRole('table', { name: 'Keys a partition' }).getByRole('row')
      await expect(spread).toHaveCount(1 + 8)
      await dialog.getByRole('button', { name: 'Add 2 partitions' }).click()
      await expect(dialog).toBeHidden()
      await expect(lanes).toHaveCount(8)

      await connect('shop').produce(topic, [{ key: null, value: 'to the new one', partition: 7 }])
      await expect(lanes.last().getByRole('cell').nth(4)).toHaveText('1')
    })

    test('offsets are reset: not under a member, shown first, then done', async ({ page, connect }) => {
      const billing = connect('billing-2')
      await billing.consume(topic, group)
      await page.goto(`/groups/${group}`)
      await expect(stat(page, 'Lag')).toHaveText('0records')
      await page.getByRole('button', { name: 'Reset offsets' }).click()
      const dialog = page.getByRole('dialog')
      await expect(dialog.getByText(/member/)).toBeVisible()
      await expect(dialog.getByRole('button', { name: /^Reset \d/ })).toBeDisabled()
      await dialog.getByRole('button', { name: 'Cancel' }).click()

      await billing.leave()
      await expect(page.getByRole('main').getByText('Empty', { exact: true })).toBeVisible()
      await page.getByRole('button', { name: 'Reset offsets' }).click()
      await expect(dialog.getByLabel('Equivalent command line')).toContainText('--to-earliest')
      const plan = dialog.getByRole('table', { name: 'What would change' }).getByRole('textbox')
      await expect(plan).toHaveCount(8)
      for (const offset of await plan.all()) await expect(offset).toHaveValue('0')
      expect(lagOf(await billing.lag(topic, group)), 'a dry run changes nothing').toBe(0)

      await dialog.getByRole('button', { name: /^Reset \d partitions$/ }).click()
      await expect(dialog).toBeHidden()
      await expect(stat(page, 'Lag')).toHaveText('151records')
      const after = await billing.lag(topic, group)
      expect(lagOf(after)).toBe(151)
      await expect.poll(() => lagOnPage(page)).toEqual(lagByPartition(after))
    })

    test('records are deleted, the offsets stay', async ({ page, connect }) => {
      await page.goto(`/topics/${topic}?tab=partitions`)
      await page.getByRole('button', { name: 'Delete records' }).click()
      const dialog = page.getByRole('dialog')
      await expect(dialog).toContainText('Up to 151 records are lost')
      await confirmByName(page, topic, 'Delete records')
      await expect(dialog).toBeHidden()
      await expect(page.getByText('0 records', { exact: true })).toBeVisible()
      for (const lane of await page.locator('[data-row]').all()) {
        const cells = lane.getByRole('cell')
        await expect(cells.nth(3), 'start offset').toHaveText((await cells.nth(4).textContent()) ?? '')
      }
      const ends = await connect('auditor').lag(topic, group)
      expect(ends.reduce((sum, { end }) => sum + end, 0)).toBe(151)
    })

    test('the group is deleted, by its name typed', async ({ page }) => {
      await page.goto(`/groups/${group}`)
      await page.getByRole('button', { name: `Actions of ${group}` }).click()
      await page.getByRole('menuitem', { name: 'Delete group…' }).click()
      await confirmByName(page, group, 'Delete group')
      await expect(page).toHaveURL(/\/groups$/)
      await expect(page.getByRole('heading', { level: 1, name: 'Groups' })).toBeVisible()
      await expect(rows(page, 'Consumer groups', group)).toHaveCount(0)
      await page.goto(`/groups/${group}`)
      await expect(page.getByRole('heading', { name: `There is no group ${group}` })).toBeVisible()
    })

    test('the topic is deleted, by its name typed', async ({ page }) => {
      await page.goto(`/topics/${topic}`)
      await page.getByRole('button', { name: `Actions of ${topic}` }).click()
      await page.getByRole('menuitem', { name: 'Delete topic…' }).click()
      await confirmByName(page, topic, 'Delete topic')
      await expect(page).toHaveURL(/\/topics$/)
      await expect(page.getByRole('heading', { level: 1, name: 'Topics' })).toBeVisible()
      await expect(rows(page, 'Topics', topic)).toHaveCount(0)
      await page.goto(`/topics/${topic}`)
      await expect(page.getByRole('heading', { name: `There is no topic ${topic}` })).toBeVisible()
    })
  })
