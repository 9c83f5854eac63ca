import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page, WebSocketRoute } from '@playwright/test'
import { startBrokerProcess } from '../support/broker.ts'
import { ClientProcess } from './client.ts'
import { startDashboard } from './dashboard.ts'
import { callApi, expect, test, untilLive } from './fixtures.ts'

const count = (page: Page, records: number) =>
  expect(page.getByText(`${records} records`, { exact: true })).toBeVisible()

const recordsOf = (many: number) => ({
  records: Array.from({ length: many }, (_, n) => ({ value: `record ${n}` })),
})

test('a cut WebSocket is told, comes back, and nothing is stale', async ({ page, api, unique }) => {
  const topic = unique('cut')
  await api('POST', '/topics', { name: topic, partitions: 1 })
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
  await untilLive(page)
  await api('POST', `/topics/${topic}/records`, recordsOf(3))
  await count(page, 3)

  refuse = true
  for (const socket of open) await socket.close()
  await expect(page.getByText('Reconnecting').first()).toBeVisible()
  await expect(page.getByText('Millrace does not answer.')).toBeVisible()
  await api('POST', `/topics/${topic}/records`, recordsOf(4))
  await count(page, 3)
  refuse = false
  await untilLive(page)
  await count(page, 7)
  await expect(page.getByText('Millrace does not answer.')).toBeHidden()
  await api('POST', `/topics/${topic}/records`, recordsOf(5))
  await count(page, 12)
})

test('the broker is restarted under an open page', async ({ page }) => {
  await using dashboard = await startDashboard()
  await callApi(dashboard, 'POST', '/topics', { name: 'kept', partitions: 2 })
  await callApi(dashboard, 'POST', '/topics/kept/records', recordsOf(2))
  await page.goto(`${dashboard.url}/topics/kept?tab=partitions`)
  await untilLive(page)
  await count(page, 2)
  await dashboard.stop()
  await expect(page.getByText('Millrace does not answer.')).toBeVisible()
  await count(page, 2)
  await dashboard.start()
  await untilLive(page)
  await expect(page.getByText('Millrace does not answer.')).toBeHidden()
  await callApi(dashboard, 'POST', '/topics/kept/records', recordsOf(1))
  await count(page, 3)
})

test('an external cluster that goes away is told, and shown again when it is back', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'external-'))
  const first = await startBrokerProcess({ dataDir: folder })
  const port = Number(first.bootstrap.split(':')[1])
  try {
    await using dashboard = await startDashboard({ bootstrap: first.bootstrap })
    await callApi(dashboard, 'POST', '/topics', { name: 'far', partitions: 1 })
    await callApi(dashboard, 'POST', '/topics/far/records', recordsOf(2))
    await page.goto(`${dashboard.url}/topics/far?tab=partitions`)
    await untilLive(page)
    await count(page, 2)
    await expect(page.getByRole('main').getByText('estimate')).toBeVisible()

    await first.close()
    await expect(page.getByText(`${first.bootstrap} is offline.`)).toBeVisible({ timeout: 30_000 })
    await count(page, 2)

    await using second = await startBrokerProcess({ dataDir: folder, port })
    await expect(page.getByText(`${first.bootstrap} is offline.`)).toBeHidden({ timeout: 30_000 })
    await using client = new ClientProcess(second.bootstrap, 'later')
    await client.produce('far', [{ key: null, value: 'after the restart' }])
    await count(page, 3)
  } finally {
    await first.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
