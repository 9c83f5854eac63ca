import { describe, expect, test } from 'vitest'
import { MemoryDisk } from '../../../broker/core/memory-disk.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { NodeFixture } from '../handlers/node-fixture.ts'

function append(fixture: NodeFixture, topic: string, index = 0, value = 'v') {
  const batch = encodeRecordBatch({ records: [{ value }], timestampMs: fixture.clock.nowMs() })
  return fixture.node.partition(topic, index)!.append(batch, 'client')
}

function withTopic(name = 't', configs: Record<string, string> = {}, disk = new MemoryDisk()) {
  const fixture = new NodeFixture({}, disk)
  fixture.node.controller.createTopics([
    { name, numPartitions: 2, replicationFactor: 1, configs: new Map(Object.entries(configs)) },
  ])
  return fixture
}

describe('a node', () => {
  test('has its records and high watermarks after a restart', () => {
    const fixture = withTopic()
    for (let count = 0; count < 5; count++) append(fixture, 't', 1)
    fixture.restart()
    expect(fixture.node.partition('t', 1)).toMatchObject({ logEndOffset: 5, highWatermark: 5 })
    expect(fixture.node.partition('t', 0)).toMatchObject({ logEndOffset: 0, state: { status: 'empty' } })
  })

  test('frees the disk of a deleted topic, and a new one of that name begins at 0', () => {
    const fixture = withTopic()
    const before = fixture.disk.usedBytes
    append(fixture, 't', 0, 'x'.repeat(100_000))
    fixture.node.controller.deleteTopics([{ name: 't' }])
    expect(fixture.node.partition('t', 0)).toBeUndefined()
    expect(fixture.disk.usedBytes).toBeLessThan(before + 1000)
    fixture.node.controller.createTopics([{ name: 't', numPartitions: 1, replicationFactor: 1 }])
    expect(append(fixture, 't')).toMatchObject({ ok: true, firstOffset: 0 })
  })

  test('removes at start what a crash left of a deleted topic, and of an older one of that name', () => {
    const fixture = withTopic()
    append(fixture, 't')
    const log = fixture.disk.readFile('/data/t-0/00000000000000000000.log')!
    const id = fixture.disk.readFile('/data/t-0/partition.metadata')!
    fixture.node.controller.deleteTopics([{ name: 't' }])
    fixture.node.controller.createTopics([{ name: 't', numPartitions: 1, replicationFactor: 1 }])
    fixture.node.close()
    for (const folder of ['/data/t-0', '/data/old-3']) {
      fixture.disk.mkdir(folder)
      for (const [name, bytes] of [
        ['00000000000000000000.log', log],
        ['partition.metadata', id],
      ] as const) {
        const descriptor = fixture.disk.open(`${folder}/${name}`, 'write')
        fixture.disk.writev(descriptor, [bytes], 0)
        fixture.disk.close(descriptor)
      }
    }
    fixture.restart()
    expect(fixture.node.partition('t', 0)).toMatchObject({ logEndOffset: 0 })
    expect(fixture.disk.stat('/data/old-3')).toBeUndefined()
  })

  test('a folder that cannot be read takes its partition offline, with a reason; the rest serves', () => {
    const disk = new MemoryDisk()
    const fixture = withTopic('t', {}, disk)
    append(fixture, 't', 0)
    append(fixture, 't', 1)
    disk.fault = ({ operation, path }) =>
      operation === 'readdir' && path.endsWith('/t-0') ? { code: 'EACCES' } : undefined
    fixture.restart()
    const offline = fixture.node.partition('t', 0)!
    expect(offline.state).toMatchObject({ status: 'offline', reason: expect.stringContaining('EACCES') })
    expect(append(fixture, 't', 0)).toMatchObject({ ok: false, error: 'KAFKA_STORAGE_ERROR' })
    expect(append(fixture, 't', 1)).toMatchObject({ ok: true, firstOffset: 1 })
  })

  test('a change of configs reaches open logs', () => {
    const fixture = withTopic()
    append(fixture, 't')
    const alter = (resourceType: 2 | 4, resourceName: string, name: string, value: string | null) =>
      fixture.node.controller.alterConfigs([
        { resourceType, resourceName, changes: new Map([[name, value]]) },
      ])
    const state = () => fixture.node.partition('t', 0)!.state
    alter(2, 't', 'retention.ms', '7')
    expect(state()).toMatchObject({ log: { config: { retentionMs: 7 } } })
    alter(4, '', 'log.retention.ms', '9')
    expect(fixture.node.config['log.retention.ms']).toBe(9)
    expect(state()).toMatchObject({ log: { config: { retentionMs: 7 } } })
    alter(2, 't', 'retention.ms', null)
    expect(state()).toMatchObject({ log: { config: { retentionMs: 9 } } })
  })

  test('retention runs on the clock, half a minute after the start and then at its interval', () => {
    const fixture = withTopic('t', { 'retention.ms': '1000', 'segment.ms': '500' })
    fixture.node.startHousekeeping()
    append(fixture, 't')
    fixture.clock.advance(600)
    append(fixture, 't')
    fixture.clock.advance(29_399)
    expect(fixture.node.partition('t', 0)).toMatchObject({ logStartOffset: 0, logEndOffset: 2 })
    fixture.clock.advance(1)
    expect(fixture.node.partition('t', 0)).toMatchObject({ logStartOffset: 2, logEndOffset: 2 })
    append(fixture, 't')
    fixture.clock.advance(fixture.node.config['log.retention.check.interval.ms'] - 1)
    expect(fixture.node.partition('t', 0)).toMatchObject({ logStartOffset: 2, logEndOffset: 3 })
    fixture.clock.advance(1)
    expect(fixture.node.partition('t', 0)).toMatchObject({ logStartOffset: 3, logEndOffset: 3 })
  })

  test('has 10,000 partitions without 10,000 folders or files', () => {
    const fixture = new NodeFixture()
    fixture.node.controller.createTopics([{ name: 'many', numPartitions: 10_000, replicationFactor: 1 }])
    expect([...fixture.node.partitions()]).toHaveLength(10_000)
    expect(fixture.disk.readdir('/data').filter(({ isDirectory }) => isDirectory)).toHaveLength(1)
    for (let index = 0; index < 2000; index++) append(fixture, 'many', index)
    expect(fixture.disk.openCount).toBeLessThan(1000)
  })
})
