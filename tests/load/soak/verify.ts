/** After the load: what the broker gives back, against what it had acknowledged. */
import type { WireClient } from '../../../broker/protocol/client.ts'
import { endTransactionMarkerOf } from '../../../broker/records/control-record.ts'
import { recordsOf } from '../../../broker/records/record.ts'
import { batchesOf, type RecordBatch } from '../../../broker/records/record-batch.ts'
import { earliest, fetchFrom, type NewTopic, offsetOf } from '../requests.ts'
import { idOf, type Ledger } from './ledger.ts'

export type Verdict = { readonly checked: number; readonly faults: readonly string[] }

/** Every record of a partition: its id by its offset. Aborted ones are left out when `isolationLevel` is 1. */
async function readAll(client: WireClient, topic: string, partition: number, isolationLevel: 0 | 1) {
  const start = await offsetOf(client, topic, partition, earliest)
  const ids = new Map<number, { id: string; key: string | null }>()
  for (let offset = start; ; ) {
    const read = await fetchFrom(client, topic, partition, offset, { isolationLevel })
    const end = isolationLevel === 1 ? read.lastStableOffset : read.highWatermark
    const isAborted = abortedFilter(read.abortedTransactions ?? [])
    for (const batch of batchesOf(read.records)) {
      if (isAborted(batch) || batch.isControl) continue
      for (const record of recordsOf(batch)) {
        if (record.offset < offset) continue
        ids.set(record.offset, { id: idOf(record.value), key: record.key?.toString() ?? null })
      }
    }
    if (read.nextOffset === offset) {
      if (end > offset) throw new Error(`${topic}-${partition} ends at ${end} and gives nothing at ${offset}`)
      return { start, end, ids }
    }
    offset = read.nextOffset
  }
}

/** As consumers do it: a producer's batches are aborted from its first offset on, until its abort marker. */
function abortedFilter(aborted: readonly { producerId: number; firstOffset: number }[]) {
  const ahead = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset)
  const open = new Set<number>()
  return (batch: RecordBatch): boolean => {
    while (ahead.length > 0 && ahead[0]!.firstOffset <= batch.lastOffset) open.add(ahead.shift()!.producerId)
    const isAborted = batch.isTransactional && open.has(batch.producerId)
    if (batch.isControl && endTransactionMarkerOf(batch)?.type === 'abort') open.delete(batch.producerId)
    return isAborted
  }
}

/** All that was acknowledged is there at its offset, unless it lies below the log's start; nothing twice. */
export async function verifyPlain(
  client: WireClient,
  topic: NewTopic,
  ledger: Ledger,
  isKept: boolean,
): Promise<Verdict> {
  const faults: string[] = []
  let checked = 0
  for (let partition = 0; partition < topic.partitions; partition++) {
    const name = `${topic.name}-${partition}`
    const { start, ids } = await readAll(client, topic.name, partition, 0)
    if (isKept && start > 0) faults.push(`${name} begins at ${start}`)
    for (const { baseOffset, count, producer, first } of ledger.acked.get(name) ?? []) {
      for (let index = 0; index < count; index++) {
        const offset = baseOffset + index
        if (offset < start) continue
        checked++
        const found = ids.get(offset)?.id
        if (found !== `${producer}:${first + index}`)
          faults.push(`${name} at ${offset}: ${producer}:${first + index} was acked, ${found} is there`)
      }
    }
    if (ledger.exact.has(name))
      faults.push(
        ...repeated(
          name,
          [...ids.values()].map(({ id }) => id),
        ),
      )
  }
  return { checked, faults }
}

function repeated(name: string, ids: readonly string[]): string[] {
  const seen = new Set<string>()
  return ids.flatMap((id) => {
    if (seen.has(id)) return [`${name} holds ${id} twice`]
    seen.add(id)
    return []
  })
}

/** Of each key the value acknowledged last is the last that is there. */
export async function verifyCompacted(client: WireClient, topic: NewTopic, ledger: Ledger): Promise<Verdict> {
  const faults: string[] = []
  let checked = 0
  for (let partition = 0; partition < topic.partitions; partition++) {
    const name = `${topic.name}-${partition}`
    const { ids } = await readAll(client, topic.name, partition, 0)
    const last = new Map<string, string>()
    for (const { id, key } of ids.values()) if (key !== null) last.set(key, id)
    for (const [key, number] of ledger.newest.get(name) ?? []) {
      checked++
      const found = Number(last.get(key)?.split(':')[1] ?? -1)
      // One more may have been written than was acknowledged when its connection was cut.
      if (!(found >= number)) faults.push(`${name}: of ${key} ${number} was acked, ${found} is the newest`)
    }
  }
  return { checked, faults }
}

/** Committed records are there once, aborted ones are not seen. */
export async function verifyTransactions(
  client: WireClient,
  topic: NewTopic,
  ledger: Ledger,
): Promise<Verdict> {
  const faults: string[] = []
  const seen = new Set<string>()
  for (let partition = 0; partition < topic.partitions; partition++) {
    const { ids } = await readAll(client, topic.name, partition, 1)
    for (const { id } of ids.values()) {
      if (seen.has(id)) faults.push(`${topic.name}-${partition} holds ${id} twice`)
      seen.add(id)
    }
  }
  for (const [id, { outcome }] of ledger.transactional) {
    if (outcome === 'committed' && !seen.has(id)) faults.push(`${id} was committed and is not there`)
    if (outcome === 'aborted' && seen.has(id)) faults.push(`${id} was aborted and can be read`)
  }
  return { checked: ledger.transactional.size, faults }
}

/** Until no transaction is open: those that were left are aborted when their time is over. */
export async function untilStable(client: WireClient, topic: NewTopic, timeoutMs: number): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs
  for (let partition = 0; partition < topic.partitions; ) {
    const { highWatermark, lastStableOffset } = await fetchFrom(client, topic.name, partition, 0, {
      maxBytes: 1,
    })
    if (lastStableOffset === highWatermark) partition++
    else if (Date.now() > deadlineMs) throw new Error(`${topic.name}-${partition} is not stable`)
    else await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
