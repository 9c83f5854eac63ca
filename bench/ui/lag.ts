import { setTimeout as delay } from 'node:timers/promises'
import type { Browser, Page } from '@playwright/test'
import { WireClient } from '../../broker/protocol/client.ts'
import { encodeRecordBatch } from '../../broker/records/record-batch-builder.ts'
import type { Dashboard } from '../../tests/e2e/dashboard.ts'
import { type Bounds, quantile } from './bounds.ts'
import { openFresh, untilLive } from './browser.ts'
import { commit, createTopics, findCoordinator, produce, range } from './load.ts'

const topic = 'lag'
const partitionCount = 1_000
const groupCount = 50
/** Groups whose figure is awaited; the others commit all the time. */
const watchedCount = 8
const perMember = 100
const recordsPerPartition = 1_000
/** A consumer's default `auto.commit.interval.ms`. */
const autoCommitMs = 5_000
const backgroundStepMs = 50

const groupName = (group: number) => `lag-group-${String(group).padStart(2, '0')}`

type Seen = { label: string; lag: number; atMs: number }
type LagWindow = Window & { lagSeen: Seen[] }

/** 1,000 partitions with records, and 50 groups that have committed on each of them. */
async function prepare(client: WireClient): Promise<void> {
  await createTopics(client, [{ name: topic, partitions: partitionCount }])
  await findCoordinator(client, groupName(0))
  const batch = encodeRecordBatch({ records: range(0, recordsPerPartition).map(() => ({ value: 'x' })) })
  for (let first = 0; first < partitionCount; first += perMember)
    await produce(client, topic, range(first, perMember), batch)
  for (let group = 0; group < groupCount; group++)
    await commit(client, groupName(group), topic, range(0, partitionCount), 0)
}

/** Each member of each group that is not watched commits its partitions every five seconds. */
function commitInBackground(client: WireClient): () => Promise<void> {
  const members = partitionCount / perMember
  const shares = range(watchedCount, groupCount - watchedCount).flatMap((group) =>
    range(0, members).map((member) => ({ group, first: member * perMember })),
  )
  const perStep = Math.ceil((shares.length * backgroundStepMs) / autoCommitMs)
  let sent = 0
  const timer = setInterval(() => {
    for (let left = perStep; left > 0; left--, sent++) {
      const { group, first } = shares[sent % shares.length]!
      const offset = Math.floor(sent / shares.length) + 1
      void commit(client, groupName(group), topic, range(first, perMember), offset).catch(() => {})
    }
  }, backgroundStepMs)
  return async () => {
    clearInterval(timer)
    await client.close()
  }
}

/** Notes each new lag figure that comes into the DOM, by the page's clock. */
async function watchTable(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen: Seen[] = []
    const last = new Map<string, number>()
    ;(window as unknown as LagWindow).lagSeen = seen
    const heads = [...document.querySelectorAll('[role=columnheader]')]
    const column = heads.findIndex((head) => head.textContent?.trim() === 'Lag')
    const look = () => {
      const atMs = Date.now()
      for (const row of document.querySelectorAll('[data-row]')) {
        const label = row.querySelector('a')?.textContent ?? ''
        const lag = Number(row.children[column]?.textContent?.replace(/\D/g, ''))
        if (last.get(label) === lag) continue
        last.set(label, lag)
        seen.push({ label, lag, atMs })
      }
    }
    look()
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    })
  })
}

async function watchStat(page: Page, label: string): Promise<void> {
  await page.evaluate((name) => {
    const seen: Seen[] = []
    ;(window as unknown as LagWindow).lagSeen = seen
    const head = [...document.querySelectorAll('dl > div dt')].find((dt) => dt.textContent === 'Lag')
    const figure = head?.parentElement?.querySelector('dd > span > span')
    const look = () => {
      const lag = Number(figure?.textContent?.replace(/\D/g, ''))
      if (seen.at(-1)?.lag !== lag) seen.push({ label: name, lag, atMs: Date.now() })
    }
    look()
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    })
  }, label)
}

async function whenSeen(page: Page, label: string, lag: number): Promise<number> {
  const handle = await page.waitForFunction(
    (wanted) =>
      (window as unknown as LagWindow).lagSeen.find(
        (seen) => seen.label === wanted.label && seen.lag === wanted.lag,
      )?.atMs,
    { label, lag },
    { polling: 10, timeout: 20_000 },
  )
  return Number(await handle.jsonValue())
}

/** Commits of the watched groups, one after the other, each at another moment of the server's beat. */
class WatchedGroups {
  private readonly client: WireClient
  private readonly committed = range(0, watchedCount).map(() => 0)
  private readonly steps = range(0, watchedCount).map(() => 0)

  constructor(client: WireClient) {
    this.client = client
  }

  /** Commits the next member's partitions one record further; resolves with the lag that must appear. */
  async step(group: number): Promise<{ lag: number; sentAtMs: number }> {
    const members = partitionCount / perMember
    const step = this.steps[group]!++
    const offset = Math.floor(step / members) + 1
    if (offset > recordsPerPartition) throw new Error('the groups have read everything')
    this.committed[group] = this.committed[group]! + perMember
    const lag = partitionCount * recordsPerPartition - this.committed[group]!
    const sentAtMs = Date.now()
    await commit(this.client, groupName(group), topic, range((step % members) * perMember, perMember), offset)
    return { lag, sentAtMs }
  }
}

async function delays(
  page: Page,
  groups: WatchedGroups,
  watched: readonly number[],
  count: number,
): Promise<number[]> {
  const waits: number[] = []
  for (let sample = 0; sample < count; sample++) {
    const group = watched[sample % watched.length]!
    const { lag, sentAtMs } = await groups.step(group)
    waits.push((await whenSeen(page, groupName(group), lag)) - sentAtMs)
    await delay(Math.random() * 60)
  }
  return waits
}

/**
 * From the sending of a commit to the group's new lag in the DOM, on the list of groups and on the group's own page,
 * while the other groups commit as consumers do.
 */
export async function measureLag(
  browser: Browser,
  dashboard: Dashboard,
  plan: { rounds: number; samples: number },
  bounds: Bounds,
): Promise<void> {
  const port = Number(dashboard.bootstrap.split(':')[1])
  await using client = await WireClient.connect({ port })
  await prepare(client)
  const groups = new WatchedGroups(client)
  const stopBackground = commitInBackground(await WireClient.connect({ port }))
  const add = (where: string, waits: readonly number[]) => {
    for (const [name, share] of [['p50', 0.5] as const, ['p99', 0.99] as const]) {
      const limit = name === 'p99' ? 250 : null
      bounds.add(
        { name: `commit → lag in the DOM, ${where}, ${name}`, unit: 'ms', better: 'less', limit },
        quantile(waits, share),
      )
    }
  }
  try {
    await using list = await openFresh(browser)
    await list.goto(`${dashboard.url}/groups?sort=groupId&descending=false`)
    await untilLive(list)
    await list.getByRole('link', { name: groupName(0) }).waitFor()
    await watchTable(list)
    await delays(list, groups, range(0, watchedCount), 10)
    for (let round = 0; round < plan.rounds; round++)
      add('/groups', await delays(list, groups, range(0, watchedCount), plan.samples))
    await list.goto(`${dashboard.url}/groups/${groupName(0)}`)
    await untilLive(list)
    await list.getByRole('table', { name: /Offsets and lag/ }).waitFor()
    await watchStat(list, groupName(0))
    await delays(list, groups, [0], 10)
    for (let round = 0; round < plan.rounds; round++)
      add('/groups/[id]', await delays(list, groups, [0], plan.samples))
  } finally {
    await stopBackground()
  }
}
