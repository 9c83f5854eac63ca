import { gzipSync } from 'node:zlib'
import type { Browser } from '@playwright/test'
import type { Bounds } from './bounds.ts'
import { openFresh, untilLive } from './browser.ts'

const kb = 1000

/** What `/` asks for as scripts until it stands and is live, and what Next fetches ahead afterwards. */
export async function measureFirstLoad(browser: Browser, url: string, bounds: Bounds): Promise<void> {
  await using page = await openFresh(browser)
  const scripts = new Map<string, number>()
  const reading: Promise<void>[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return
    reading.push(
      response.body().then((body) => void scripts.set(response.url(), gzipSync(body, { level: 6 }).length)),
    )
  })
  await page.goto(url, { waitUntil: 'load' })
  await untilLive(page)
  const loadedAtCount = reading.length
  await page.waitForLoadState('networkidle')
  await Promise.all(reading)
  const sizes = [...scripts.values()]
  const sum = (values: readonly number[]) => values.reduce((all, size) => all + size, 0) / kb
  const name = 'first-load JavaScript of / (gzip)'
  bounds.add({ name, unit: 'KB', better: 'less', limit: 200 }, sum(sizes.slice(0, loadedAtCount)))
  const all = 'JavaScript of / with all that it fetches ahead'
  bounds.add({ name: all, unit: 'KB', better: 'less', limit: null }, sum(sizes))
}
