import { readFile } from 'node:fs/promises'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

const topic = 'readings'
const count = 300

/** Records in view. */
const list = (page: Page): Locator => page.getByRole('grid', { name: 'Records' }).getByRole('row')
const offsets = (page: Page) => list(page).locator('[role=gridcell]:nth-child(2)').allTextContents()

test.describe
  .serial('messages', () => {
    test('they are browsed from every position, and the address keeps it', async ({ page, api, connect }) => {
      await api('POST', '/topics', { name: topic, partitions: 3 })
      const values = Array.from({ length: count }, (_, n) => ({
        key: `sensor-${n % 5}`,
        value: JSON.stringify({ n, celsius: n / 10 }),
        partition: n % 3,
        headers: { unit: n % 2 === 0 ? 'even' : 'odd' },
      }))
      await connect('sensors').produce(topic, values)
      await page.goto(`/topics/${topic}`)
      await expect(list(page).first()).toContainText('"n":299')

      const position = page.getByRole('combobox', { name: 'Start position' })
      await position.selectOption('oldest')
      await expect(list(page).first()).toContainText('"n":0')
      await position.selectOption('offset')
      await page.getByRole('spinbutton', { name: 'Offset' }).fill('90')
      await expect(list(page).first()).toContainText('"n":270')
      await page.getByRole('button', { name: 'All partitions' }).click()
      await page.getByRole('checkbox', { name: '2' }).check()
      await page.keyboard.press('Escape')
      await expect.poll(() => offsets(page)).toEqual(Array.from({ length: 10 }, (_, i) => String(90 + i)))

      await page.reload()
      await expect(list(page).first()).toContainText('"n":272')
      await expect(position).toHaveValue('offset')
      await expect(page.getByRole('button', { name: 'Partition 2' })).toBeVisible()
    })

    test('a record shows its value, key, headers and who may see it', async ({ page }) => {
      await page.goto(`/topics/${topic}?from=oldest&p=1`)
      await list(page).first().click()
      const record = page.getByRole('complementary', { name: 'Record 0 of partition 1' })
      await expect(record.getByRole('region', { name: 'Value', exact: true })).toContainText('"celsius": 0.1')
      await expect(record.getByRole('region', { name: 'Value', exact: true })).toContainText('JSON')
      await expect(record.getByRole('region', { name: 'Key', exact: true })).toContainText('sensor-1')
      await expect(record.getByRole('region', { name: 'Headers' })).toContainText('unitodd')
      await record.getByRole('button', { name: /Why can't my consumer/ }).click()
      await expect(record.getByRole('region', { name: 'Visibility' })).toContainText('It can')
      await page.reload()
      await expect(record).toBeVisible()
      await page.keyboard.press('Tab')
      await record.getByRole('button', { name: 'Close record' }).click()
      await expect(record).toBeHidden()
    })

    test('a filter runs over the whole topic on the server: text, then CEL', async ({ page }) => {
      await page.goto(`/topics/${topic}`)
      await page.getByRole('searchbox', { name: 'Filter the whole topic' }).fill('"n":17')
      await expect(page.getByText('Searched all', { exact: true })).toBeVisible()
      await expect(page.getByText('300 of 300 records')).toBeVisible()
      await expect(list(page)).toHaveCount(11)

      await page.getByText('CEL', { exact: true }).click()
      const expression = page.getByRole('textbox', { name: 'CEL expression' })
      await expression.fill('value.n >=')
      await expect(expression).toHaveAttribute('aria-invalid', 'true')
      await expect(page.getByRole('main').getByRole('alert')).not.toBeEmpty()
      await expression.fill('value.n >= 290 && key == "sensor-0"')
      await expect(expression).toHaveAttribute('aria-invalid', 'false')
      await expect(list(page)).toHaveCount(2)
      await expect(list(page).filter({ hasText: '"n":295' })).toBeVisible()
      await expect(list(page).filter({ hasText: '"n":290' })).toBeVisible()
      await page.reload()
      await expect(expression).toHaveValue('value.n >= 290 && key == "sensor-0"')
      await expect(list(page)).toHaveCount(2)
    })

    test('what is selected is exported, as JSON and as CSV', async ({ page }) => {
      await page.goto(`/topics/${topic}?from=oldest&p=0&q=%22n%22%3A2`)
      await expect(page.getByText('Searched all', { exact: true })).toBeVisible()
      const numbers = Array.from({ length: count }, (_, n) => n).filter(
        (n) => n % 3 === 0 && String(n).startsWith('2'),
      )
      const json = JSON.parse(await exported(page, 'As JSON')) as { key: string; value: { n: number } }[]
      expect(json.map(({ value }) => value.n)).toEqual(numbers)
      const csv = (await exported(page, 'As CSV')).trim().split(/\r?\n/)
      expect(csv[0]).toMatch(/^partition,offset,timestamp,key,value/)
      expect(csv).toHaveLength(1 + numbers.length)
    })

    test('the tail follows, pauses and goes on', async ({ page, connect }) => {
      const sensors = connect('sensors')
      await page.goto(`/topics/${topic}`)
      await page.getByRole('button', { name: 'Live tail' }).click()
      await expect(page.getByText('Waiting for the next record')).toBeVisible()
      await sensors.produce(topic, [{ key: 'tail', value: 'first of the tail' }])
      await expect(list(page)).toHaveCount(1)
      await expect(list(page).first()).toContainText('first of the tail')

      await page.getByRole('button', { name: 'Pause' }).click()
      await expect(page.getByText('Paused', { exact: true })).toBeVisible()
      await sensors.produce(topic, [{ key: 'tail', value: 'while paused' }])
      // What another page shows has reached this one's server too.
      const other = await page.context().newPage()
      await other.goto(`/topics/${topic}`)
      await expect(list(other).filter({ hasText: 'while paused' })).toBeVisible()
      await other.close()
      await expect(list(page)).toHaveCount(1)
      await page.getByRole('button', { name: 'Resume' }).click()
      await sensors.produce(topic, [{ key: 'tail', value: 'after the pause' }])
      await expect(list(page).filter({ hasText: 'after the pause' })).toBeVisible()
    })
  })

async function exported(page: Page, item: string): Promise<string> {
  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: item }).click(),
  ])
  return readFile(await download.path(), 'utf8')
}

test('what the page produces, a consumer receives', async ({ page, api, connect, unique }) => {
  const topic = unique('from-the-page')
  await api('POST', '/topics', { name: topic, partitions: 3 })
  await page.goto(`/topics/${topic}`)
  await page.getByRole('button', { name: 'Produce', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Produce' })
  const send = dialog.locator('button[type=submit]')
  await dialog.getByLabel('Key', { exact: true }).fill('berlin')
  await dialog.getByLabel('Value', { exact: true }).fill('{"degrees":21}')
  await dialog.getByLabel('Partition').selectOption('1')
  await dialog.getByRole('button', { name: 'Add a header' }).click()
  await dialog.getByLabel('Header name').fill('source')
  await dialog.getByLabel('Header value').fill('the page')
  await dialog.getByLabel('Compression').selectOption('gzip')
  await expect(dialog.getByLabel('Equivalent command line')).toContainText(`kcat -P`)
  await send.click()
  await expect(dialog.getByText('Stored in partition 1 at offset 0')).toBeVisible()

  await dialog.getByLabel('Tombstone (null value)').check()
  await send.click()
  await expect(dialog.getByText('Stored in partition 1 at offset 1')).toBeVisible()

  await dialog.getByText('Many', { exact: true }).click()
  await dialog.getByLabel('Lines').fill('paris:19\nrome:25')
  await dialog.getByLabel('Key ends at').fill(':')
  await expect(dialog.getByText('2 records ready')).toBeVisible()
  await send.click()
  await expect(dialog.getByText(/Stored 2 records/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()

  await list(page).filter({ hasText: '"degrees":21' }).click()
  await page.getByRole('button', { name: 'Produce again' }).click()
  const again = page.getByRole('dialog', { name: 'Produce again' })
  await expect(again.getByLabel('Value', { exact: true })).toHaveValue('{"degrees":21}')
  await again.getByLabel('Partition').selectOption('2')
  await again.locator('button[type=submit]').click()
  await expect(again.getByText(/Stored in partition 2 at offset/)).toBeVisible()

  const reader = connect('reader')
  await reader.consume(topic, unique('readers'))
  await expect.poll(async () => (await reader.received()).length).toBe(5)
  const received = (await reader.received()).map(({ offset: _, ...record }) => record)
  const berlin = { key: 'berlin', headers: { source: 'the page' } }
  expect(received).toContainEqual({ ...berlin, partition: 1, value: '{"degrees":21}' })
  expect(received).toContainEqual({ ...berlin, partition: 1, value: null })
  expect(received).toContainEqual({ ...berlin, partition: 2, value: '{"degrees":21}' })
  const byKey = new Map(received.map(({ key, value }) => [key, value]))
  expect([byKey.get('paris'), byKey.get('rome')]).toEqual(['19', '25'])
})
