import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { runChild } from '../../tests/support/child.ts'
import { fetchOnce } from '../../tests/support/kafka-jars.ts'
import { ensureTool } from '../../tests/support/system-tool.ts'
import { produceFrame, pseudoRandomBatch } from './frames.ts'

export type LatencyLoad = {
  port: number
  topic: string
  /** Each request goes to the next one. */
  partitions: number
  recordBytes: number
  /** One after the other, `seconds` each. */
  ratesPerSecond: readonly number[]
  seconds: number
}

export type Latency = { p50Ms: number; p99Ms: number; samples: number }

const source = join(import.meta.dirname, 'Latency.java')
const cache = resolve(import.meta.dirname, '../../.cache')
const timeoutMs = 120_000

/** Acked produce latency at each rate, measured by `Latency.java` in a process of its own: one record a request. */
export async function measureLatency(load: LatencyLoad): Promise<Latency[]> {
  const { batch } = pseudoRandomBatch(0, load.recordBytes)
  const frames = Array.from({ length: load.partitions }, (_, partition) =>
    produceFrame(load.topic, [partition], batch, -1).toString('base64'),
  )
  const args = [load.port, load.seconds, ...load.ratesPerSecond].map(String)
  const flags = ['-XX:+UseSerialGC', '-Xmx64m', '-cp', await compiled()]
  const output = await runChild('java', [...flags, 'Latency', ...args], {
    timeoutMs,
    input: frames.join('\n'),
  })
  return output
    .trim()
    .split('\n')
    .slice(-load.ratesPerSecond.length)
    .map((line) => JSON.parse(line) as Latency)
}

/** The folder of its class, named after the source, so that a change is compiled anew. */
async function compiled(): Promise<string> {
  const folder = join(cache, `bench-latency-${hash('sha256', readFileSync(source)).slice(0, 12)}`)
  await fetchOnce(folder, async () => {
    await ensureTool('javac', 'openjdk-17-jdk-headless')
    await runChild('javac', ['-d', folder, source], { timeoutMs })
  })
  return folder
}
