import type { FetchLoad, ProduceLoad, Throughput } from './load/client.ts'
import type { LatencyLoad } from './load/latency.ts'
import type { TransactionLoad } from './load/transactions.ts'

const kib = 1024

export type Scenario = { name: string; partitions: number; recordBytes: number }

/** The shapes of load: one hot partition and many, records of a kilobyte and small ones. */
export const scenarios: readonly Scenario[] = [
  { name: '1 partition, 1 KB', partitions: 1, recordBytes: 1000 },
  { name: '64 partitions, 1 KB', partitions: 64, recordBytes: 1000 },
  { name: '1 partition, 100 B', partitions: 1, recordBytes: 100 },
  { name: '64 partitions, 100 B', partitions: 64, recordBytes: 100 },
]

/** Many partitions share a request in small batches, one partition gets large ones, as Java's producer does. */
const batchBytesOf = ({ partitions }: Scenario) => (partitions === 1 ? 128 * kib : 16 * kib)

const timesRead = 4

export function produceLoad(
  scenario: Scenario,
  port: number,
  topic: string,
  totalBytes: number,
): ProduceLoad {
  return {
    kind: 'produce',
    port,
    topic,
    partitions: scenario.partitions,
    connections: 2,
    inFlight: 5,
    partitionsPerRequest: Math.min(16, scenario.partitions),
    batchBytes: batchBytesOf(scenario),
    recordBytes: scenario.recordBytes,
    totalBytes,
  }
}

/** What was produced, read several times over: once takes too short a time to measure. */
export function fetchLoad(scenario: Scenario, port: number, topic: string, produced: Throughput): FetchLoad {
  return {
    kind: 'fetch',
    port,
    topic,
    partitions: scenario.partitions,
    connections: 2,
    batchBytes: batchBytesOf(scenario),
    recordBytes: scenario.recordBytes,
    endOffset: Math.floor(produced.batches / scenario.partitions) * (produced.records / produced.batches),
    totalBytes: produced.bytes * timesRead,
  }
}

/** Busy, and so seldom that the processor has turned to other things meanwhile. */
export const latencyRates: readonly number[] = [1000, 200]

export function latencyLoad(scenario: Scenario, port: number, topic: string, seconds: number): LatencyLoad {
  const { partitions, recordBytes } = scenario
  return { port, topic, partitions, recordBytes, ratesPerSecond: latencyRates, seconds }
}

export function transactionLoad(
  port: number,
  topic: string,
  producers: number,
  seconds: number,
): TransactionLoad {
  return { kind: 'transactions', port, topic, partitions: 2, producers, recordBytes: 100, seconds }
}
