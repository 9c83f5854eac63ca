import { expect, test } from './fixtures.ts'

test('reload keeps what is on the screen, back goes to what was', async ({ page, api, unique }) => {
  const topic = unique('address')
  await api('POST', '/topics', { name: topic, partitions: 2 })
  await page.goto('/topics')
  await page.getByRole('searchbox', { name: 'Filter topics' }).fill(topic)
  await expect(page).toHaveURL(new RegExp(`filter=${topic}`))
  await page.getByRole('button', { name: 'Records' }).click()
  await expect(page).toHaveURL(/sort=records/)
  await page.reload()
  await expect(page.getByRole('searchbox', { name: 'Filter topics' })).toHaveValue(topic)
  await expect(page.getByRole('columnheader', { name: 'Records' })).toHaveAttribute('aria-sort', 'descending')

  await page.getByRole('link', { name: topic }).click()
  await page.getByRole('tab', { name: 'Config' }).click()
  await page.reload()
  await expect(page.getByRole('tab', { name: 'Config' })).toHaveAttribute('aria-selected', 'true')
  await page.goBack()
  await expect(page.getByRole('tab', { name: 'Messages' })).toHaveAttribute('aria-selected', 'true')
  await page.goBack()
  await expect(page.getByRole('searchbox', { name: 'Filter topics' })).toHaveValue(topic)
})
