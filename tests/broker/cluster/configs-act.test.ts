import { describe, expect, test } from 'vitest'
import { configResourceType } from '../../../broker/cluster/metadata-image.ts'
import type { ConfigDefinition } from '../../../broker/core/config/definition.ts'
import { topicConfigs } from '../../../broker/core/config/topic-configs.ts'
import type { LogConfig } from '../../../broker/log/log-config.ts'
import { metadataRequest, metadataResponse } from '../../../broker/protocol/schemas/03-metadata.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../../broker/protocol/schemas/19-create-topics.ts'
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
} from '../../../broker/protocol/schemas/75-describe-topic-partitions.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { NodeFixture } from '../handlers/node-fixture.ts'

type Proof = { value: string; expected: Partial<LogConfig>; with?: Record<string, string> }

/** What a log is told when a topic, or a broker for its topics, sets a config; what a log does then its own tests prove. */
const proofs: Readonly<Record<string, Proof>> = {
  'cleanup.policy': { value: 'compact', expected: { cleanupPolicy: ['compact'] } },
  'compression.gzip.level': {
    value: '9',
    with: { 'compression.type': 'gzip' },
    expected: { compression: { codec: 'gzip', level: 9 } },
  },
  'compression.type': { value: 'lz4', expected: { compression: { codec: 'lz4' } } },
  'compression.zstd.level': {
    value: '7',
    with: { 'compression.type': 'zstd' },
    expected: { compression: { codec: 'zstd', level: 7 } },
  },
  'delete.retention.ms': { value: '5', expected: { deleteRetentionMs: 5 } },
  'file.delete.delay.ms': { value: '5', expected: { fileDeleteDelayMs: 5 } },
  'flush.messages': { value: '5', expected: { flushMessages: 5 } },
  'flush.ms': { value: '5', expected: { flushMs: 5 } },
  'index.interval.bytes': { value: '5', expected: { indexIntervalBytes: 5 } },
  'max.compaction.lag.ms': { value: '5', expected: { maxCompactionLagMs: 5 } },
  'max.message.bytes': { value: '5', expected: { maxMessageBytes: 5 } },
  'message.timestamp.after.max.ms': { value: '5', expected: { messageTimestampAfterMaxMs: 5 } },
  'message.timestamp.before.max.ms': { value: '5', expected: { messageTimestampBeforeMaxMs: 5 } },
  'message.timestamp.type': { value: 'LogAppendTime', expected: { messageTimestampType: 'LogAppendTime' } },
  'min.cleanable.dirty.ratio': { value: '0.25', expected: { minCleanableDirtyRatio: 0.25 } },
  'min.compaction.lag.ms': { value: '5', expected: { minCompactionLagMs: 5 } },
  preallocate: { value: 'true', expected: { preallocate: true } },
  'retention.bytes': { value: '5', expected: { retentionBytes: 5 } },
  'retention.ms': { value: '7200000', expected: { retentionMs: 7_200_000 } },
  'segment.bytes': { value: '2000000', expected: { segmentBytes: 2_000_000 } },
  'segment.index.bytes': { value: '5000', expected: { segmentIndexBytes: 5000 } },
  'segment.jitter.ms': { value: '7200000', expected: { segmentJitterMs: 7_200_000 } },
  'segment.ms': { value: '7200000', expected: { segmentMs: 7_200_000 } },
}

/** Those that no log hears of: proved elsewhere, or with nothing to do on one node without tiered storage (GAPS.md). */
const elsewhere = [
  'compression.lz4.level',
  'follower.replication.throttled.replicas',
  'leader.replication.throttled.replicas',
  'local.retention.bytes',
  'local.retention.ms',
  'min.insync.replicas',
  'remote.log.copy.disable',
  'remote.log.delete.on.disable',
  'remote.storage.enable',
  'unclean.leader.election.enable',
]

function withTopic(staticConfig: Record<string, string> = {}) {
  const fixture = new NodeFixture(staticConfig)
  fixture.node.controller.createTopics([{ name: 't', numPartitions: 1, replicationFactor: 1 }])
  const partition = fixture.node.partition('t', 0)!
  const records = [{ key: 'k', value: 'v' }]
  partition.append(encodeRecordBatch({ records, timestampMs: fixture.clock.nowMs() }), 'coordinator')
  const logConfig = () => (partition.state.status === 'online' ? partition.state.log.config : undefined)
  const alter = (type: 2 | 4, resourceName: string, changes: Readonly<Record<string, string | null>>) => {
    const [outcome] = fixture.node.controller.alterConfigs([
      { resourceType: type, resourceName, changes: new Map(Object.entries(changes)) },
    ])
    expect(outcome!.errorCode).toBe(0)
  }
  return { fixture, logConfig, alter }
}

/** The value as the broker config has it: in hours where that is its unit. */
function inUnitOf({ value }: Proof, factor: number): string {
  return factor === 1 ? value : String(Number(value) / factor)
}

describe('a topic config that is listed', () => {
  test('is proved here or elsewhere', () =>
    expect([...Object.keys(proofs), ...elsewhere].sort()).toEqual(Object.keys(topicConfigs).sort()))

  test.each(Object.entries(proofs))('%s reaches the log at once, and goes again', (name, proof) => {
    const { logConfig, alter } = withTopic()
    const before = logConfig()
    const changes = { ...proof.with, [name]: proof.value }
    alter(configResourceType.topic, 't', changes)
    expect(logConfig()).toMatchObject(proof.expected)
    expect(before).not.toMatchObject(proof.expected)
    alter(configResourceType.topic, 't', Object.fromEntries(Object.keys(changes).map((key) => [key, null])))
    expect(logConfig()).toEqual(before)
  })
})

/** Each broker config that is the default of a topic config, and how it is set where it cannot be changed later. */
const synonyms = Object.entries(proofs).flatMap(([name, proof]) =>
  (topicConfigs as Readonly<Record<string, ConfigDefinition>>)[name]!.synonyms.map(
    (synonym) => [synonym.name, synonym.factor, proof] as const,
  ),
)

describe('a broker config that is the default of a topic’s', () => {
  test.each(synonyms)('%s given at start reaches the log', (name, factor, proof) => {
    // A millisecond config that is shorter than an hour has no whole number of hours.
    if (!Number.isInteger(Number(inUnitOf(proof, factor))) && factor > 1) return
    const { logConfig } = withTopic({ ...proof.with, [name]: inUnitOf(proof, factor) })
    expect(logConfig()).toMatchObject(proof.expected)
  })

  test.each(synonyms)(
    '%s changed for all brokers and for one reaches the log at once',
    (name, factor, proof) => {
      for (const resourceName of ['', '0']) {
        const { logConfig, alter } = withTopic()
        const before = logConfig()
        alter(configResourceType.broker, resourceName, { ...proof.with, [name]: inUnitOf(proof, factor) })
        expect(logConfig()).toMatchObject(proof.expected)
        alter(configResourceType.broker, resourceName, {
          ...Object.fromEntries(Object.keys(proof.with ?? {}).map((key) => [key, null])),
          [name]: null,
        })
        expect(logConfig()).toEqual(before)
      }
    },
  )
})

describe('of the others', () => {
  test('default.replication.factor is asked for by a topic that does not say', async () => {
    const fixture = new NodeFixture({ 'default.replication.factor': '2' })
    const { topics } = await fixture.ask(createTopicsRequest, createTopicsResponse, 7, {
      topics: [{ name: 't', numPartitions: 1, replicationFactor: -1, assignments: [], configs: [] }],
      timeoutMs: 1000,
      validateOnly: false,
    })
    expect(topics[0]).toMatchObject({
      errorMessage: expect.stringContaining('Unable to replicate the partition 2 time(s)'),
    })
  })

  test('max.request.partition.size.limit ends an answer, and its cursor goes on from there', async () => {
    const fixture = new NodeFixture({ 'max.request.partition.size.limit': '2' })
    fixture.node.controller.createTopics([{ name: 't', numPartitions: 3, replicationFactor: 1 }])
    const { topics, nextCursor } = await fixture.ask(
      describeTopicPartitionsRequest,
      describeTopicPartitionsResponse,
      0,
      { topics: [{ name: 't' }], responsePartitionLimit: 100, cursor: null },
    )
    expect(topics[0]!.partitions).toHaveLength(2)
    expect(nextCursor).toEqual({ topicName: 't', partitionIndex: 2 })
  })

  test('the internal topics are made as the configs say', async () => {
    const fixture = new NodeFixture({
      'offsets.topic.num.partitions': '3',
      'offsets.topic.segment.bytes': '2000000',
      'transaction.state.log.num.partitions': '4',
      'transaction.state.log.segment.bytes': '3000000',
      'transaction.state.log.min.isr': '2',
    })
    await fixture.ask(metadataRequest, metadataResponse, 9, {
      topics: [{ name: '__consumer_offsets' }, { name: '__transaction_state' }],
      allowAutoTopicCreation: true,
    })
    const { image } = fixture.node
    expect(image.topic('__consumer_offsets')!.partitions).toHaveLength(3)
    expect(image.configs(2, '__consumer_offsets').get('segment.bytes')).toBe('2000000')
    expect(image.topic('__transaction_state')!.partitions).toHaveLength(4)
    const transactions = image.configs(2, '__transaction_state')
    expect(transactions.get('segment.bytes')).toBe('3000000')
    expect(transactions.get('min.insync.replicas')).toBe('2')
  })

  test.each(['offsets.topic.replication.factor', 'transaction.state.log.replication.factor'])(
    '%s is what its topic asks for',
    async (name) => {
      const fixture = new NodeFixture({ [name]: '3' })
      const topic = name.startsWith('offsets') ? '__consumer_offsets' : '__transaction_state'
      expect(fixture.node.createTopicByName(topic).message).toContain(
        'Unable to replicate the partition 3 time(s)',
      )
    },
  )
})
