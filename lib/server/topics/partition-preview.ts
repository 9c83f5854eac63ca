import type { PartitionPreview } from '../../contract/topics.ts'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import { partitionBounds } from '../records/browse.ts'
import { decodeDatum } from '../records/decode.ts'
import { partitionOfKey } from '../records/murmur2.ts'
import { readRanges } from '../records/read-records.ts'

/** Records looked at in all: the newest of each partition. */
const maxRecords = 200_000
const shownMoves = 200
const keyText = { decoder: 'auto', maxText: 200, raw: false } as const

type SeenKey = { bytes: Buffer; records: number; from: Set<number> }

/** Which of the keys present go to another partition when the topic gets `after` partitions. */
export async function previewPartitions(
  client: KafkaClient,
  name: string,
  after: number,
): Promise<PartitionPreview> {
  const topic = await client.topic(name)
  const before = topic.partitions.length
  const bounds = await partitionBounds(client, topic, false)
  const each = Math.ceil(maxRecords / before)
  const ranges = [...bounds].map(([partition, { logStartOffset, highWatermark }]) => ({
    partition,
    from: Math.max(logStartOffset, highWatermark - each),
    to: highWatermark,
    limit: each,
  }))
  const complete = [...bounds].every(([, bound]) => bound.highWatermark - bound.logStartOffset <= each)
  const seen = new Map<string, SeenKey>()
  let recordsScanned = 0
  let recordsWithoutKey = 0
  // One partition at a time, so that only one partition's records are held.
  for (const range of ranges) {
    const records =
      (await readRanges(client, topic, [range], { committed: false })).get(range.partition)?.records ?? []
    recordsScanned += records.length
    for (const { key } of records) {
      if (key === null) recordsWithoutKey++
      else note(seen, key, range.partition)
    }
  }
  return {
    partitions: { before, after },
    recordsScanned,
    complete,
    recordsWithoutKey,
    ...movesOf(seen, before, after),
  }
}

function note(seen: Map<string, SeenKey>, key: Buffer, partition: number): void {
  const id = key.toString('latin1')
  const known = seen.get(id)
  if (known === undefined) {
    // A copy: the view would keep the whole fetched batch.
    seen.set(id, { bytes: Buffer.from(key), records: 1, from: new Set([partition]) })
    return
  }
  known.records++
  known.from.add(partition)
}

function movesOf(seen: Map<string, SeenKey>, before: number, after: number) {
  const keysByPartition = Array.from({ length: Math.max(before, after) }, (_, partition) => ({
    partition,
    before: 0,
    after: 0,
  }))
  let keysPlacedByMurmur2 = 0
  const moved: (SeenKey & { to: number })[] = []
  for (const key of seen.values()) {
    const to = partitionOfKey(key.bytes, after)
    for (const partition of key.from) keysByPartition[partition]!.before++
    keysByPartition[to]!.after++
    if (key.from.size === 1 && key.from.has(partitionOfKey(key.bytes, before))) keysPlacedByMurmur2++
    if (key.from.size > 1 || !key.from.has(to)) moved.push({ ...key, to })
  }
  const moves = moved
    .sort((a, b) => b.records - a.records)
    .slice(0, shownMoves)
    .map(({ bytes, records, from, to }) => ({
      key: decodeDatum(bytes, keyText).text,
      records,
      from: [...from].sort((a, b) => a - b),
      to,
    }))
  return { keys: seen.size, keysMoved: moved.length, keysPlacedByMurmur2, moves, keysByPartition }
}
