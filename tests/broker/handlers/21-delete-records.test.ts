import { describe, expect, test } from 'vitest'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import {
  deleteRecordsRequest,
  deleteRecordsResponse,
} from '../../../broker/protocol/schemas/21-delete-records.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { NodeFixture } from './node-fixture.ts'

/** A topic `t` of two partitions, with ten records in the first. */
function withRecords(configs: Record<string, string> = {}) {
  const fixture = new NodeFixture()
  fixture.node.controller.createTopics([
    { name: 't', numPartitions: 2, replicationFactor: 1, configs: new Map(Object.entries(configs)) },
  ])
  for (let batch = 0; batch < 5; batch++) {
    const records = ['a', 'b'].map((value) => ({ key: 'k', value, timestampMs: fixture.clock.nowMs() }))
    fixture.node.partition('t', 0)!.append(encodeRecordBatch({ records }), 'client')
  }
  return fixture
}

function deleteRecords(fixture: NodeFixture, offsets: [partition: number, offset: number][], topic = 't') {
  return fixture
    .ask(deleteRecordsRequest, deleteRecordsResponse, 2, {
      topics: [
        { name: topic, partitions: offsets.map(([partitionIndex, offset]) => ({ partitionIndex, offset })) },
      ],
      timeoutMs: 1000,
    })
    .then(({ topics }) => topics[0]!.partitions)
}

describe('DeleteRecords', () => {
  test.each([0, 1, 2])('v%i moves the log start, also into the middle of a batch', async (version) => {
    const fixture = withRecords()
    const { topics } = await fixture.ask(deleteRecordsRequest, deleteRecordsResponse, version, {
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, offset: 3 }] }],
      timeoutMs: 1000,
    })
    expect(topics[0]?.partitions).toEqual([{ partitionIndex: 0, lowWatermark: 3, errorCode: 0 }])
    expect(fixture.node.partition('t', 0)).toMatchObject({ logStartOffset: 3, logEndOffset: 10 })
    fixture.restart()
    expect(fixture.node.partition('t', 0)).toMatchObject({ logStartOffset: 3, logEndOffset: 10 })
  })

  test('-1 deletes up to the high watermark; the next record comes after', async () => {
    const fixture = withRecords()
    expect(await deleteRecords(fixture, [[0, -1]])).toEqual([
      { partitionIndex: 0, lowWatermark: 10, errorCode: 0 },
    ])
    const next = encodeRecordBatch({ records: [{ value: 'c', timestampMs: fixture.clock.nowMs() }] })
    fixture.node.partition('t', 0)!.append(next, 'client')
    expect(fixture.node.partition('t', 0)).toMatchObject({ logStartOffset: 10, logEndOffset: 11 })
  })

  test('an offset before the log start changes nothing', async () => {
    const fixture = withRecords()
    await deleteRecords(fixture, [[0, 6]])
    expect(await deleteRecords(fixture, [[0, 2]])).toEqual([
      { partitionIndex: 0, lowWatermark: 6, errorCode: 0 },
    ])
  })

  test('offsets and partitions that are not there', async () => {
    expect(
      await deleteRecords(withRecords(), [
        [0, 11],
        [1, -2],
        [2, 0],
        [-1, 0],
      ]),
    ).toEqual([
      { partitionIndex: 0, lowWatermark: -1, errorCode: errorCode.offsetOutOfRange },
      { partitionIndex: 1, lowWatermark: -1, errorCode: errorCode.offsetOutOfRange },
      { partitionIndex: 2, lowWatermark: -1, errorCode: errorCode.unknownTopicOrPartition },
      { partitionIndex: -1, lowWatermark: -1, errorCode: errorCode.unknownTopicOrPartition },
    ])
    expect(await deleteRecords(withRecords(), [[0, 0]], 'nope')).toMatchObject([
      { errorCode: errorCode.unknownTopicOrPartition },
    ])
  })

  test('a topic that is only compacted keeps its records', async () => {
    const fixture = withRecords({ 'cleanup.policy': 'compact' })
    expect(await deleteRecords(fixture, [[0, 1]])).toMatchObject([{ errorCode: errorCode.policyViolation }])
    const both = withRecords({ 'cleanup.policy': 'compact,delete' })
    expect(await deleteRecords(both, [[0, 1]])).toMatchObject([{ lowWatermark: 1, errorCode: 0 }])
  })
})
