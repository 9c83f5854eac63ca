import { type FetchedPartition, fetchRaw } from '../kafka/fetch.ts'
import type { KafkaClient, TopicMetadata } from '../kafka/kafka-client.ts'
import { check } from '../kafka/kafka-error.ts'
import { cursorsOf, offsetAfter, type RawRecord } from './record-reader.ts'

/** What to read of one partition: records from `from` up to `to` (exclusive), at most `limit`. */
export type ReadRange = { partition: number; from: number; to: number; limit: number }

export type ReadResult = {
  records: RawRecord[]
  /** Everything below it was seen: where the next read begins. */
  through: number
}

export type ReadOptions = {
  committed: boolean /** Asked for of each partition at once. */
  partitionBytes?: number
}

const defaultPartitionBytes = 1024 * 1024
const requestBytes = 16 * 1024 * 1024
const maxRounds = 200

/** Reads ranges of several partitions of a topic, each from its leader, in as few rounds as the sizes allow. */
export async function readRanges(
  client: KafkaClient,
  topic: TopicMetadata,
  ranges: readonly ReadRange[],
  options: ReadOptions,
): Promise<Map<number, ReadResult>> {
  const leaders = new Map(topic.partitions.map((partition) => [partition.partitionIndex, partition.leaderId]))
  const results = new Map(
    ranges.map(({ partition, from }) => [partition, { records: [], through: from } as ReadResult]),
  )
  const byLeader = Map.groupBy(ranges, ({ partition }) => leaders.get(partition) ?? -1)
  await Promise.all(
    [...byLeader].map(([leader, ofLeader]) =>
      leader < 0 ? undefined : readFromLeader(client, leader, topic.name, ofLeader, results, options),
    ),
  )
  return results
}

async function readFromLeader(
  client: KafkaClient,
  leader: number,
  topic: string,
  ranges: readonly ReadRange[],
  results: Map<number, ReadResult>,
  { committed, partitionBytes = defaultPartitionBytes }: ReadOptions,
): Promise<void> {
  const connection = await client.node(leader)
  let open = ranges.filter((range) => range.from < range.to && range.limit > 0)
  let idleRounds = 0
  for (let round = 0; open.length > 0 && round < maxRounds && idleRounds < 3; round++) {
    const fetched = await fetchRaw(connection, {
      topic,
      committed,
      maxBytes: requestBytes,
      maxWaitMs: 0,
      minBytes: 0,
      partitions: open.map(({ partition }) => ({
        partition,
        offset: results.get(partition)!.through,
        maxBytes: partitionBytes,
      })),
    })
    let moved = false
    const answers = new Map(fetched.map((partition) => [partition.partition, partition]))
    open = open.filter((range) => {
      const answer = answers.get(range.partition)
      if (answer === undefined) return true
      const result = results.get(range.partition)!
      const before = result.through
      const more = take(range, answer, result)
      moved ||= result.through > before
      return more
    })
    // A partition that had no room in one answer goes first in the next.
    open = [...open.slice(1), ...open.slice(0, 1)]
    idleRounds = moved ? 0 : idleRounds + 1
  }
}

const offsetOutOfRange = 1

/** Adds what an answer brought; whether the range needs more. */
function take(range: ReadRange, answer: FetchedPartition, result: ReadResult): boolean {
  if (answer.errorCode === offsetOutOfRange) {
    // Retention was quicker: go on from where the log begins now.
    result.through = Math.max(result.through, answer.logStartOffset)
    return result.through < range.to && answer.logStartOffset > range.from
  }
  check(answer.errorCode)
  for (const cursor of cursorsOf(answer.records, range.partition, answer.abortedTransactions)) {
    while (cursor.next()) {
      if (cursor.offset < result.through) continue
      if (cursor.offset >= range.to) return closed(result, range.to)
      result.records.push(cursor.record())
      result.through = cursor.offset + 1
      if (result.records.length >= range.limit) return false
    }
  }
  // Control records and compacted ends move the position too.
  result.through = Math.max(result.through, offsetAfter(answer.records) ?? result.through)
  return result.through < range.to
}

function closed(result: ReadResult, to: number): false {
  result.through = Math.max(result.through, to)
  return false
}
