import { gzipSync } from 'node:zlib'
import type { Browser } from '@playwright/test'
import type { Bounds } from './bounds.ts'
import { openFresh, untilLive } from './browser.ts'

const kb = 1000

/** The scripts that the HTML of `/` names, and with them all that it fetches by itself (chart, messages, panels). */
export async function measureFirstLoad(browser: Browser, url: string, bounds: Bounds): Promise<void> {
  await using page = await openFresh(browser)
  const scripts = new Map<string, number>()
  const reading: Promise<void>[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return
    const path = new URL(response.url()).pathname
    reading.push(response.body().then((body) => void scripts.set(path, gzipSync(body).length)))
  })
  const response = await page.goto(url, { waitUntil: 'load' })
  const html = (await response?.text()) ?? ''
  await untilLive(page)
  await page.waitForLoadState('networkidle')
  await Promise.all(reading)
  const named = new Set([...html.matchAll(/<script[^>]+src="([^"?]+)/g)].map((match) => match[1]))
  const sum = (sizes: readonly number[]) => sizes.reduce((all, size) => all + size, 0) / kb
  const first = [...scripts].flatMap(([path, size]) => (named.has(path) ? size : []))
  const name = 'first-load JavaScript of / (gzip)'
  bounds.add({ name, unit: 'KB', better: 'less', limit: 200 }, sum(first))
  const all = 'JavaScript of / with what it fetches once it stands'
  bounds.add({ name: all, unit: 'KB', better: 'less', limit: null }, sum([...scripts.values()]))
}
