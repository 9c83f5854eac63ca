import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startChild, untilAnswers } from '../../tests/support/child.ts'
import { freePorts } from '../../tests/support/free-port.ts'
import type { Bounds } from './bounds.ts'

const root = resolve(import.meta.dirname, '../..')

/** From the start of the process to the line that says it is ready, everything being installed and built. */
async function readyAfterMs(command: string, args: readonly string[]): Promise<number> {
  const [port, kafkaPort] = await freePorts(2)
  const folder = mkdtempSync(join(tmpdir(), 'bench-start-'))
  const flags = ['--port', String(port), '--kafka-port', String(kafkaPort), '--data', join(folder, 'data')]
  const begun = performance.now()
  // A group of its own: npm's shell does not hand a signal on to what it runs.
  await using child = startChild(command, [...args, ...flags], { cwd: root, detached: true })
  const ready = async () => (child.output().includes('is ready') ? performance.now() : undefined)
  try {
    return (await untilAnswers(ready, { timeoutMs: 60_000, intervalMs: 5, child })) - begun
  } finally {
    if (child.exitCode() === null) process.kill(-child.pid, 'SIGTERM')
    await child.exited
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A second start, when all is installed and built. */
export async function measureStart(plan: { rounds: number }, bounds: Bounds): Promise<void> {
  for (let round = 0; round < plan.rounds; round++) {
    const direct = await readyAfterMs(process.execPath, ['millrace.mjs', 'start'])
    bounds.add({ name: 'second start: node millrace.mjs', unit: 'ms', better: 'less', limit: null }, direct)
    const npm = await readyAfterMs('npm', ['start', '--'])
    bounds.add({ name: 'second start: npm start', unit: 'ms', better: 'less', limit: null }, npm)
  }
}
