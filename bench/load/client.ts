/**
 * The load client, a process of its own: `node bench/load/client.ts '<json>'` does one piece of load and
 * prints one line of JSON. It sends bytes that were encoded before and hardly looks at the answers.
 */
import { connect, type Socket } from 'node:net'
import { ByteSteps } from './byte-steps.ts'
import { fetchAnswers, fetchFrame, produceAnswers, produceFrame, pseudoRandomBatch } from './frames.ts'
import { type GroupLoad, group, type StableGroup } from './group.ts'
import { type TransactionLoad, type Transactions, transactions } from './transactions.ts'

export type ProduceLoad = {
  kind: 'produce'
  port: number
  topic: string
  partitions: number
  connections: number
  inFlight: number
  /** Each request has one batch for each of so many partitions. */
  partitionsPerRequest: number
  batchBytes: number
  recordBytes: number
  totalBytes: number
}

export type FetchLoad = {
  kind: 'fetch'
  port: number
  topic: string
  partitions: number
  connections: number
  batchBytes: number
  recordBytes: number
  /** Every partition has records up to here; then it is read from its start again. */
  endOffset: number
  totalBytes: number
}

export type Load = ProduceLoad | FetchLoad | TransactionLoad | GroupLoad

export type Throughput = { bytes: number; batches: number; records: number; seconds: number }

const nowMs = () => performance.now()

/** A connection that reads into one buffer again and again: the load must cost less than the broker it measures. */
type Wire = { readonly socket: Socket; receive: (bytes: Buffer) => void }

const readBytes = 256 * 1024

function open(port: number): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const buffer = Buffer.allocUnsafeSlow(readBytes)
    const onread = {
      buffer,
      callback: (count: number) => {
        wire.receive(buffer.subarray(0, count))
        return true
      },
    }
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread }, () => resolve(wire))
    const wire: Wire = { socket, receive: () => {} }
    socket.once('error', reject)
  })
}

const range = (length: number) => Array.from({ length }, (_, index) => index)

async function produce(load: ProduceLoad): Promise<Throughput> {
  const { batch, records } = pseudoRandomBatch(load.batchBytes, load.recordBytes)
  const frames: Buffer[] = []
  for (let first = 0; first < load.partitions; first += load.partitionsPerRequest) {
    const chosen = range(load.partitions).slice(first, first + load.partitionsPerRequest)
    frames.push(produceFrame(load.topic, chosen, batch, -1))
  }
  const bytesPerRequest = batch.length * Math.min(load.partitionsPerRequest, load.partitions)
  const requests = Math.ceil(load.totalBytes / bytesPerRequest)
  const wires = await Promise.all(range(load.connections).map(() => open(load.port)))
  const startMs = nowMs()
  let sent = 0
  const next = () => (sent < requests ? frames[sent++ % frames.length] : undefined)
  await Promise.all(wires.map((wire) => pump(wire, load.inFlight, next)))
  const seconds = (nowMs() - startMs) / 1000
  const batches = requests * Math.min(load.partitionsPerRequest, load.partitions)
  return { bytes: batches * batch.length, batches, records: batches * records, seconds }
}

/** Keeps `inFlight` requests outstanding on a connection until `next` gives no more and all are answered. */
function pump(wire: Wire, inFlight: number, next: () => Buffer | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const { socket } = wire
    let outstanding = 0
    const send = () => {
      for (let frame = next(); frame; frame = outstanding < inFlight ? next() : undefined) {
        outstanding++
        socket.write(frame)
        if (outstanding >= inFlight) break
      }
    }
    const answers = new ByteSteps(
      produceAnswers(() => {
        outstanding--
        send()
        if (outstanding === 0) socket.destroy()
      }),
    )
    wire.receive = (bytes) => answers.push(bytes)
    socket.on('error', reject)
    socket.on('close', () => resolve())
    send()
    if (outstanding === 0) socket.destroy()
  })
}

async function fetchAll(load: FetchLoad): Promise<Throughput> {
  const { batch, records } = pseudoRandomBatch(load.batchBytes, load.recordBytes)
  const wires = await Promise.all(range(load.connections).map(() => open(load.port)))
  const startMs = nowMs()
  const received = await Promise.all(
    wires.map((wire, index) => {
      const mine = range(load.partitions).filter((partition) => partition % load.connections === index)
      // With fewer partitions than connections each connection reads them all, as consumers of other groups do.
      const chosen = load.partitions < load.connections ? range(load.partitions) : mine
      return drain(wire, load, chosen, { bytes: batch.length, records })
    }),
  )
  const seconds = (nowMs() - startMs) / 1000
  const bytes = received.reduce((sum, one) => sum + one, 0)
  const batches = bytes / batch.length
  return { bytes, batches, records: batches * records, seconds }
}

/** One fetch after the other, as a consumer does, until the connection's share of the bytes has come. */
function drain(
  wire: Wire,
  { topic, endOffset, totalBytes, connections }: FetchLoad,
  partitions: readonly number[],
  batch: { bytes: number; records: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const { socket } = wire
    const wantedBytes = totalBytes / connections
    const offsets = new Map(partitions.map((partition) => [partition, 0]))
    let total = 0
    let empty = 0
    let before = 0
    const ask = () => socket.write(fetchFrame(topic, offsets, 50 * 1024 * 1024))
    const arrived = (partition: number, recordBytes: number) => {
      // A broker may cut the last batch short, which a consumer throws away.
      const batches = Math.floor(recordBytes / batch.bytes)
      total += batches * batch.bytes
      const next = offsets.get(partition)! + batches * batch.records
      offsets.set(partition, next < endOffset ? next : 0)
    }
    const answers = new ByteSteps(
      fetchAnswers(arrived, () => {
        empty = total === before ? empty + 1 : 0
        before = total
        if (total >= wantedBytes) socket.destroy()
        else if (empty > 3)
          socket.destroy(new Error(`no more records after ${total} of ${wantedBytes} bytes`))
        else ask()
      }),
    )
    wire.receive = (bytes) => answers.push(bytes)
    socket.on('error', reject)
    socket.on('close', () => resolve(total))
    ask()
  })
}

export type LoadResult = Throughput | Transactions | StableGroup

function run(load: Load): Promise<LoadResult> {
  if (load.kind === 'produce') return produce(load)
  if (load.kind === 'fetch') return fetchAll(load)
  if (load.kind === 'transactions') return transactions(load)
  return group(load)
}

if (import.meta.main) {
  const load = JSON.parse(process.argv[2]!) as Load
  console.log(JSON.stringify(await run(load)))
}
