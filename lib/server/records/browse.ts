import type { z } from 'zod'
import type { browseQuery, RecordPage } from '../../contract/records.ts'
import { fetchCommittedOffsets } from '../groups/committed-offsets.ts'
import type { KafkaClient, TopicMetadata } from '../kafka/kafka-client.ts'
import { KafkaError } from '../kafka/kafka-error.ts'
import { earliestOffset, latestOffset, topicOffsets } from '../kafka/list-offsets.ts'
import { type BrowseCursor, decodeCursor, encodeCursor } from './browse-cursor.ts'
import { pageDecoding } from './decode.ts'
import { mergeByTime } from './merge.ts'
import { type ReadResult, readRanges } from './read-records.ts'
import type { RawRecord } from './record-reader.ts'
import { toRecord } from './to-record.ts'

export type BrowseOptions = z.output<typeof browseQuery>

/** Offsets of a partition between which records can lie. */
export type Bounds = { logStartOffset: number; highWatermark: number }

type Page = {
  records: RawRecord[]
  /** Per partition: [first offset shown or passed, offset after the last). */
  ranges: Map<number, { from: number; to: number }>
  notes: string[]
}

/** One page of records as the log has them. */
export type Browsed = Omit<RecordPage, 'records'> & { records: RawRecord[] }

/** One page of records (Fetch from each leader, merged by time); the cursors lead to older and newer ones. */
export async function browse(
  client: KafkaClient,
  topic: string,
  options: BrowseOptions,
): Promise<RecordPage> {
  const page = await browseRaw(client, topic, options)
  const { keyDecoder, valueDecoder, raw } = options
  const decoding = { keyDecoder, valueDecoder, raw, maxText: pageDecoding.maxText }
  return { ...page, records: page.records.map((record) => toRecord(record, decoding)) }
}

export async function browseRaw(
  client: KafkaClient,
  topicName: string,
  options: BrowseOptions,
): Promise<Browsed> {
  const topic = await client.topic(topicName)
  const chosen = choosePartitions(topic, options.partitions)
  const bounds = await partitionBounds(client, chosen, options.isolation === 'read_committed')
  const start = await startOf(client, chosen, bounds, options)
  const page =
    start.read === 'forward'
      ? await readForward(client, chosen, bounds, start, options)
      : await readBackward(client, chosen, bounds, start, options)
  const { older, newer } = cursorsOf(page, bounds, start.order)
  const newestFirst = start.order === 'newestFirst'
  return {
    records: page.records,
    order: start.order,
    next: newestFirst ? older : newer,
    previous: newestFirst ? newer : older,
    partitions: [...bounds].map(([partition, bound]) => ({ partition, ...bound })),
    notes: [...start.notes, ...page.notes],
  }
}

function cursorsOf({ ranges }: Page, bounds: Map<number, Bounds>, order: BrowseCursor['order']) {
  const hasOlder = [...ranges].some(([partition, { from }]) => from > bounds.get(partition)!.logStartOffset)
  const hasNewer = [...ranges].some(([partition, { to }]) => to < bounds.get(partition)!.highWatermark)
  const from = [...ranges].map(([partition, range]) => [partition, range.from] as const)
  const to = [...ranges].map(([partition, range]) => [partition, range.to] as const)
  return {
    older: hasOlder ? encodeCursor({ order, read: 'backward', offsets: from }) : null,
    newer: hasNewer ? encodeCursor({ order, read: 'forward', offsets: to }) : null,
  }
}

/** The topic with only the chosen partitions; throws for one that is not there. */
export function choosePartitions(topic: TopicMetadata, chosen: readonly number[] | undefined): TopicMetadata {
  if (chosen === undefined || chosen.length === 0) return topic
  const wanted = new Set(chosen)
  const partitions = topic.partitions.filter(({ partitionIndex }) => wanted.has(partitionIndex))
  if (partitions.length < wanted.size) {
    const text = `Topic ${topic.name} has partitions 0 to ${topic.partitions.length - 1}.`
    throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', text)
  }
  return { ...topic, partitions }
}

/** Log start and high watermark (with `committed`: last stable offset) of each partition that answers. */
export async function partitionBounds(
  client: KafkaClient,
  topic: TopicMetadata,
  committed: boolean,
): Promise<Map<number, Bounds>> {
  const [starts, ends] = await Promise.all([
    topicOffsets(client, topic, earliestOffset),
    topicOffsets(client, topic, latestOffset, { committed }),
  ])
  return new Map(
    topic.partitions.flatMap(({ partitionIndex }) => {
      const logStartOffset = starts.get(partitionIndex)
      const highWatermark = ends.get(partitionIndex)
      if (logStartOffset === undefined || highWatermark === undefined) return []
      return [[partitionIndex, { logStartOffset, highWatermark }] as const]
    }),
  )
}

type Start = BrowseCursor & { notes: string[] }

async function startOf(
  client: KafkaClient,
  topic: TopicMetadata,
  bounds: Map<number, Bounds>,
  options: BrowseOptions,
): Promise<Start> {
  const all = (pick: (bound: Bounds, partition: number) => number) =>
    [...bounds].map(([partition, bound]) => [partition, pick(bound, partition)] as const)
  const forward = (offsets: Start['offsets'], notes: string[] = []): Start => ({
    order: 'oldestFirst',
    read: 'forward',
    offsets,
    notes,
  })
  switch (options.position) {
    case 'newest':
      return {
        order: 'newestFirst',
        read: 'backward',
        offsets: all((bound) => bound.highWatermark),
        notes: [],
      }
    case 'oldest':
      return forward(all((bound) => bound.logStartOffset))
    case 'offset':
      return startAtOffset(options.offset ?? 0, bounds)
    case 'time': {
      const found = await topicOffsets(client, topic, options.timestamp ?? 0)
      // −1: nothing at or after that time.
      const offsetOf = (bound: Bounds, partition: number) => {
        const offset = found.get(partition) ?? -1
        return offset < 0 ? bound.highWatermark : offset
      }
      return forward(all(offsetOf))
    }
    case 'group': {
      if (options.group === undefined)
        throw new KafkaError('INVALID_REQUEST', 'position=group needs a group.')
      const committed = await fetchCommittedOffsets(client, options.group)
      const ofTopic = new Map(
        committed.filter((c) => c.topic === topic.name).map((c) => [c.partition, c.offset]),
      )
      const none = [...bounds.keys()].filter((partition) => !ofTopic.has(partition))
      const notes =
        none.length === 0
          ? []
          : [`${options.group} has no offset on partition ${none.join(', ')}: shown from the start.`]
      return forward(
        all((bound, partition) => ofTopic.get(partition) ?? bound.logStartOffset),
        notes,
      )
    }
    case 'cursor': {
      const cursor = decodeCursor(options.cursor ?? '')
      return { ...cursor, offsets: cursor.offsets.filter(([partition]) => bounds.has(partition)), notes: [] }
    }
  }
}

function startAtOffset(offset: number, bounds: Map<number, Bounds>): Start {
  const notes: string[] = []
  const offsets = [...bounds].map(([partition, { logStartOffset, highWatermark }]) => {
    if (offset < logStartOffset) {
      notes.push(
        `Partition ${partition} begins at offset ${logStartOffset}; what was before is past retention or deleted.`,
      )
    } else if (offset > highWatermark) {
      notes.push(`Partition ${partition} ends at offset ${highWatermark}.`)
    }
    return [partition, Math.min(Math.max(offset, logStartOffset), highWatermark)] as const
  })
  return { order: 'oldestFirst', read: 'forward', offsets, notes: notes.slice(0, 5) }
}

async function readForward(
  client: KafkaClient,
  topic: TopicMetadata,
  bounds: Map<number, Bounds>,
  start: Start,
  options: BrowseOptions,
): Promise<Page> {
  const ranges = start.offsets.map(([partition, offset]) => {
    const { logStartOffset, highWatermark } = bounds.get(partition)!
    return { partition, from: Math.max(offset, logStartOffset), to: highWatermark, limit: options.limit }
  })
  const results = await readRanges(client, topic, ranges, {
    committed: options.isolation === 'read_committed',
  })
  const merged = mergeByTime(
    [...results.values()].map(({ records }) => records),
    options.limit,
    'oldestFirst',
  )
  const shown = lastShown(merged)
  const pageRanges = new Map(
    ranges.map(({ partition, from }) => {
      const { records, through } = results.get(partition)!
      const last = shown.get(partition)
      const allShown = records.length === 0 || last === records.at(-1)!.offset
      return [partition, { from, to: allShown ? Math.max(through, from) : (last ?? from - 1) + 1 }] as const
    }),
  )
  const records = start.order === 'newestFirst' ? merged.toReversed() : merged
  return { records, ranges: pageRanges, notes: [] }
}

function lastShown(records: readonly RawRecord[]): Map<number, number> {
  return new Map(records.map(({ partition, offset }) => [partition, offset]))
}

/** How much further back each try reaches while a partition has too few (compaction, aborted records). */
const reachGrowth = 4

async function readBackward(
  client: KafkaClient,
  topic: TopicMetadata,
  bounds: Map<number, Bounds>,
  start: Start,
  options: BrowseOptions,
): Promise<Page> {
  const results = new Map<number, ReadResult & { from: number }>()
  let open = start.offsets.map(([partition, offset]) => ({
    partition,
    to: Math.min(offset, bounds.get(partition)!.highWatermark),
    reach: options.limit,
  }))
  for (let round = 0; open.length > 0 && round < 24; round++) {
    const ranges = open.map(({ partition, to, reach }) => {
      const from = Math.max(bounds.get(partition)!.logStartOffset, to - reach)
      return { partition, from, to, limit: Number.MAX_SAFE_INTEGER }
    })
    const read = await readRanges(client, topic, ranges, {
      committed: options.isolation === 'read_committed',
    })
    for (const { partition, from } of ranges) results.set(partition, { ...read.get(partition)!, from })
    open = open
      .filter(({ partition }) => {
        const result = results.get(partition)!
        return result.records.length < options.limit && result.from > bounds.get(partition)!.logStartOffset
      })
      .map((range) => ({ ...range, reach: range.reach * reachGrowth }))
  }
  const merged = mergeByTime(
    [...results.values()].map(({ records }) => records),
    options.limit,
    'newestFirst',
  )
  const firstShown = lastShown(merged)
  const ranges = new Map(
    start.offsets.map(([partition, to]) => {
      const { records, from } = results.get(partition)!
      const first = firstShown.get(partition)
      const allShown = records.length === 0 || first === records[0]!.offset
      return [partition, { from: allShown ? from : (first ?? to), to }] as const
    }),
  )
  return { records: start.order === 'newestFirst' ? merged : merged.toReversed(), ranges, notes: [] }
}
