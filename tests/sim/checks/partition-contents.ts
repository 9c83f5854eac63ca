import { partitionDir } from '../../../broker/log/log-dir.ts'
import { fetchRequest, fetchResponse } from '../../../broker/protocol/schemas/01-fetch.ts'
import { listOffsetsRequest, listOffsetsResponse } from '../../../broker/protocol/schemas/02-list-offsets.ts'
import { recordsOf } from '../../../broker/records/record.ts'
import { batchesOf } from '../../../broker/records/record-batch.ts'
import { committedRecords, fetchBody, nameOf } from '../clients/committed-reader.ts'
import { Violation } from '../ledger.ts'
import type { Network } from '../network.ts'

export type StoredRecord = { readonly offset: number; readonly key: string | null; readonly value: string }

/** All that a consumer can read of a partition. */
export type PartitionContents = {
  readonly partition: string
  readonly records: readonly StoredRecord[]
  /** First and last offset of each batch, markers too. */
  readonly batches: readonly { readonly first: number; readonly last: number }[]
  readonly logStartOffset: number
  readonly highWatermark: number
  readonly lastStableOffset: number
}

const maxBytes = 4_000
/** ListOffsets: where the log begins. */
const earliestTimestamp = -2

/** Reads a partition from its start. Throws Violation when the node does not give it out. */
export async function readContents(
  network: Network,
  topic: string,
  index: number,
): Promise<PartitionContents> {
  const partition = partitionDir(topic, index)
  const records: StoredRecord[] = []
  const batches: { first: number; last: number }[] = []
  const start = await earliestOffset(network, topic, index)
  for (let offset = start; ; ) {
    const data = await fetchOnce(network, topic, index, offset, 0)
    if (data.errorCode !== 0) throw new Violation(`${partition} cannot be read: ${nameOf(data.errorCode)}`)
    for (const batch of batchesOf(data.records!)) {
      batches.push({ first: batch.baseOffset, last: batch.lastOffset })
      if (batch.isControl) continue
      for (const { offset: at, key, value } of recordsOf(batch))
        records.push({ offset: at, key: key && String(key), value: String(value) })
    }
    const next = (batches.at(-1)?.last ?? start - 1) + 1
    if (data.records!.length === 0 || next >= data.highWatermark) {
      const { highWatermark, lastStableOffset } = data
      return { partition, records, batches, logStartOffset: start, highWatermark, lastStableOffset }
    }
    offset = next
  }
}

async function earliestOffset(network: Network, name: string, partitionIndex: number): Promise<number> {
  const body = {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name, partitions: [{ partitionIndex, timestamp: earliestTimestamp }] }],
  }
  const answer = await network.askSurely(listOffsetsRequest, listOffsetsResponse, 7, body)
  const { errorCode, offset } = answer.topics[0]!.partitions[0]!
  if (errorCode !== 0) throw new Violation(`${name}-${partitionIndex} has no start: ${nameOf(errorCode)}`)
  return offset
}

/** What a read_committed consumer gets of a partition, from its start. */
export async function readCommitted(
  network: Network,
  topic: string,
  index: number,
): Promise<{ offset: number; value: string }[]> {
  const records: { offset: number; value: string }[] = []
  for (let offset = 0; ; ) {
    const data = await fetchOnce(network, topic, index, offset, 1)
    if (data.errorCode !== 0) throw new Violation(`${topic}-${index}: ${nameOf(data.errorCode)}`)
    const batches = [...batchesOf(data.records!)]
    if (batches.length === 0) return records
    records.push(...committedRecords(batches, data.abortedTransactions ?? []))
    offset = batches.at(-1)!.nextOffset
  }
}

async function fetchOnce(
  network: Network,
  topic: string,
  index: number,
  offset: number,
  isolationLevel: 0 | 1,
) {
  const body = fetchBody(topic, index, offset, { isolationLevel, maxBytes, maxWaitMs: 0 })
  const answer = await network.askSurely(fetchRequest, fetchResponse, 12, body)
  return answer.responses[0]!.partitions[0]!
}
