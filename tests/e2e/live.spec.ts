import type { WebSocketRoute } from '@playwright/test'
import { startDashboard } from './dashboard.ts'
import { expect, test } from './fixtures.ts'

const count = (page: import('@playwright/test').Page, topic: string, records: string) =>
  expect(page.locator('header', { hasText: topic }).getByText(`${records} records`)).toBeVisible()

test('a cut WebSocket is told, comes back, and nothing is stale', async ({ page, api, unique }) => {
  const topic = unique('cut')
  await api('POST', '/topics', { name: topic, partitions: 1 })
  const produce = (records: number) =>
    api('POST', `/topics/${topic}/records`, {
      records: Array.from({ length: records }, (_, n) => ({ value: `record ${n}` })),
    })
  let refuse = false
  const open: WebSocketRoute[] = []
  await page.routeWebSocket(/\/ws$/, (socket) => {
    if (refuse) void socket.close()
    else {
      socket.connectToServer()
      open.push(socket)
    }
  })
  await page.goto(`/topics/${topic}?tab=partitions`)
  await expect(page.getByText('Live', { exact: true }).first()).toBeVisible()
  await produce(3)
  await count(page, topic, '3')

  refuse = true
  for (const socket of open) await socket.close()
  await expect(page.getByText('Reconnecting').first()).toBeVisible()
  await expect(page.getByText('Millrace does not answer.')).toBeVisible()
  await produce(4)
  refuse = false
  await expect(page.getByText('Live', { exact: true }).first()).toBeVisible({ timeout: 20_000 })
  await count(page, topic, '7')
  await produce(5)
  await count(page, topic, '12')
})

test('the broker is restarted under an open page', async ({ page, clusterKind }) => {
  test.skip(clusterKind !== 'embedded', 'restarts the embedded broker')
  await using dashboard = await startDashboard()
  const call = (method: string, path: string, body: unknown) =>
    fetch(`${dashboard.url}/api/clusters/${dashboard.cluster}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).then((response) => expect(response.ok).toBe(true))
  await call('POST', '/topics', { name: 'kept', partitions: 2 })
  await call('POST', '/topics/kept/records', { records: [{ value: 'one' }, { value: 'two' }] })
  await page.goto(`${dashboard.url}/topics/kept?tab=partitions`)
  await count(page, 'kept', '2')
  await dashboard.stop()
  await expect(page.getByText('Millrace does not answer.')).toBeVisible()
  await count(page, 'kept', '2')
  await dashboard.start()
  await expect(page.getByText('Live', { exact: true }).first()).toBeVisible({ timeout: 20_000 })
  await expect(page.getByText('Millrace does not answer.')).toHaveCount(0)
  await call('POST', '/topics/kept/records', { records: [{ value: 'three' }] })
  await count(page, 'kept', '3')
})
