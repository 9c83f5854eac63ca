import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Child, startChild, untilAnswers } from '../support/child.ts'
import { freePorts } from '../support/free-port.ts'

const root = resolve(import.meta.dirname, '../..')
const startTimeoutMs = 60_000

export type DashboardOptions = {
  /** An external cluster instead of the embedded broker. */
  bootstrap?: string
}

/** The whole server as a process of its own, as `npm start` runs it after the build. */
export type Dashboard = AsyncDisposable & {
  url: string
  /** Where a client connects: the embedded broker or the external cluster. */
  bootstrap: string
  /** Id of its only cluster, as in `/api/clusters/{cluster}`. */
  cluster: string
  /** Ends the process; data and ports are kept for `start`. */
  stop(): Promise<void>
  start(): Promise<void>
  output(): string
}

async function firstCluster(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/api/clusters`)
    const body = (await response.json()) as { clusters?: { id: string; state: string }[] }
    return body.clusters?.find((cluster) => cluster.state === 'online')?.id
  } catch {
    return undefined
  }
}

/** Starts the server on free ports and resolves when its cluster is online. */
export async function startDashboard({ bootstrap }: DashboardOptions = {}): Promise<Dashboard> {
  const [port, kafkaPort] = await freePorts(2)
  const folder = mkdtempSync(join(tmpdir(), 'dashboard-'))
  const url = `http://127.0.0.1:${port}`
  const own = ['--kafka-port', String(kafkaPort), '--data', join(folder, 'data')]
  const flags = bootstrap === undefined ? own : ['--no-broker', '--bootstrap', bootstrap]
  let child: Child | undefined
  let cluster = ''
  const start = async () => {
    child = startChild(process.execPath, ['server.ts', '--port', String(port), ...flags], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production' },
    })
    cluster = await untilAnswers(() => firstCluster(url), { timeoutMs: startTimeoutMs, child })
  }
  const stop = async () => child?.stop()
  await start()
  return {
    url,
    bootstrap: bootstrap ?? `127.0.0.1:${kafkaPort}`,
    cluster,
    start,
    stop,
    output: () => child?.output() ?? '',
    [Symbol.asyncDispose]: async () => {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
