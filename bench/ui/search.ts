import { WireClient } from '../../broker/protocol/client.ts'
import { encodeRecordBatch } from '../../broker/records/record-batch-builder.ts'
import type { ServerFrame, Subscription } from '../../lib/contract/live.ts'
import type { Filter } from '../../lib/contract/records.ts'
import { loadFlights } from '../../lib/server/sample/flights.ts'
import type { Dashboard } from '../../tests/e2e/dashboard.ts'
import type { Bounds } from './bounds.ts'
import { createTopics, produce, range } from './load.ts'

const topic = 'search'
const partitionCount = 4
const recordsPerBatch = 500
const searchTimeoutMs = 120_000

const filters: { name: string; filter: Filter; limit: number | null }[] = [
  { name: 'text in any field, no match', filter: { kind: 'text', text: 'Gotham City' }, limit: 500_000 },
  {
    name: 'text in the value, every record matches, all looked at',
    limit: null,
    filter: { kind: 'text', text: 'distance', in: 'value' },
  },
  {
    name: 'CEL with a text that must be there',
    filter: { kind: 'cel', expression: 'value.origin.iata == "XXX"' },
    limit: 500_000,
  },
  {
    name: 'CEL that decodes every value',
    filter: { kind: 'cel', expression: 'value.distance < 0.0' },
    limit: 500_000,
  },
  { name: 'CEL on offsets alone', filter: { kind: 'cel', expression: 'offset < 0' }, limit: null },
]

/** Real flights as JSON, the same records again and again until there are `records` of them. */
async function fill(port: number, records: number): Promise<void> {
  await using client = await WireClient.connect({ port })
  await createTopics(client, [{ name: topic, partitions: partitionCount }])
  const flights = await loadFlights()
  const batches = range(0, Math.floor(flights.length / recordsPerBatch)).map((batch) =>
    encodeRecordBatch({
      records: flights.slice(batch * recordsPerBatch, (batch + 1) * recordsPerBatch).map((flight) => ({
        key: flight.origin.iata,
        value: JSON.stringify(flight),
        timestampMs: Date.now(),
      })),
    }),
  )
  const rounds = records / recordsPerBatch / partitionCount
  for (let round = 0; round < rounds; round++)
    await produce(client, topic, range(0, partitionCount), batches[round % batches.length]!)
}

type Searched = { recordsPerSecond: number; scanned: number; firstHitMs: number }

/** One search over the page's WebSocket, from the subscription to its end. */
function search(dashboard: Dashboard, filter: Filter, maxHits: number): Promise<Searched> {
  const socket = new WebSocket(`${dashboard.url.replace('http', 'ws')}/ws`)
  const { promise, resolve, reject } = Promise.withResolvers<Searched>()
  const timer = setTimeout(() => reject(new Error('the search takes too long')), searchTimeoutMs)
  let begun = 0
  const found = { recordsPerSecond: 0, scanned: 0, firstHitMs: Number.NaN }
  socket.onopen = () => {
    const subscription: Subscription = {
      channel: 'search',
      cluster: dashboard.cluster,
      topic,
      filter,
      maxHits,
    }
    begun = performance.now()
    socket.send(JSON.stringify({ type: 'subscribe', id: 1, subscription }))
  }
  socket.onmessage = ({ data }) => {
    for (const message of (JSON.parse(String(data)) as ServerFrame).messages) {
      if (message.type === 'error') reject(new Error(message.message))
      if (message.type === 'end') resolve(found)
      if ((message.type !== 'snapshot' && message.type !== 'update') || message.channel !== 'search') continue
      const { progress, records } = message.data
      if (records.length > 0 && Number.isNaN(found.firstHitMs)) found.firstHitMs = performance.now() - begun
      found.recordsPerSecond = progress.recordsPerSecond
      found.scanned = progress.recordsScanned
    }
  }
  socket.onerror = () => reject(new Error('the WebSocket failed'))
  return promise.finally(() => {
    clearTimeout(timer)
    socket.close()
  })
}

/** Records a second that a search scans on the embedded broker, and how soon the first hit is told. */
export async function measureSearch(
  dashboard: Dashboard,
  plan: { rounds: number; records: number },
  bounds: Bounds,
): Promise<void> {
  await fill(Number(dashboard.bootstrap.split(':')[1]), plan.records)
  for (let round = 0; round < plan.rounds; round++) {
    for (const { name, filter, limit } of filters) {
      const { recordsPerSecond } = await search(dashboard, filter, 10_000)
      bounds.add({ name: `search: ${name}`, unit: 'records/s', better: 'more', limit }, recordsPerSecond)
    }
    const { firstHitMs } = await search(dashboard, { kind: 'text', text: 'DFW' }, 100)
    bounds.add({ name: 'search: first hit', unit: 'ms', better: 'less', limit: null }, firstHitMs)
  }
}
