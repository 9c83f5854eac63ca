import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { startKafka } from '../tests/support/kafka.ts'
import { probeMetadata } from '../tests/support/metadata-probe.ts'
import type { BrokerName } from './brokers.ts'
import { cpuMsOfThreads } from './process-usage.ts'

const root = resolve(import.meta.dirname, '..')
// As `npm run broker` sets it.
const env = { NODE_COMPILE_CACHE: join(root, '.cache/compile'), ...process.env }

/** Milliseconds by the clock, and of the processor in all threads, since the process was started. */
export type StartCost = { wallMs: number; cpuMs: number }

/**
 * Seconds from the start of the broker's process to its first Metadata answer that names a broker. Kafka's
 * storage is formatted before, which is not counted.
 */
export async function secondsToFirstAnswer(name: BrokerName, dataIn: string): Promise<number> {
  if (name === 'millrace') return (await costToFirstAnswer(dataIn)).wallMs / 1000
  await using kafka = await startKafka({ heapMb: 1024, temporaryIn: dataIn })
  return kafka.startedInMs / 1000
}

/** Starts our broker on an empty folder; what it cost until its first Metadata answer. */
export async function costToFirstAnswer(dataIn: string): Promise<StartCost> {
  const home = mkdtempSync(join(dataIn, 'start-'))
  const startMs = performance.now()
  const flags = ['--kafka-port', '0', '--data', join(home, 'data')]
  const child = spawn(process.execPath, ['broker/cli.ts', ...flags], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  try {
    const [line] = (await once(child.stdout!, 'data')) as [Buffer]
    const port = /:(\d+)\s*$/.exec(line.toString())?.[1]
    if ((await probeMetadata(`127.0.0.1:${port}`)) !== 1) throw new Error(`no broker answers after ${line}`)
    return { wallMs: performance.now() - startMs, cpuMs: cpuMsOfThreads(child.pid!) }
  } finally {
    child.kill('SIGTERM')
    await exited
    rmSync(home, { recursive: true, force: true })
  }
}

/** What Node takes by itself, up to the first line of a file that does nothing more. */
export async function costOfNodeItself(): Promise<StartCost> {
  const startMs = performance.now()
  const child = spawn(process.execPath, ['bench/load/first-line.mjs'], {
    cwd: root,
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  await once(child.stdout!, 'data')
  const cost = { wallMs: performance.now() - startMs, cpuMs: cpuMsOfThreads(child.pid!) }
  child.stdin!.end()
  await exited
  return cost
}
