import { hash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { runChild, untilAnswers } from './child.ts'
import { ensureTool } from './system-tool.ts'

const root = resolve(import.meta.dirname, '../..')
const pom = join(import.meta.dirname, 'kafka/pom.xml')
/** Named after the pom, so that a change fetches anew. */
const folder = join(root, `.cache/kafka-${hash('sha256', readFileSync(pom)).slice(0, 12)}`)
const lockStaleMs = 400_000

/** Whether nothing has to be fetched. */
export function areKafkaJarsThere(): boolean {
  return existsSync(completed(folder))
}

const completed = (target: string) => join(target, '.complete')

/** Java's class path of Apache Kafka 4.3.1; fetched through Maven the first time, then kept in `.cache`. */
export async function kafkaClassPath(): Promise<string> {
  await ensureTool('java', 'openjdk-17-jre-headless')
  await fetchOnce(folder, async () => {
    await ensureTool('mvn', 'maven')
    const goal = [
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${join(folder, 'libs')}`,
    ]
    await runChild('mvn', ['-B', '-q', '-ntp', '-f', pom, ...goal], { timeoutMs: 300_000 })
  })
  return `${join(import.meta.dirname, 'kafka')}:${join(folder, 'libs')}/*`
}

/** Fills `target` through `fill` unless that was done before; test processes that run together wait for one. */
export async function fetchOnce(target: string, fill: () => Promise<unknown>): Promise<void> {
  const done = completed(target)
  const lock = `${target}.lock`
  mkdirSync(resolve(target, '..'), { recursive: true })
  await untilAnswers(
    async () => {
      if (existsSync(done)) return true
      try {
        mkdirSync(lock)
      } catch {
        breakStaleLock(lock)
        return undefined
      }
      try {
        await fill()
        mkdirSync(target, { recursive: true })
        writeFileSync(done, '')
      } finally {
        rmSync(lock, { recursive: true })
      }
      return true
    },
    { timeoutMs: 600_000, intervalMs: 200 },
  )
}

/** A run that was killed while it fetched leaves its lock behind. */
function breakStaleLock(lock: string): void {
  const taken = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
  if (Date.now() - taken > lockStaleMs) rmSync(lock, { recursive: true, force: true })
}
