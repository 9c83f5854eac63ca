import { describe, expect, test } from 'vitest'
import { MemoryDisk } from '../../../broker/core/memory-disk.ts'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../../broker/protocol/schemas/19-create-topics.ts'
import {
  deleteTopicsRequest,
  deleteTopicsResponse,
} from '../../../broker/protocol/schemas/20-delete-topics.ts'
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../../broker/protocol/schemas/44-incremental-alter-configs.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { NodeFixture } from './node-fixture.ts'

const capacityBytes = 64 * 1024 * 1024

/** A node with the topics `large` (with records) and `small`, on a disk without a byte left. */
function onFullDisk() {
  const disk = new MemoryDisk({ capacityBytes })
  const fixture = new NodeFixture({}, disk)
  fixture.node.controller.createTopics(
    ['large', 'small'].map((name) => ({ name, numPartitions: 1, replicationFactor: 1 })),
  )
  const records = [{ value: 'x'.repeat(500_000), timestampMs: fixture.clock.nowMs() }]
  fixture.node.partition('large', 0)!.append(encodeRecordBatch({ records }), 'client')
  disk.capacityBytes = disk.usedBytes
  return fixture
}

const create = (fixture: NodeFixture, name: string) =>
  fixture.ask(createTopicsRequest, createTopicsResponse, 7, {
    topics: [{ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
  })
const remove = (fixture: NodeFixture, name: string) =>
  fixture.ask(deleteTopicsRequest, deleteTopicsResponse, 5, { topicNames: [name], timeoutMs: 1000 })
const keepLess = (fixture: NodeFixture, name: string) =>
  fixture.ask(incrementalAlterConfigsRequest, incrementalAlterConfigsResponse, 1, {
    resources: [
      {
        resourceType: 2,
        resourceName: name,
        configs: [{ name: 'retention.bytes', configOperation: 0, value: '1000' }],
      },
    ],
    validateOnly: false,
  })

describe('on a full disk', () => {
  test('a topic is not created, the error says why, and nothing is left of it', async () => {
    const fixture = onFullDisk()
    const { topics } = await create(fixture, 'new')
    expect(topics).toMatchObject([
      { errorCode: errorCode.kafkaStorageError, errorMessage: expect.stringContaining('The disk is full') },
    ])
    expect(fixture.node.image.topic('new')).toBeUndefined()
    fixture.disk.capacityBytes = capacityBytes
    expect((await create(fixture, 'new')).topics).toMatchObject([{ errorCode: 0 }])
  })

  test('a topic can be deleted, and what that frees can be used', async () => {
    const fixture = onFullDisk()
    expect((await remove(fixture, 'large')).responses).toMatchObject([{ name: 'large', errorCode: 0 }])
    expect(fixture.disk.freeBytes()).toBeGreaterThan(500_000)
    expect((await create(fixture, 'new')).topics).toMatchObject([{ errorCode: 0 }])
    fixture.restart()
    expect(fixture.node.image.topics().map(({ name }) => name)).toEqual(['new', 'small'])
  })

  test('retention can be lowered', async () => {
    const fixture = onFullDisk()
    expect((await keepLess(fixture, 'large')).responses).toMatchObject([{ errorCode: 0 }])
    expect(fixture.node.topicConfig('large')['retention.bytes']).toBe(1000)
  })

  test('the node outlives its housekeeping, and holds space back again once there is some', async () => {
    const fixture = onFullDisk()
    fixture.node.startHousekeeping()
    await remove(fixture, 'small')
    expect(fixture.disk.stat('/data/.space-reserve')).toBeUndefined()
    fixture.disk.capacityBytes = fixture.disk.usedBytes
    fixture.clock.advance(120_000)
    fixture.disk.capacityBytes = capacityBytes
    fixture.clock.advance(120_000)
    expect(fixture.disk.stat('/data/.space-reserve')?.sizeBytes).toBeGreaterThan(0)
  })
})
