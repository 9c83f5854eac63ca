import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect } from 'vitest'
import type { Child } from '../support/child.ts'
import type { Client, ReceivedRecord, SentRecord } from './client.ts'
import { javaFolder, programCommand } from './install.ts'
import { startJava } from './java-tool.ts'
import { startProgram } from './program.ts'
import { firstTimestampMs } from './records.ts'

/*
 * A Kafka Streams application (StreamsApp.java) counts the words of airports' names and joins real flights with their
 * airport. Here is what goes in, and what should come out whatever happens to the application or to the broker.
 */

const partitions = 3
const lineCount = 600
const flightCount = 1_200
const timeoutMs = 60_000

type Airport = { iata: string; name: string }
type Flight = { date: string; origin: string; destination: string }

const data = resolve(import.meta.dirname, '../../node_modules/vega-datasets/data')
const flights = (JSON.parse(readFileSync(join(data, 'flights-20k.json'), 'utf8')) as Flight[]).slice(
  0,
  flightCount,
)
const airports: Airport[] = readFileSync(join(data, 'airports.csv'), 'utf8')
  .split('\n')
  .slice(1)
  .filter((line) => line !== '')
  .map((line) => line.split(','))
  .map(([iata, name]) => ({ iata: iata!, name: name! }))
const lines = airports.slice(0, lineCount).map(({ name }) => name)

const base64 = (text: string) => Buffer.from(text).toString('base64')
const text = (bytes: string | null) => Buffer.from(bytes!, 'base64').toString()

/** Both sides of the join have to lie in the same partition. */
const partitionOf = (key: string) =>
  [...key].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % partitions

const toRecord = (key: string, value: string, index: number): SentRecord => ({
  partition: partitionOf(key),
  key: base64(key),
  value: base64(value),
  headers: [],
  timestamp: firstTimestampMs + index,
})

const flightText = ({ date, destination }: Flight, index: number) => `${index} ${date} to ${destination}`

function wordCounts(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of lines.flatMap((line) => line.split(' '))) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

function joinedFlights(): string[] {
  const names = new Map(airports.map(({ iata, name }) => [iata, name]))
  return flights
    .map((flight, index) => `${flightText(flight, index)} from ${names.get(flight.origin)}`)
    .sort()
}

export type Guarantee = 'exactly_once_v2' | 'at_least_once'

/** The application with its topics and a client to feed and read them. */
export type StreamsRun = AsyncDisposable & {
  /** Of the application; its topics are `ID-lines`, `ID-flights`, `ID-airports`, `ID-counts` and `ID-joined`. */
  id: string
  start(): Promise<void>
  /** SIGKILL. */
  kill(): Promise<void>
  /** Writes the part of lines and flights between the two fractions. */
  feed(from: number, to: number): Promise<void>
  /** What a consumer that sees only what was committed reads of a topic, until it is enough. */
  read(topic: 'counts' | 'joined', enough: (records: ReceivedRecord[]) => boolean): Promise<ReceivedRecord[]>
}

/** Creates the topics, the table of airports filled; the application is not started yet. */
export async function prepareStreams(bootstrap: string, guarantee: Guarantee): Promise<StreamsRun> {
  const id = `streams-${guarantee.replaceAll('_', '-')}-${randomUUID().slice(0, 8)}`
  const client = startProgram(await programCommand('franz'), bootstrap)
  const state = mkdtempSync(join(tmpdir(), 'streams-'))
  let app: Child | undefined
  const how = { codec: 'lz4', idempotent: true } as const
  for (const name of ['lines', 'airports', 'flights', 'counts', 'joined']) {
    await client.createTopic({ topic: `${id}-${name}`, partitions })
  }
  const table = airports.map(({ iata, name }, index) => toRecord(iata, name, index - airports.length))
  await client.produce({ topic: `${id}-airports`, ...how, records: table })
  return {
    id,
    start: async () => {
      app = await startJava('StreamsApp', [bootstrap, id, guarantee, state], { folder: await javaFolder() })
    },
    kill: async () => {
      app!.signal('SIGKILL')
      await app!.exited
    },
    feed: async (from, to) => {
      const part = (records: SentRecord[]) => records.slice(records.length * from, records.length * to)
      await client.produce({ topic: `${id}-lines`, ...how, records: part(lineRecords()) })
      await client.produce({ topic: `${id}-flights`, ...how, records: part(flightRecords()) })
    },
    read: async (name, enough) => {
      const topic = `${id}-${name}`
      const group = `${topic}-${randomUUID().slice(0, 8)}`
      const call = { protocol: 'classic', topics: [topic], group, isolation: 'read_committed' } as const
      const records: ReceivedRecord[] = []
      const deadline = Date.now() + timeoutMs
      while (Date.now() < deadline) {
        const found = await client.consume({ ...call, topics: [topic], count: 100_000, timeoutMs: 2_000 })
        records.push(...found.records)
        if (enough(records)) return records
      }
      const found = await whatIsThere(client, id, group)
      throw new Error(`${records.length} of ${topic} in time\n${found}\n${app?.output()}`)
    },
    [Symbol.asyncDispose]: async () => {
      await app?.stop()
      await client[Symbol.asyncDispose]()
      rmSync(state, { recursive: true, force: true })
    },
  }
}

/** How far the application and the group that reads it are, for the message of a failed test. */
async function whatIsThere(client: Client, id: string, reader: string): Promise<string> {
  const { topics } = await client.listTopics({})
  const found: Record<string, unknown> = {
    application: await client.describeGroup({ group: id }),
    reader: await client.describeGroup({ group: reader }),
  }
  for (const topic of topics.filter((name) => name.startsWith(id))) {
    found[topic] = {
      read: (await client.lag({ group: id, topic })).partitions,
      by: (await client.lag({ group: reader, topic })).partitions,
    }
  }
  return JSON.stringify(found, null, 1)
}

const lineRecords = () => lines.map((line, index) => toRecord(`line ${index}`, line, index))

const flightRecords = () =>
  flights.map((flight, index) => toRecord(flight.origin, flightText(flight, index), index))

/** Every flight is joined and every word counted; exactly once where that is guaranteed. */
export async function expectRight(run: StreamsRun, guarantee: Guarantee): Promise<void> {
  const wanted = joinedFlights()
  const joined = await run.read('joined', (records) => unique(records).length >= wanted.length)
  expect(unique(joined)).toEqual(wanted)
  const counts = await run.read('counts', isCounted)
  if (guarantee === 'exactly_once_v2') {
    // Each flight once; each count of each word once, in order.
    expect(joined).toHaveLength(wanted.length)
    for (const [word, count] of wordCounts()) {
      const upTo = Array.from({ length: count }, (_, index) => index + 1)
      expect(countsOf(counts, word), word).toEqual(upTo)
    }
  }
  expect(new Set(counts.map(({ key }) => text(key)))).toEqual(new Set(wordCounts().keys()))
}

const unique = (records: readonly ReceivedRecord[]) =>
  [...new Set(records.map(({ value }) => text(value)))].sort()

function countsOf(records: readonly ReceivedRecord[], word: string): number[] {
  return records.filter(({ key }) => text(key) === word).map(({ value }) => Number(text(value)))
}

/** Every word was counted as often as it stands in the lines; what was counted twice is more. */
function isCounted(records: readonly ReceivedRecord[]): boolean {
  const last = new Map(records.map(({ key, value }) => [text(key), Number(text(value))]))
  return [...wordCounts()].every(([word, count]) => (last.get(word) ?? 0) >= count)
}
