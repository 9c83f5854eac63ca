import { describe, expect, test } from 'vitest'
import { MemoryDisk } from '../../../broker/core/memory-disk.ts'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import {
  describeLogDirsRequest,
  describeLogDirsResponse,
} from '../../../broker/protocol/schemas/35-describe-log-dirs.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { NodeFixture } from './node-fixture.ts'

const capacityBytes = 64 * 1024 * 1024

function withRecords(disk = new MemoryDisk({ capacityBytes })) {
  const fixture = new NodeFixture({}, disk)
  fixture.node.controller.createTopics([
    { name: 'a', numPartitions: 2, replicationFactor: 1 },
    { name: 'b', numPartitions: 1, replicationFactor: 1 },
  ])
  const batch = encodeRecordBatch({
    records: [{ value: 'x'.repeat(500), timestampMs: fixture.clock.nowMs() }],
  })
  fixture.node.partition('a', 1)!.append(batch, 'client')
  return { fixture, batchBytes: batch.length }
}

type Asked = { topic: string; partitions: number[] }[] | null

const ask = (fixture: NodeFixture, topics: Asked, version = 5) =>
  fixture.ask(describeLogDirsRequest, describeLogDirsResponse, version, { topics })

describe('DescribeLogDirs', () => {
  test.each([1, 2, 3, 4, 5])('v%i tells the sizes of all partitions', async (version) => {
    const { fixture, batchBytes } = withRecords()
    const answer = await ask(fixture, null, version)
    const partition = (partitionIndex: number, partitionSize: number) => ({
      partitionIndex,
      partitionSize,
      offsetLag: 0,
      isFutureKey: false,
    })
    expect(answer).toMatchObject({ errorCode: 0, results: [{ errorCode: 0, logDir: '/data' }] })
    expect(answer.results[0]?.topics).toEqual([
      { name: 'a', partitions: [partition(0, 0), partition(1, batchBytes)] },
      { name: 'b', partitions: [partition(0, 0)] },
    ])
  })

  test('tells the size of the disk and what is free of it', async () => {
    const { fixture } = withRecords()
    const [dir] = (await ask(fixture, [])).results
    expect(dir).toMatchObject({ topics: [], totalBytes: capacityBytes })
    expect(dir!.usableBytes).toBe(capacityBytes - fixture.disk.usedBytes)
  })

  test('leaves out what is not here', async () => {
    const { fixture } = withRecords()
    const asked = [
      { topic: 'a', partitions: [1, 7] },
      { topic: 'nope', partitions: [0] },
    ]
    const [dir] = (await ask(fixture, asked)).results
    expect(dir?.topics).toMatchObject([{ name: 'a', partitions: [{ partitionIndex: 1 }] }])
  })

  test('says KAFKA_STORAGE_ERROR of a folder that cannot be asked', async () => {
    const { fixture } = withRecords()
    fixture.disk.freeBytes = () => {
      throw Object.assign(new Error('EIO: i/o error, statfs'), { code: 'EIO' })
    }
    expect((await ask(fixture, null)).results).toMatchObject([
      { errorCode: errorCode.kafkaStorageError, logDir: '/data', topics: [] },
    ])
  })

  test('says KAFKA_STORAGE_ERROR once the metadata log takes nothing more', async () => {
    const { fixture } = withRecords()
    fixture.disk.fault = ({ operation }) => (operation === 'fsync' ? { code: 'EIO' } : undefined)
    fixture.node.createTopicByName('c')
    fixture.disk.fault = undefined
    const [dir] = (await ask(fixture, null)).results
    expect(dir).toMatchObject({ errorCode: errorCode.kafkaStorageError, logDir: '/data' })
    expect(fixture.node.logDirs()[0]!.error).toContain('EIO')
  })
})
