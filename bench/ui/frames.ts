import { setTimeout as delay } from 'node:timers/promises'
import type { Browser, Page } from '@playwright/test'
import { WireClient } from '../../broker/protocol/client.ts'
import { encodeRecordBatch } from '../../broker/records/record-batch-builder.ts'
import { loadFlights } from '../../lib/server/sample/flights.ts'
import type { Dashboard } from '../../tests/e2e/dashboard.ts'
import type { Bounds } from './bounds.ts'
import { openFresh, untilLive } from './browser.ts'
import { createTopics, produce, range } from './load.ts'

const topic = 'frames'
const partitionCount = 12
const recordsPerSecond = 10_000
/** A producer lingers so long; each time every partition gets a batch. */
const lingerMs = 20
const settleMs = 3_000

type Load = { sent: number; stop: () => Promise<void> }

/** 10,000 records a second over all partitions, in batches as a producer with a short linger sends them. */
async function flow(port: number): Promise<Load> {
  const client = await WireClient.connect({ port })
  const perBatch = Math.ceil((recordsPerSecond * lingerMs) / 1000 / partitionCount)
  const flights = (await loadFlights()).slice(0, perBatch)
  const records = flights.map((flight) => ({ key: flight.origin.iata, value: JSON.stringify(flight) }))
  const partitions = range(0, partitionCount)
  const begun = performance.now()
  const load = { sent: 0, stop: async () => {} }
  let waiting = 0
  const timer = setInterval(() => {
    const due = ((performance.now() - begun) / 1000) * recordsPerSecond
    // Not more at once than a producer would have in flight, so that a stall is no burst of a second.
    while (load.sent < due && waiting < 5) {
      const timestampMs = Date.now()
      const batch = encodeRecordBatch({ records: records.map((record) => ({ ...record, timestampMs })) })
      load.sent += perBatch * partitionCount
      waiting++
      void produce(client, topic, partitions, batch)
        .catch(() => {})
        .finally(() => waiting--)
    }
  }, lingerMs)
  load.stop = async () => {
    clearInterval(timer)
    await client.close()
  }
  return load
}

type Watched = { longTasks: number[]; frames: number; cpuShare: number }
type TaskWindow = Window & { longTasks: number[]; frameCount: number }

/** Long tasks and frames of the page over so many milliseconds. */
async function watchTasks(page: Page, forMs: number): Promise<Watched> {
  await page.evaluate(() => {
    const own = window as unknown as TaskWindow
    own.longTasks = []
    own.frameCount = 0
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) own.longTasks.push(duration)
    }).observe({ entryTypes: ['longtask'] })
    const frame = () => {
      own.frameCount++
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })
  const cpuMs = await mainThreadCpu(page)
  await delay(forMs)
  const used = (await cpuMs()) / forMs
  const { longTasks, frameCount } = await page.evaluate(() => {
    const { longTasks, frameCount } = window as unknown as TaskWindow
    return { longTasks, frameCount }
  })
  return { longTasks, frames: frameCount, cpuShare: used }
}

/** CPU that the page's main thread has used since now: other than a task's duration, it knows no waiting for a core. */
async function mainThreadCpu(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const taskMs = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000
  }
  const before = await taskMs()
  return async () => (await taskMs()) - before
}

/** Long tasks in the page while records flow through the lanes of the Partitions tab, then through the live tail. */
export async function measureFrames(
  browser: Browser,
  dashboard: Dashboard,
  plan: { rounds: number; seconds: number },
  bounds: Bounds,
): Promise<void> {
  const port = Number(dashboard.bootstrap.split(':')[1])
  {
    await using client = await WireClient.connect({ port })
    await createTopics(client, [{ name: topic, partitions: partitionCount }])
  }
  const places = [
    { name: 'Partitions tab', path: 'tab=partitions' },
    { name: 'live tail', path: 'tab=messages&tail=true' },
  ]
  const load = await flow(port)
  try {
    for (let round = 0; round < plan.rounds; round++) {
      for (const { name, path } of places) {
        await using page = await openFresh(browser)
        await page.goto(`${dashboard.url}/topics/${topic}?${path}`)
        await untilLive(page)
        await delay(settleMs)
        const sentBefore = load.sent
        const { longTasks, frames, cpuShare } = await watchTasks(page, plan.seconds * 1000)
        const add = (what: string, unit: string, value: number, limit: number | null) =>
          bounds.add(
            { name: `${name}: ${what}`, unit, better: unit === '1/s' ? 'more' : 'less', limit },
            value,
          )
        add('longest task', 'ms', Math.max(0, ...longTasks), 50)
        add("main thread's CPU", '%', cpuShare * 100, null)
        add('frames', '1/s', frames / plan.seconds, null)
        add('records', '1/s', (load.sent - sentBefore) / plan.seconds, null)
        if (longTasks.length > 0)
          console.log(
            `  ${name}: ${longTasks.length} tasks over 50 ms: ${longTasks.map(Math.round).join(', ')}`,
          )
      }
    }
  } finally {
    await load.stop()
  }
}
