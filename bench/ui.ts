/**
 * `npm run bench:ui`: the dashboard's bounds, measured on the whole server and a real Chromium; bench/README.md says
 * how. Flags: --rounds N (default 5), --quick (2 rounds, less of everything), --only PART[,PART…], --json FILE.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser } from '@playwright/test'
import { type Dashboard, startDashboard } from '../tests/e2e/dashboard.ts'
import { Bounds } from './ui/bounds.ts'
import { launchChromium } from './ui/browser.ts'
import { measureFirstLoad } from './ui/first-load.ts'
import { measureFrames } from './ui/frames.ts'
import { measureLag } from './ui/lag.ts'
import { measureRequests } from './ui/requests.ts'
import { measureSearch } from './ui/search.ts'
import { measureStart } from './ui/start.ts'
import { measureTopics } from './ui/topics.ts'

type Plan = { rounds: number; samples: number; seconds: number; records: number }
const full: Omit<Plan, 'rounds'> = { samples: 100, seconds: 10, records: 2_000_000 }
const quick: typeof full = { samples: 40, seconds: 5, records: 400_000 }

type Stage = { browser: Browser; bounds: Bounds; plan: Plan }

/** Each part on a server of its own, so that 10,000 topics do not weigh on the others. */
const parts: Record<string, (stage: Stage) => Promise<void>> = {
  'first-load': ({ browser, bounds }) =>
    onServer((dashboard) => measureFirstLoad(browser, dashboard.url, bounds)),
  lag: ({ browser, bounds, plan }) => onServer((dashboard) => measureLag(browser, dashboard, plan, bounds)),
  frames: ({ browser, bounds, plan }) =>
    onServer((dashboard) => measureFrames(browser, dashboard, plan, bounds)),
  topics: ({ browser, bounds, plan }) =>
    onServer((dashboard) => measureTopics(browser, dashboard, plan, bounds)),
  search: ({ bounds, plan }) => onServer((dashboard) => measureSearch(dashboard, plan, bounds)),
  requests: ({ bounds, plan }) =>
    onServer((dashboard) => measureRequests(dashboard, { ...plan, seconds: plan.seconds / 5 }, bounds)),
  start: ({ bounds, plan }) => measureStart(plan, bounds),
}

async function onServer(measure: (dashboard: Dashboard) => Promise<void>): Promise<void> {
  await using dashboard = await startDashboard()
  await measure(dashboard)
}

function load(): string {
  return `load average ${loadavg()
    .map((value) => value.toFixed(1))
    .join(' ')}`
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      json: { type: 'string' },
    },
  })
  const plan: Plan = {
    ...(values.quick ? quick : full),
    rounds: Number(values.rounds ?? (values.quick ? 2 : 5)),
  }
  const wanted = values.only?.split(',') ?? Object.keys(parts)
  const unknown = wanted.filter((name) => !Object.hasOwn(parts, name))
  if (unknown.length > 0)
    throw new Error(`no part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`)
  const bounds = new Bounds()
  // What was started ends with us; see `startChild`.
  process.once('SIGTERM', () => process.exit(143))
  const folder = mkdtempSync(join(tmpdir(), 'bench-ui-'))
  process.env.TMPDIR = folder
  const browser = await launchChromium()
  try {
    for (const name of wanted) {
      console.log(`${name} (${availableParallelism()} cores, ${load()})`)
      await parts[name]!({ browser, bounds, plan })
    }
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  }
  console.log(`\n${bounds.table()}\n\n${plan.rounds} rounds, medians; ${load()}`)
  if (values.json) writeFileSync(values.json, JSON.stringify(bounds.toJson(), null, 2))
}

await main()
