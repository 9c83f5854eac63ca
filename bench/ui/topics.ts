import type { Browser, Page } from '@playwright/test'
import { WireClient } from '../../broker/protocol/client.ts'
import type { Dashboard } from '../../tests/e2e/dashboard.ts'
import { untilAnswers } from '../../tests/support/child.ts'
import { type Bounds, quantile } from './bounds.ts'
import { openFresh, untilLive } from './browser.ts'
import { createTopics, range } from './load.ts'

const topicCount = 10_000
const partitionsPerTopic = 4
const teams = ['billing', 'checkout', 'fraud', 'identity', 'ledger', 'logistics', 'search', 'support']
const things = [
  'account',
  'address',
  'cart',
  'invoice',
  'item',
  'order',
  'parcel',
  'payment',
  'refund',
  'user',
]
const deeds = ['changed', 'created', 'deleted', 'requested', 'settled']
const typed = ['payment set 17', 'fraud.cart', 'order.c']

/** `billing.account.changed-0` …: as names are in a house with many teams. */
const topicNames = range(0, topicCount).map((index) => {
  const deed = deeds[index % deeds.length]!
  const thing = things[Math.floor(index / deeds.length) % things.length]!
  const team = teams[Math.floor(index / deeds.length / things.length) % teams.length]!
  return `${team}.${thing}.${deed}-${Math.floor(index / 400)}`
})

function matching(filter: string): number {
  const words = filter.split(' ').filter(Boolean)
  return topicNames.filter((name) => words.every((word) => name.includes(word))).length
}

async function create(dashboard: Dashboard): Promise<void> {
  await using client = await WireClient.connect({ port: Number(dashboard.bootstrap.split(':')[1]) })
  await createTopics(
    client,
    topicNames.map((name) => ({ name, partitions: partitionsPerTopic })),
  )
  const listed = async () => {
    const response = await fetch(`${dashboard.url}/api/clusters/${dashboard.cluster}/topics`)
    const { topics } = (await response.json()) as { topics: { name: string[]; replicationFactor: number[] } }
    return topics.name.length === topicCount && topics.replicationFactor.every((factor) => factor > 0)
      ? true
      : undefined
  }
  await untilAnswers(listed, { timeoutMs: 60_000, intervalMs: 500 })
}

type TopicsWindow = Window & { rowsAtMs?: number; typedAtMs: number; paintedMs: number[] }

/** From the start of the navigation to the first frame with rows in it and a filter that takes input. */
async function usableAfterMs(page: Page, url: string): Promise<number> {
  await page.addInitScript(() => {
    const own = window as unknown as TopicsWindow
    const look = () => {
      if (document.querySelector('[data-row] a') === null) requestAnimationFrame(look)
      else requestAnimationFrame(() => (own.rowsAtMs = performance.now()))
    }
    requestAnimationFrame(look)
  })
  await page.goto(`${url}/topics`, { waitUntil: 'commit' })
  const handle = await page.waitForFunction(() => (window as unknown as TopicsWindow).rowsAtMs)
  return Number(await handle.jsonValue())
}

/** Notes for each input event when a frame with its rows was painted: `aria-rowcount` says which rows those are. */
async function watchTyping(page: Page, counts: Readonly<Record<string, number>>): Promise<void> {
  await page.evaluate((expected) => {
    const own = window as unknown as TopicsWindow
    own.paintedMs = []
    document.addEventListener(
      'input',
      (event) => {
        const rows = expected[(event.target as HTMLInputElement).value]! + 1
        const look = () => {
          const table = document.querySelector('[role=table]')
          const drawn = rows === 1 || document.querySelectorAll('[data-row]').length > 0
          if (Number(table?.getAttribute('aria-rowcount')) !== rows || !drawn) requestAnimationFrame(look)
          else {
            // A message that is posted in a frame comes after its paint.
            const channel = new MessageChannel()
            channel.port1.onmessage = () => own.paintedMs.push(performance.now() - event.timeStamp)
            channel.port2.postMessage(null)
          }
        }
        requestAnimationFrame(look)
      },
      { capture: true },
    )
  }, counts)
}

async function typingMs(page: Page): Promise<number[]> {
  const prefixes = typed.flatMap((text) => range(0, text.length + 1).map((length) => text.slice(0, length)))
  await watchTyping(page, Object.fromEntries(prefixes.map((prefix) => [prefix, matching(prefix)])))
  let pressed = 0
  const press = async (key: string) => {
    await page.keyboard.press(key)
    pressed++
    await page.waitForFunction(
      (count) => (window as unknown as TopicsWindow).paintedMs.length >= count,
      pressed,
      { polling: 10 },
    )
  }
  await page.getByLabel('Filter topics').focus()
  for (const text of typed) {
    for (const letter of text) await press(letter)
    for (let left = text.length; left > 0; left--) await press('Backspace')
  }
  return page.evaluate(() => (window as unknown as TopicsWindow).paintedMs)
}

/** `/topics` with 10,000 topics of four partitions each: how soon it stands, and how soon a key changes its rows. */
export async function measureTopics(
  browser: Browser,
  dashboard: Dashboard,
  plan: { rounds: number },
  bounds: Bounds,
): Promise<void> {
  await create(dashboard)
  for (let round = 0; round < plan.rounds; round++) {
    await using page = await openFresh(browser)
    const usable = await usableAfterMs(page, dashboard.url)
    bounds.add(
      { name: '10,000 topics: /topics usable, nothing cached', unit: 'ms', better: 'less', limit: 1000 },
      usable,
    )
    await untilLive(page)
    await page.waitForLoadState('networkidle')
    await page.reload({ waitUntil: 'commit' })
    const again = await page.waitForFunction(() => (window as unknown as TopicsWindow).rowsAtMs)
    bounds.add(
      { name: '10,000 topics: /topics usable, reload', unit: 'ms', better: 'less', limit: 1000 },
      Number(await again.jsonValue()),
    )
    await untilLive(page)
    await page.waitForLoadState('networkidle')
    const waits = await typingMs(page)
    const name = '10,000 topics: key → painted rows'
    bounds.add({ name: `${name}, p50`, unit: 'ms', better: 'less', limit: 50 }, quantile(waits, 0.5))
    bounds.add({ name: `${name}, p95`, unit: 'ms', better: 'less', limit: null }, quantile(waits, 0.95))
  }
}
