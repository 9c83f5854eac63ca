import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type Child, startChild, untilAnswers } from '../support/child.ts'
import { startKafka } from '../support/kafka.ts'
import type { DashboardAddress } from './dashboard.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Whose broker it is: `millrace`, `kafka`, or the host:port of one that runs already. */
    target: string
    bootstrap: string
    /** Empty when it is not ours to look into. */
    dataDir: string
    /** URL of the cluster in the dashboard's REST interface. */
    dashboard: string
  }
}

/**
 * One broker for all files with the dashboard open on it: ours, or Apache Kafka with MILLRACE_TARGET=kafka (the
 * tests themselves must hold there), or one that runs already with MILLRACE_TARGET=host:port.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const target = process.env.MILLRACE_TARGET || 'millrace'
  const home = mkdtempSync(join(tmpdir(), 'interop-'))
  const kafka = target === 'kafka' ? await startKafka() : undefined
  const external = kafka?.bootstrap ?? (target.includes(':') ? target : undefined)
  const dataDir = kafka?.dataDir ?? (external === undefined ? join(home, 'data') : '')
  const flags = external === undefined ? ['--data', dataDir] : ['--bootstrap', external]
  const child = startChild(process.execPath, [join(import.meta.dirname, 'dashboard.ts'), ...flags])
  const close = async () => {
    await child.stop()
    await kafka?.close()
    rmSync(home, { recursive: true, force: true })
  }
  try {
    const { bootstrap, cluster } = await untilAnswers(() => addressOf(child), { timeoutMs: 60_000, child })
    project.provide('target', target)
    project.provide('bootstrap', bootstrap)
    project.provide('dataDir', dataDir)
    project.provide('dashboard', cluster)
  } catch (error) {
    await close()
    throw error
  }
  return close
}

/** The line that the dashboard prints when it answers. */
async function addressOf(child: Child): Promise<DashboardAddress | undefined> {
  const line = child
    .output()
    .split('\n')
    .find((text) => text.startsWith('{') && text.endsWith('}'))
  return line === undefined ? undefined : (JSON.parse(line) as DashboardAddress)
}
