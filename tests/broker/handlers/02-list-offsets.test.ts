import { describe, expect, test } from 'vitest'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import { listOffsetsRequest, listOffsetsResponse } from '../../../broker/protocol/schemas/02-list-offsets.ts'
import {
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
} from '../../../broker/protocol/schemas/23-offset-for-leader-epoch.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { NodeFixture } from './node-fixture.ts'

/** Five batches of two records: offsets 0 to 9, at `start` + offset seconds. */
function withRecords() {
  const fixture = new NodeFixture()
  const startMs = fixture.clock.nowMs() - 100_000
  fixture.node.controller.createTopics([{ name: 't', numPartitions: 2, replicationFactor: 1 }])
  for (let offset = 0; offset < 10; offset += 2) {
    const records = [0, 1].map((delta) => ({ value: 'v', timestampMs: startMs + (offset + delta) * 1000 }))
    fixture.node.partition('t', 0)!.append(encodeRecordBatch({ records }), 'client')
  }
  return { fixture, startMs }
}

async function list(
  fixture: NodeFixture,
  timestamp: number,
  { version = 10, partitionIndex = 0, currentLeaderEpoch = -1, name = 't' } = {},
) {
  const { topics } = await fixture.ask(listOffsetsRequest, listOffsetsResponse, version, {
    replicaId: -1,
    topics: [{ name, partitions: [{ partitionIndex, timestamp, currentLeaderEpoch }] }],
  })
  return topics[0]!.partitions[0]!
}

describe('ListOffsets', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])('v%i finds both ends', async (version) => {
    const { fixture } = withRecords()
    expect(await list(fixture, -1, { version })).toMatchObject({ errorCode: 0, offset: 10, timestamp: -1 })
    expect(await list(fixture, -2, { version })).toMatchObject({ errorCode: 0, offset: 0, timestamp: -1 })
  })

  test('finds the first record at or after a time', async () => {
    const { fixture, startMs } = withRecords()
    expect(await list(fixture, startMs + 2500)).toMatchObject({ offset: 3, timestamp: startMs + 3000 })
    expect(await list(fixture, startMs)).toMatchObject({ offset: 0, timestamp: startMs, leaderEpoch: 0 })
    expect(await list(fixture, startMs + 9001)).toMatchObject({ errorCode: 0, offset: -1, timestamp: -1 })
  })

  test('each special timestamp counts from its version on', async () => {
    const { fixture, startMs } = withRecords()
    expect(await list(fixture, -3, { version: 7 })).toMatchObject({ offset: 9, timestamp: startMs + 9000 })
    expect(await list(fixture, -4, { version: 8 })).toMatchObject({ offset: 0 })
    expect(await list(fixture, -5, { version: 9 })).toMatchObject({ errorCode: 0, offset: -1 })
    for (const [timestamp, version] of [
      [-3, 6],
      [-4, 7],
      [-5, 8],
      [-6, 10],
      [-9, 11],
    ] as const) {
      expect((await list(fixture, timestamp, { version })).errorCode).toBe(errorCode.unsupportedVersion)
    }
  })

  test('a partition without records begins and ends at 0', async () => {
    const { fixture } = withRecords()
    for (const timestamp of [-1, -2, -4]) {
      expect(await list(fixture, timestamp, { partitionIndex: 1 })).toMatchObject({ errorCode: 0, offset: 0 })
    }
    expect(await list(fixture, 0, { partitionIndex: 1 })).toMatchObject({ errorCode: 0, offset: -1 })
    expect(await list(fixture, -3, { partitionIndex: 1 })).toMatchObject({ errorCode: 0, offset: -1 })
  })

  test('answers errors by partition', async () => {
    const { fixture } = withRecords()
    expect((await list(fixture, -1, { partitionIndex: 2 })).errorCode).toBe(errorCode.unknownTopicOrPartition)
    expect((await list(fixture, -1, { name: 'nope' })).errorCode).toBe(errorCode.unknownTopicOrPartition)
    expect((await list(fixture, -1, { currentLeaderEpoch: 3 })).errorCode).toBe(errorCode.unknownLeaderEpoch)
  })

  test('a partition named twice is refused the second time', async () => {
    const { fixture } = withRecords()
    const partition = { partitionIndex: 0, timestamp: -1 }
    const { topics } = await fixture.ask(listOffsetsRequest, listOffsetsResponse, 5, {
      replicaId: -1,
      topics: [{ name: 't', partitions: [partition, partition] }],
    })
    const codes = topics[0]!.partitions.map(({ errorCode: code }) => code)
    expect(codes).toEqual([0, errorCode.invalidRequest])
  })
})

describe('OffsetForLeaderEpoch', () => {
  async function end(fixture: NodeFixture, version: number, leaderEpoch: number, partition = 0) {
    const { topics } = await fixture.ask(offsetForLeaderEpochRequest, offsetForLeaderEpochResponse, version, {
      topics: [{ topic: 't', partitions: [{ partition, leaderEpoch }] }],
    })
    return topics[0]!.partitions[0]!
  }

  test.each([2, 3, 4])('v%i answers where an epoch ends', async (version) => {
    const { fixture } = withRecords()
    expect(await end(fixture, version, 0)).toMatchObject({ errorCode: 0, leaderEpoch: 0, endOffset: 10 })
    expect(await end(fixture, version, 0, 5)).toMatchObject({ errorCode: errorCode.unknownTopicOrPartition })
  })
})
