import { runChild } from '../tests/support/child.ts'
import { kafkaClassPath } from '../tests/support/kafka-jars.ts'

const timeoutMs = 300_000

async function javaTool(name: string, args: readonly string[]): Promise<string> {
  const flags = ['-Xmx512m', '-Dmillrace.rootLevel=ERROR', '-cp', await kafkaClassPath()]
  return runChild('java', [...flags, `org.apache.kafka.tools.${name}`, ...args], { timeoutMs })
}

function numberIn(output: string, pattern: RegExp): number {
  const match = output.match(pattern)
  if (!match) throw new Error(`the tool printed no ${pattern}:\n${output}`)
  return Number(match[1])
}

/** kafka-producer-perf-test, acks=all: megabytes a second. */
export async function producerPerformance(
  bootstrap: string,
  topic: string,
  records: number,
): Promise<number> {
  const output = await javaTool('ProducerPerformance', [
    ...['--bootstrap-server', bootstrap, '--topic', topic, '--num-records', String(records)],
    ...['--record-size', '1000', '--throughput', '-1'],
    ...['--command-property', 'acks=all', 'batch.size=131072', 'linger.ms=5'],
  ])
  const summary = output.split('\n').findLast((line) => line.includes('99.9th'))
  return numberIn(summary ?? output, /\(([\d.]+) MB\/sec\)/)
}

/** kafka-consumer-perf-test: megabytes a second without the time that the group's join takes. */
export async function consumerPerformance(
  bootstrap: string,
  topic: string,
  records: number,
): Promise<number> {
  const output = await javaTool('ConsumerPerformance', [
    ...['--bootstrap-server', bootstrap, '--topic', topic, '--num-records', String(records)],
  ])
  const lines = output.split('\n').filter((line) => line.includes(','))
  const names = lines[0]!.split(',').map((name) => name.trim())
  const values = lines[1]!.split(',').map((value) => value.trim())
  return Number(values[names.indexOf('fetch.MB.sec')])
}

export type EndToEnd = { p50Ms: number; p99Ms: number }

/** kafka-e2e-latency, acks=all, records of 100 bytes: from send to poll, one at a time. */
export async function endToEndLatency(bootstrap: string, topic: string, records: number): Promise<EndToEnd> {
  const output = await javaTool('EndToEndLatency', [
    ...['--bootstrap-server', bootstrap, '--topic', topic, '--num-records', String(records)],
    ...['--producer-acks', 'all', '--record-size', '100'],
  ])
  return { p50Ms: numberIn(output, /50th = ([\d.]+)/), p99Ms: numberIn(output, /99th = ([\d.]+)/) }
}
