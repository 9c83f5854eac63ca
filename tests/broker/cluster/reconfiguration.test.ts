import { expect, test } from 'vitest'
import { configResourceType } from '../../../broker/cluster/metadata-image.ts'
import { recordsOf } from '../../../broker/records/record.ts'
import { batchesOf } from '../../../broker/records/record-batch.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { NodeFixture } from '../handlers/node-fixture.ts'

type Changes = Readonly<Record<string, string | null>>

function topicWith(configs: Changes = {}) {
  const fixture = new NodeFixture()
  fixture.node.controller.createTopics([{ name: 't', numPartitions: 1, replicationFactor: 1 }])
  const partition = fixture.node.partition('t', 0)!
  const change = (changes: Changes, resourceType = 2, resourceName = 't') => {
    const [outcome] = fixture.node.controller.alterConfigs([
      {
        resourceType: resourceType as 2 | 4,
        resourceName,
        changes: new Map(Object.entries(changes)),
      },
    ])
    expect(outcome!.errorCode).toBe(0)
  }
  const append = (records: readonly { key?: string; value?: string | null; timestampMs?: number }[]) =>
    partition.append(encodeRecordBatch({ records, timestampMs: fixture.clock.nowMs() }), 'client')
  const batches = () => {
    const read = partition.read({ offset: 0, maxBytes: 1_000_000, bound: 'logEnd', minOneBatch: true })
    if (!read.ok) throw new Error(read.message)
    return [...batchesOf(read.records)]
  }
  append([{ key: 'first', value: '1' }])
  change(configs)
  return { ...fixture, fixture, partition, change, append, batches }
}

test('compression.type acts on the next batch, a broker’s default too', () => {
  const { append, batches, change } = topicWith({ 'compression.type': 'zstd' })
  append([{ value: 'x' }])
  change({ 'compression.type': null })
  change({ 'compression.type': 'gzip' }, configResourceType.broker, '')
  append([{ value: 'x' }])
  expect(batches().map(({ compression }) => compression)).toEqual(['none', 'zstd', 'gzip'])
})

test('message.timestamp.type and its bounds', () => {
  const { append, batches, change, fixture } = topicWith({ 'message.timestamp.type': 'LogAppendTime' })
  append([{ value: 'x', timestampMs: 5 }])
  expect([...recordsOf(batches()[1]!)][0]!.timestampMs).toBe(fixture.clock.nowMs())
  change({ 'message.timestamp.type': null, 'message.timestamp.before.max.ms': '1000' })
  expect(append([{ value: 'x', timestampMs: 5 }])).toMatchObject({ ok: false, error: 'INVALID_TIMESTAMP' })
})

test('max.message.bytes', () => {
  const { append } = topicWith({ 'max.message.bytes': '200' })
  expect(append([{ value: 'x'.repeat(300) }])).toMatchObject({ ok: false, error: 'MESSAGE_TOO_LARGE' })
})

test('cleanup.policy: keys are asked for from the next record on', () => {
  const { append } = topicWith({ 'cleanup.policy': 'compact' })
  expect(append([{ value: 'no key' }])).toMatchObject({ ok: false, error: 'INVALID_RECORD' })
})

test('segment.ms and retention.ms', () => {
  const { append, fixture, partition } = topicWith({ 'segment.ms': '1000', 'retention.ms': '5000' })
  fixture.clock.advance(2000)
  append([{ key: 'second', value: '2' }])
  expect(partition.state.status === 'online' && partition.state.log.segments().length).toBe(2)
  fixture.clock.advance(4000)
  partition.applyRetention()
  expect(partition.logStartOffset).toBe(1)
})

test('flush.messages', () => {
  const { append, partition } = topicWith({ 'flush.messages': '1' })
  append([{ value: 'x' }])
  expect(partition.state.status === 'online' && partition.state.log.recoveryPoint).toBe(2)
})

test('what the cleaner is told', () => {
  const { partition } = topicWith({
    'min.cleanable.dirty.ratio': '0.1',
    'min.compaction.lag.ms': '7',
    'max.compaction.lag.ms': '8',
    'delete.retention.ms': '9',
  })
  expect(partition.state.status === 'online' && partition.state.log.config).toMatchObject({
    minCleanableDirtyRatio: 0.1,
    minCompactionLagMs: 7,
    maxCompactionLagMs: 8,
    deleteRetentionMs: 9,
  })
})
