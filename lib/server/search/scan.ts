import type { z } from 'zod'
import type { KafkaRecord, SearchProgress, searchRequest } from '../../contract/records.ts'
import { type FetchedPartition, fetchRaw } from '../kafka/fetch.ts'
import type { KafkaClient, TopicMetadata } from '../kafka/kafka-client.ts'
import { check } from '../kafka/kafka-error.ts'
import { topicOffsets } from '../kafka/list-offsets.ts'
import { choosePartitions, partitionBounds } from '../records/browse.ts'
import { compileFilter, type RecordFilter } from '../records/filter.ts'
import { cursorsOf, offsetAfter } from '../records/record-reader.ts'
import { type RecordDecoding, toRecord } from '../records/to-record.ts'

export type ScanRequest = z.output<typeof searchRequest>
export type ScanSink = (hits: KafkaRecord[], progress: SearchProgress) => void

type Range = { partition: number; leader: number; from: number; to: number }

const fetchBytes = 4 * 1024 * 1024
const leastFetchBytes = 64 * 1024
const guessedRecordBytes = 500
/** Newest first goes backwards in blocks, each read forwards; the first ones are small, for a hit to show at once. */
const firstBlockOffsets = 2_000
const blockOffsets = 50_000
const tellEveryMs = 50
const maxValueText = 4_096
/** Partitions read at the same time: one is on the wire while another is looked at. */
const concurrency = 3

/** Looks through a range of a topic for what a filter matches; hits are told as they are found. */
export class Scan {
  readonly #client: KafkaClient
  readonly #request: ScanRequest
  readonly #sink: ScanSink
  readonly #filter: RecordFilter
  readonly #decoding: RecordDecoding
  readonly #begun = performance.now()
  #hits: KafkaRecord[] = []
  #toldMs = 0
  #stopped = false
  #progress: SearchProgress = {
    state: 'running',
    recordsScanned: 0,
    recordsTotal: 0,
    bytesScanned: 0,
    recordsPerSecond: 0,
    hits: 0,
    elapsedMs: 0,
    errors: 0,
    firstError: null,
  }

  /** Throws for a filter that does not parse. */
  constructor(client: KafkaClient, request: ScanRequest, sink: ScanSink) {
    this.#client = client
    this.#request = request
    this.#sink = sink
    this.#filter = compileFilter(request.filter, request)
    const { keyDecoder, valueDecoder } = request
    this.#decoding = { keyDecoder, valueDecoder, maxText: maxValueText, raw: false }
  }

  stop(): void {
    this.#stopped = true
  }

  /** Resolves after the last telling, which has another state than `running`. */
  async run(): Promise<void> {
    const topic = choosePartitions(await this.#client.topic(this.#request.topic), this.#request.partitions)
    const ranges = await this.#ranges(topic)
    this.#progress.recordsTotal = ranges.reduce((sum, { from, to }) => sum + to - from, 0)
    const open = [...ranges]
    const workers = Array.from({ length: concurrency }, async () => {
      for (let range = open.shift(); range !== undefined && !this.#over; range = open.shift())
        await this.#scan(range)
    })
    await Promise.all(workers)
    this.#progress.state = this.#stopped ? 'stopped' : this.#full ? 'limit' : 'done'
    this.#tell()
  }

  get #full(): boolean {
    return this.#progress.hits >= this.#request.maxHits
  }

  get #over(): boolean {
    return this.#stopped || this.#full
  }

  async #ranges(topic: TopicMetadata): Promise<Range[]> {
    const { fromTimestamp, toTimestamp, fromOffset = 0, toOffset = Number.MAX_SAFE_INTEGER } = this.#request
    const [bounds, starts, ends] = await Promise.all([
      partitionBounds(this.#client, topic, this.#request.isolation === 'read_committed'),
      fromTimestamp === undefined ? undefined : topicOffsets(this.#client, topic, fromTimestamp),
      toTimestamp === undefined ? undefined : topicOffsets(this.#client, topic, toTimestamp + 1),
    ])
    return topic.partitions.flatMap(({ partitionIndex: partition, leaderId: leader }) => {
      const bound = bounds.get(partition)
      if (bound === undefined || leader < 0) return []
      // −1: nothing at or after that time.
      const start = starts?.get(partition) ?? 0
      const end = ends?.get(partition) ?? -1
      const from = Math.max(bound.logStartOffset, fromOffset, start < 0 ? bound.highWatermark : start)
      const to = Math.min(bound.highWatermark, toOffset, end < 0 ? bound.highWatermark : end)
      return from < to ? [{ partition, leader, from, to }] : []
    })
  }

  async #scan(range: Range): Promise<void> {
    if (this.#request.order === 'oldestFirst') {
      await this.#scanForward(range, (hits) => this.#found(hits))
      return
    }
    let offsets = firstBlockOffsets
    for (let to = range.to; to > range.from && !this.#over; ) {
      const block: KafkaRecord[] = []
      const from = Math.max(range.from, to - offsets)
      await this.#scanForward({ ...range, from, to }, (hits) => block.push(...hits))
      this.#found(block.reverse())
      to = from
      offsets = Math.min(blockOffsets, offsets * 5)
    }
  }

  async #scanForward(range: Range, found: (hits: KafkaRecord[]) => void): Promise<void> {
    let position = range.from
    let next = this.#fetch(range, position)
    for (let idle = 0; position < range.to && !this.#over && idle < 3; ) {
      const fetched = await next
      const after = Math.max(position, offsetAfter(fetched.records) ?? position)
      idle = after === position ? idle + 1 : 0
      // The next answer is under way while this one is looked at.
      if (after < range.to) next = this.#fetch(range, after)
      found(this.#look(fetched, position, range.to))
      position = after
      this.#tellNowAndThen()
    }
    // The last one asked for may not be needed any more.
    next.catch(() => {})
  }

  async #fetch({ partition, leader, to }: Range, offset: number): Promise<FetchedPartition> {
    const connection = await this.#client.node(leader)
    const maxBytes = this.#bytesOf(to - offset)
    const fetched = await fetchRaw(connection, {
      topic: this.#request.topic,
      committed: this.#request.isolation === 'read_committed',
      maxBytes,
      maxWaitMs: 100,
      partitions: [{ partition, offset, maxBytes }],
    })
    const answer = fetched[0]!
    check(answer.errorCode)
    return answer
  }

  /** About what so many records take, by those that were seen, so that little beyond a block is read. */
  #bytesOf(records: number): number {
    const { bytesScanned, recordsScanned } = this.#progress
    const perRecord = recordsScanned === 0 ? guessedRecordBytes : bytesScanned / recordsScanned
    return Math.min(fetchBytes, Math.max(leastFetchBytes, Math.ceil(records * perRecord)))
  }

  #look(fetched: FetchedPartition, from: number, to: number): KafkaRecord[] {
    const hits: KafkaRecord[] = []
    const progress = this.#progress
    progress.bytesScanned += fetched.records.length
    for (const cursor of cursorsOf(fetched.records, fetched.partition, fetched.abortedTransactions)) {
      const { batch } = cursor
      if (batch.lastOffset < from || batch.baseOffset >= to) continue
      const whole = batch.baseOffset >= from && batch.lastOffset < to
      if (whole && !this.#filter.mayMatch(cursor.batchBytes)) {
        progress.recordsScanned += batch.recordCount
        continue
      }
      while (cursor.next()) {
        if (cursor.offset < from || cursor.offset >= to) continue
        progress.recordsScanned++
        if (this.#filter.matches(cursor)) hits.push(toRecord(cursor.record(), this.#decoding))
        // Newest first needs the end of the block, so that only the last ones are kept.
        if (hits.length > this.#request.maxHits) hits.shift()
      }
    }
    return hits
  }

  #found(hits: KafkaRecord[]): void {
    if (hits.length === 0) return
    const room = this.#request.maxHits - this.#progress.hits
    const first = this.#progress.hits === 0
    this.#hits.push(...hits.slice(0, room))
    this.#progress.hits += Math.min(room, hits.length)
    if (first) this.#tell()
  }

  #tellNowAndThen(): void {
    if (performance.now() - this.#toldMs >= tellEveryMs) this.#tell()
  }

  #tell(): void {
    this.#toldMs = performance.now()
    const elapsedMs = Math.max(1, Math.round(this.#toldMs - this.#begun))
    this.#progress = {
      ...this.#progress,
      elapsedMs,
      recordsPerSecond: Math.round((this.#progress.recordsScanned / elapsedMs) * 1_000),
      errors: this.#filter.errors,
      firstError: this.#filter.firstError,
    }
    this.#sink(this.#hits, this.#progress)
    this.#hits = []
  }
}
