import { describe, expect, test } from 'vitest'
import { MemoryDisk } from '../../../broker/core/memory-disk.ts'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import { fetchRequest, fetchResponse } from '../../../broker/protocol/schemas/01-fetch.ts'
import { batchesOf } from '../../../broker/records/record-batch.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { NodeFixture } from './node-fixture.ts'

const zeroId = 'AAAAAAAAAAAAAAAAAAAAAA'
const valueBytes = 1000

function withTopic(partitions = 2, disk = new MemoryDisk()) {
  const fixture = new NodeFixture({}, disk)
  fixture.node.controller.createTopics([{ name: 't', numPartitions: partitions, replicationFactor: 1 }])
  return fixture
}

function append(fixture: NodeFixture, index = 0, count = 1): void {
  const records = Array.from({ length: count }, () => ({ value: 'v'.repeat(valueBytes) }))
  const batch = encodeRecordBatch({ records, timestampMs: fixture.clock.nowMs() })
  expect(fixture.node.partition('t', index)!.append(batch, 'client')).toMatchObject({ ok: true })
}

type Asked = {
  partition?: number
  fetchOffset?: number
  partitionMaxBytes?: number
  currentLeaderEpoch?: number
  lastFetchedEpoch?: number
}
type Given = {
  version?: number
  maxWaitMs?: number
  minBytes?: number
  maxBytes?: number
  topicId?: string
  isolationLevel?: number
  replicaId?: number
}

function fetch(fixture: NodeFixture, asked: Asked[], given: Given = {}) {
  const { version = 12, topicId = zeroId, ...more } = given
  return fixture.ask(fetchRequest, fetchResponse, version, {
    maxWaitMs: 0,
    minBytes: 1,
    ...more,
    forgottenTopicsData: [],
    topics: [
      {
        topic: 't',
        topicId,
        partitions: asked.map((partition) => ({
          partition: 0,
          fetchOffset: 0,
          partitionMaxBytes: 1_000_000,
          ...partition,
        })),
      },
    ],
  })
}

const offsets = (records: Buffer | null) => [...batchesOf(records!)].map((batch) => batch.baseOffset)

describe('Fetch', () => {
  test.each([4, 5, 6, 7, 8, 9, 10, 11, 12])('v%i reads what was appended', async (version) => {
    const fixture = withTopic()
    append(fixture)
    append(fixture)
    const answer = await fetch(fixture, [{}], { version })
    const partition = answer.responses[0]!.partitions[0]!
    expect(partition).toMatchObject({
      partitionIndex: 0,
      errorCode: 0,
      highWatermark: 2,
      lastStableOffset: 2,
    })
    expect(offsets(partition.records)).toEqual([0, 1])
  })

  test('v13 names topics by id', async () => {
    const fixture = withTopic()
    append(fixture)
    const { topicId } = fixture.node.image.topic('t')!
    const answer = await fetch(fixture, [{}], { version: 18, topicId })
    expect(offsets(answer.responses[0]!.partitions[0]!.records)).toEqual([0])
    const stale = await fetch(fixture, [{}], { version: 13, topicId: 'p5l4BigWQ76Hnu2TLAn6RA' })
    expect(stale.responses[0]!.partitions[0]).toMatchObject({ errorCode: errorCode.unknownTopicId })
  })

  test('returns the whole batch that holds the offset', async () => {
    const fixture = withTopic()
    append(fixture, 0, 5)
    append(fixture, 0, 5)
    const answer = await fetch(fixture, [{ fetchOffset: 7 }])
    expect(offsets(answer.responses[0]!.partitions[0]!.records)).toEqual([5])
  })

  test('at the end there are records of no length, not null', async () => {
    const fixture = withTopic()
    append(fixture)
    const answer = await fetch(fixture, [{ fetchOffset: 1 }, { partition: 1 }])
    for (const { records, errorCode: code } of answer.responses[0]!.partitions) {
      expect(code).toBe(0)
      expect(records).toHaveLength(0)
    }
  })

  test('at least one batch comes, above every limit; others stay within', async () => {
    const fixture = withTopic()
    for (const partition of [0, 0, 1, 1]) append(fixture, partition)
    const limits = { maxBytes: 10 }
    const one = await fetch(
      fixture,
      [{ partitionMaxBytes: 10 }, { partition: 1, partitionMaxBytes: 10 }],
      limits,
    )
    expect(one.responses[0]!.partitions.map(({ records }) => offsets(records))).toEqual([[0], []])
    const two = await fetch(fixture, [{}, { partition: 1 }], { maxBytes: 3500 })
    expect(two.responses[0]!.partitions.map(({ records }) => offsets(records))).toEqual([[0, 1], [0]])
  })

  test('an offset out of range comes without offsets, as from Kafka', async () => {
    const fixture = withTopic()
    for (let count = 0; count < 3; count++) append(fixture)
    fixture.node.partition('t', 0)!.deleteRecordsBefore(2)
    for (const fetchOffset of [1, 4]) {
      const answer = await fetch(fixture, [{ fetchOffset }])
      expect(answer.responses[0]!.partitions[0]).toMatchObject({
        errorCode: errorCode.offsetOutOfRange,
        highWatermark: -1,
        lastStableOffset: -1,
        logStartOffset: -1,
      })
    }
    const empty = await fetch(fixture, [{ partition: 1, fetchOffset: 1 }])
    expect(empty.responses[0]!.partitions[0]).toMatchObject({ errorCode: errorCode.offsetOutOfRange })
  })

  test('what Kafka fails over is an UNKNOWN_SERVER_ERROR; a follower that holds no replica is sent away', async () => {
    const fixture = withTopic()
    append(fixture)
    const code = async (asked: Asked) =>
      (await fetch(fixture, [asked])).responses[0]!.partitions[0]!.errorCode
    expect(await code({ partitionMaxBytes: -1 })).toBe(errorCode.unknownServerError)
    expect(await code({ lastFetchedEpoch: 9 })).toBe(errorCode.offsetOutOfRange)
    expect((await fetch(fixture, [{}], { isolationLevel: 2 })).errorCode).toBe(errorCode.unknownServerError)
    const answer = await fetch(fixture, [{}], { replicaId: 7 })
    expect(answer.responses[0]!.partitions[0]!.errorCode).toBe(errorCode.notLeaderOrFollower)
  })

  test('fences leader epochs (KIP-320) and tells where logs diverge', async () => {
    const fixture = withTopic()
    append(fixture)
    const code = async (asked: Asked) => (await fetch(fixture, [asked])).responses[0]!.partitions[0]!
    expect((await code({ currentLeaderEpoch: 0 })).errorCode).toBe(0)
    expect((await code({ currentLeaderEpoch: 1 })).errorCode).toBe(errorCode.unknownLeaderEpoch)
    const ahead = await code({ lastFetchedEpoch: 0, fetchOffset: 1 })
    expect(ahead.divergingEpoch).toMatchObject({ endOffset: -1 })
  })

  test('unknown topics and partitions are errors of their own', async () => {
    const fixture = withTopic()
    append(fixture)
    const answer = await fetch(fixture, [{}, { partition: 7 }])
    expect(answer.responses[0]!.partitions).toMatchObject([
      { partitionIndex: 0, errorCode: 0 },
      { partitionIndex: 7, errorCode: errorCode.unknownTopicOrPartition, highWatermark: -1 },
    ])
  })

  test('read_uncommitted has no abort list, read_committed an empty one', async () => {
    const fixture = withTopic()
    append(fixture)
    const uncommitted = await fetch(fixture, [{}])
    expect(uncommitted.responses[0]!.partitions[0]!.abortedTransactions).toBeNull()
    const committed = await fetch(fixture, [{}], { isolationLevel: 1 })
    expect(committed.responses[0]!.partitions[0]!.abortedTransactions).toEqual([])
  })

  test('a partition whose disk fails answers KAFKA_STORAGE_ERROR', async () => {
    const disk = new MemoryDisk()
    const fixture = withTopic(2, disk)
    append(fixture)
    disk.fault = ({ operation }) => (operation === 'read' ? { code: 'EIO' } : undefined)
    const answer = await fetch(fixture, [{}])
    expect(answer.responses[0]!.partitions[0]).toMatchObject({ errorCode: errorCode.kafkaStorageError })
    expect(fixture.node.partition('t', 0)?.state).toMatchObject({
      status: 'offline',
      reason: expect.stringContaining('EIO'),
    })
  })
})

describe('the long poll', () => {
  /** Lets everything run that is due without the clock. */
  const settle = () => new Promise((resolve) => setImmediate(resolve))

  async function isDone(answer: Promise<unknown>): Promise<boolean> {
    let done = false
    void answer.then(() => {
      done = true
    })
    await settle()
    return done
  }

  test('ends when a record comes', async () => {
    const fixture = withTopic()
    const answer = fetch(fixture, [{}, { partition: 1 }], { maxWaitMs: 500 })
    expect(await isDone(answer)).toBe(false)
    append(fixture, 1)
    const { responses } = await answer
    expect(responses[0]!.partitions.map(({ records }) => offsets(records))).toEqual([[], [0]])
    expect(fixture.node.purgatory.size).toBe(0)
  })

  test('ends at its deadline', async () => {
    const fixture = withTopic()
    const answer = fetch(fixture, [{}], { maxWaitMs: 500 })
    fixture.clock.advance(499)
    expect(await isDone(answer)).toBe(false)
    fixture.clock.advance(1)
    expect((await answer).responses[0]!.partitions[0]!.records).toHaveLength(0)
  })

  test('ends in time also when the time of day is set back meanwhile', async () => {
    const fixture = withTopic()
    const answer = fetch(fixture, [{}], { maxWaitMs: 500 })
    fixture.clock.jump(-3_600_000)
    fixture.clock.advance(500)
    expect(await isDone(answer)).toBe(true)
  })

  test('waits for minBytes over all partitions', async () => {
    const fixture = withTopic()
    append(fixture)
    const asked = [{}, { partition: 1 }]
    const answer = fetch(fixture, asked, { maxWaitMs: 500, minBytes: 2500 })
    append(fixture, 1)
    expect(await isDone(answer)).toBe(false)
    append(fixture, 1)
    const { responses } = await answer
    expect(responses[0]!.partitions.map(({ records }) => offsets(records))).toEqual([[0], [0, 1]])
  })

  test('ends when a partition is full, however much minBytes asks for', async () => {
    const fixture = withTopic()
    for (let count = 0; count < 3; count++) append(fixture)
    const answer = await fetch(fixture, [{ partitionMaxBytes: 1500 }], { maxWaitMs: 500, minBytes: 100_000 })
    expect(offsets(answer.responses[0]!.partitions[0]!.records)).toEqual([0])
  })

  test('ends at once on an error, and when the topic is deleted', async () => {
    const fixture = withTopic()
    const wrong = await fetch(fixture, [{}, { partition: 9 }], { maxWaitMs: 500 })
    expect(wrong.responses[0]!.partitions[1]!.errorCode).toBe(errorCode.unknownTopicOrPartition)
    const answer = fetch(fixture, [{}], { maxWaitMs: 500 })
    fixture.node.controller.deleteTopics([{ name: 't' }])
    expect((await answer).responses[0]!.partitions[0]!.errorCode).toBe(errorCode.unknownTopicOrPartition)
  })

  test('a closing node answers all who wait', async () => {
    const fixture = withTopic()
    const answer = fetch(fixture, [{}], { maxWaitMs: 60_000 })
    fixture.node.close()
    expect((await answer).errorCode).toBe(0)
  })
})
