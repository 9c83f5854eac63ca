import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

const mostStops = 60

/** Goes to an element as a person without a mouse does: by Tab, or with `key` by Shift+Tab. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect(target).toBeVisible()
  for (let stop = 0; stop < mostStops; stop++) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press(key)
  }
  throw new Error(`${target} is not reached in ${mostStops} presses of ${key}`)
}

const selectedTab = (page: Page, name: string) =>
  expect(page.getByRole('tab', { name })).toHaveAttribute('aria-selected', 'true')

test('the main flow by keyboard alone: create, produce, read, delete', async ({ page, unique }) => {
  const topic = unique('keys')
  await page.goto('/')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused()

  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox')).toBeFocused()
  await page.keyboard.type('create a topic')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused()
  await page.keyboard.type(topic)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: topic })).toBeVisible()

  await tabTo(page, page.getByRole('button', { name: 'Produce', exact: true }))
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Produce' })
  await expect(dialog.getByLabel('Key', { exact: true })).toBeFocused()
  await page.keyboard.type('by-hand')
  await tabTo(page, dialog.getByLabel('Value', { exact: true }))
  await page.keyboard.type('typed')
  await page.keyboard.press('Control+Enter')
  await expect(dialog.getByText(/Stored in partition \d/)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('button', { name: 'Produce', exact: true })).toBeFocused()

  const record = page.getByRole('row', { name: 'by-hand' })
  await tabTo(page, record)
  await page.keyboard.press('Enter')
  const detail = page.getByRole('complementary', { name: /^Record 0/ })
  await expect(detail).toContainText('typed')
  await tabTo(page, detail.getByRole('button', { name: 'Close record' }))
  await page.keyboard.press('Enter')
  await expect(detail).toBeHidden()

  await page.keyboard.press('g')
  await page.keyboard.press('t')
  await expect(page.getByRole('heading', { level: 1, name: 'Topics' })).toBeVisible()
  await page.keyboard.press('/')
  await expect(page.getByRole('searchbox')).toBeFocused()
  await page.keyboard.type(topic)
  await expect(page.locator('[data-row]')).toHaveCount(1)
  await tabTo(page, page.getByRole('button', { name: `Actions of ${topic}` }))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menuitem', { name: 'Clone…' })).toBeVisible()
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel(/to confirm/)).toBeFocused()
  await page.keyboard.type(topic)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page.getByText(`No topic is called “${topic}”`)).toBeVisible()
})

test('tabs turn with arrows, Home and End', async ({ page, api, unique }) => {
  const topic = unique('tabs')
  await api('POST', '/topics', { name: topic, partitions: 2 })
  await page.goto(`/topics/${topic}`)
  await tabTo(page, page.getByRole('tab', { name: 'Messages' }))
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('tab', { name: 'Partitions' })).toBeFocused()
  await expect(page).toHaveURL(/tab=partitions/)
  await page.keyboard.press('End')
  await selectedTab(page, 'Storage')
  await page.keyboard.press('ArrowRight')
  await selectedTab(page, 'Messages')
})

test('Escape shuts a dialog, and the focus comes back to what opened it', async ({ page }) => {
  await page.goto('/topics')
  const button = page.getByRole('button', { name: 'Create topic' }).first()
  await tabTo(page, button)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(button).toBeFocused()
})

test('the palette finds topics, groups, brokers, pages and actions', async ({
  page,
  api,
  connect,
  unique,
}) => {
  const topic = unique('palette-topic')
  const group = unique('palette-group')
  await api('POST', '/topics', { name: topic, partitions: 1 })
  const reader = connect('palette-reader')
  await reader.consume(topic, group)
  await page.goto('/brokers')
  await page.getByRole('heading', { level: 1 }).waitFor()

  const find = async (typed: string, found: string) => {
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('combobox')).toBeFocused()
    await page.keyboard.type(typed)
    const first = page.getByRole('dialog').getByRole('option').first()
    await expect(first).toContainText(found)
    await expect(first).toHaveAttribute('aria-selected', 'true')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog')).toBeHidden()
  }
  await find(topic, topic)
  await expect(page).toHaveURL(new RegExp(`/topics/${topic}`))
  await find(group, group)
  await expect(page).toHaveURL(new RegExp(`/groups/${group}`))
  await find('broker ', 'Broker')
  await expect(page).toHaveURL(/\/brokers\/\d+/)
  await find('clients', 'Clients')
  await expect(page).toHaveURL(/\/clients/)
  await page.emulateMedia({ colorScheme: 'light' })
  await find('dark theme', 'Dark theme')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')

  await page.keyboard.press('Control+k')
  await page.keyboard.type('nothing has this name')
  await expect(page.getByText('Nothing is called “nothing has this name”.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await reader.leave()
})
