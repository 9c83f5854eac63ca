import { WireClient } from '../broker/protocol/client.ts'
import { listOffsetsRequest, listOffsetsResponse } from '../broker/protocol/schemas/02-list-offsets.ts'
import { createTopicsRequest, createTopicsResponse } from '../broker/protocol/schemas/19-create-topics.ts'
import { deleteTopicsRequest, deleteTopicsResponse } from '../broker/protocol/schemas/20-delete-topics.ts'
import { startBrokerProcess } from '../tests/support/broker.ts'
import { runChild, untilAnswers } from '../tests/support/child.ts'
import { startKafka } from '../tests/support/kafka.ts'
import type { Load, LoadResult } from './load/client.ts'
import { cpuSeconds } from './process-usage.ts'

export type BrokerName = 'kafka' | 'millrace'

/** A broker under load. */
export type BenchBroker = AsyncDisposable & {
  name: BrokerName
  bootstrap: string
  port: number
  pid: number
}

/**
 * Starts one of the two with its data below `dataIn`; Kafka with the heap that its own script gives it. `configs` go to
 * both, over what the bench needs.
 */
export async function startBenchBroker(
  name: BrokerName,
  dataIn: string,
  configs: Readonly<Record<string, number>> = {},
): Promise<BenchBroker> {
  const broker = await (name === 'kafka'
    ? startKafka({
        heapMb: 1024,
        temporaryIn: dataIn,
        configs: { 'log.segment.delete.delay.ms': 100, 'auto.create.topics.enable': false, ...configs },
      })
    : startBrokerProcess({
        temporaryIn: dataIn,
        args: Object.entries(configs).flatMap(([config, value]) => ['--config', `${config}=${value}`]),
      }))
  const port = Number(broker.bootstrap.split(':')[1])
  const { bootstrap, pid } = broker
  return { name, bootstrap, port, pid, [Symbol.asyncDispose]: () => broker.close() }
}

const adminVersion = 5
const listOffsetsVersion = 3
const latestTimestamp = -1

export async function createTopic(broker: BenchBroker, name: string, partitions: number): Promise<void> {
  await using client = await WireClient.connect({ port: broker.port })
  // The load's records bear one fixed, old timestamp: retention must not come upon them in the middle of a run.
  const configs = [{ name: 'retention.ms', value: '-1' }]
  const topics = [{ name, numPartitions: partitions, replicationFactor: 1, assignments: [], configs }]
  const body = { topics, timeoutMs: 30_000, validateOnly: false }
  const answer = await client.send(createTopicsRequest, createTopicsResponse, adminVersion, body, 30_000)
  const [created] = answer.topics
  if (created?.errorCode !== 0)
    throw new Error(`${broker.name} did not create ${name}: ${created?.errorMessage}`)
  const answersAll = async () => ((await leads(client, name, partitions)) ? true : undefined)
  await untilAnswers(answersAll, { timeoutMs: 30_000 })
}

/** A broker leads a partition of a new topic a moment after the controller has created it. */
async function leads(client: WireClient, name: string, partitionCount: number): Promise<boolean> {
  const partitions = Array.from({ length: partitionCount }, (_, partitionIndex) => ({
    partitionIndex,
    timestamp: latestTimestamp,
  }))
  const body = { replicaId: -1, topics: [{ name, partitions }] }
  const { topics } = await client.send(listOffsetsRequest, listOffsetsResponse, listOffsetsVersion, body)
  return topics.every((topic) => topic.partitions.every(({ errorCode }) => errorCode === 0))
}

export async function deleteTopic(broker: BenchBroker, name: string): Promise<void> {
  await using client = await WireClient.connect({ port: broker.port })
  const body = { topicNames: [name], timeoutMs: 30_000 }
  await client.send(deleteTopicsRequest, deleteTopicsResponse, adminVersion, body, 30_000)
}

const loadTimeoutMs = 300_000

type Measured<Result> = Result & { cpuSeconds: number }

/** Runs the load client against a broker; `cpuSeconds` is what the broker used meanwhile. */
export async function runLoad<Result extends LoadResult>(
  broker: BenchBroker,
  load: Load,
): Promise<Measured<Result>> {
  const before = cpuSeconds(broker.pid)
  const result = await runClient<Result>(load).catch((cause: unknown) => {
    throw new Error(`The load ${load.kind} on ${broker.name} (topic ${load.topic}) failed.`, { cause })
  })
  return { ...result, cpuSeconds: cpuSeconds(broker.pid) - before }
}

/** Runs the load client, a process of its own. */
async function runClient<Result extends LoadResult>(load: Load): Promise<Result> {
  const output = await runChild(process.execPath, ['bench/load/client.ts', JSON.stringify(load)], {
    cwd: `${import.meta.dirname}/..`,
    timeoutMs: loadTimeoutMs,
  })
  // The load client prints one line of JSON, the last.
  return JSON.parse(output.trim().split('\n').at(-1)!) as Result
}
