import { describe, expect, test } from 'vitest'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../../broker/protocol/schemas/19-create-topics.ts'
import { NodeFixture } from './node-fixture.ts'

type Given = Partial<{
  numPartitions: number
  replicationFactor: number
  assignments: { partitionIndex: number; brokerIds: number[] }[]
  configs: Record<string, string | null>
}>

function topic(name: string, { configs = {}, ...given }: Given = {}) {
  const entries = Object.entries(configs).map(([key, value]) => ({ name: key, value }))
  return { name, numPartitions: 1, replicationFactor: 1, assignments: [], ...given, configs: entries }
}

function create(
  fixture: NodeFixture,
  topics: ReturnType<typeof topic>[],
  { validateOnly = false, version = 7 } = {},
) {
  return fixture.ask(createTopicsRequest, createTopicsResponse, version, {
    topics,
    timeoutMs: 1000,
    validateOnly,
  })
}

const codes = (answer: Awaited<ReturnType<typeof create>>) =>
  Object.fromEntries(answer.topics.map(({ name, errorCode: code }) => [name, code]))

describe('CreateTopics', () => {
  test.each([2, 3, 4, 5, 6, 7])('v%i creates a topic', async (version) => {
    const fixture = new NodeFixture()
    const { topics } = await create(fixture, [topic('orders', { numPartitions: 6 })], { version })
    expect(topics).toMatchObject([{ name: 'orders', errorCode: 0, errorMessage: null }])
    expect(fixture.node.image.topic('orders')?.partitions).toHaveLength(6)
    if (version >= 5) expect(topics[0]).toMatchObject({ numPartitions: 6, replicationFactor: 1 })
    if (version >= 5) expect(topics[0]?.configs).toHaveLength(33)
    if (version >= 7) expect(topics[0]?.topicId).toBe(fixture.node.image.topic('orders')?.topicId)
  })

  test('outlives a restart, with its configs', async () => {
    const fixture = new NodeFixture()
    await create(fixture, [topic('orders', { numPartitions: 3, configs: { 'retention.ms': '1000' } })])
    const { topicId } = fixture.node.image.topic('orders')!
    fixture.restart()
    expect(fixture.node.image.topic('orders')).toMatchObject({ topicId, partitions: { length: 3 } })
    expect(fixture.node.topicConfig('orders')['retention.ms']).toBe(1000)
  })

  test('takes the defaults of the broker for -1', async () => {
    const fixture = new NodeFixture({ 'num.partitions': '4' })
    const { topics } = await create(fixture, [topic('t', { numPartitions: -1, replicationFactor: -1 })])
    expect(topics).toMatchObject([{ numPartitions: 4, replicationFactor: 1 }])
  })

  test('only validates when asked to', async () => {
    const fixture = new NodeFixture()
    const answer = await create(fixture, [topic('t'), topic('a b')], { validateOnly: true })
    expect(codes(answer)).toEqual({ t: 0, 'a b': errorCode.invalidTopicException })
    expect(fixture.node.image.topicCount).toBe(0)
  })

  test('answers the configs: overrides as written, the rest in force', async () => {
    const fixture = new NodeFixture({ 'message.max.bytes': '5000' })
    const { topics } = await create(fixture, [topic('t', { configs: { 'retention.ms': ' 77' } })])
    const config = (name: string) => topics[0]?.configs?.find((each) => each.name === name)
    expect(config('retention.ms')).toMatchObject({ value: ' 77', configSource: 1, readOnly: false })
    expect(config('max.message.bytes')).toMatchObject({ value: '5000', configSource: 4 })
    expect(config('segment.bytes')).toMatchObject({ value: '1073741824', configSource: 5 })
  })
})

describe('CreateTopics refuses', () => {
  test('bad names, and those that are taken or collide', async () => {
    const fixture = new NodeFixture()
    await create(fixture, [topic('a.b')])
    const long = 'x'.repeat(250)
    const answer = await create(fixture, [
      ...['', '.', '..', 'a b', long, 'a_b'].map((name) => topic(name)),
      topic('a.b', { configs: { nope: '1' } }),
      topic('__cluster_metadata'),
    ])
    expect(codes(answer)).toEqual({
      '': errorCode.invalidTopicException,
      '.': errorCode.invalidTopicException,
      '..': errorCode.invalidTopicException,
      'a b': errorCode.invalidTopicException,
      [long]: errorCode.invalidTopicException,
      a_b: errorCode.invalidTopicException,
      'a.b': errorCode.topicAlreadyExists,
      __cluster_metadata: errorCode.invalidRequest,
    })
  })

  test('a name that is there twice, once, and creates the others', async () => {
    const answer = await create(new NodeFixture(), [topic('twice'), topic('once'), topic('twice')])
    expect(answer.topics).toMatchObject([
      { name: 'once', errorCode: 0 },
      { name: 'twice', errorCode: errorCode.invalidRequest },
    ])
  })

  test('bad counts and factors, more replicas than brokers', async () => {
    const answer = await create(new NodeFixture(), [
      topic('p0', { numPartitions: 0 }),
      topic('p-2', { numPartitions: -2 }),
      topic('r0', { replicationFactor: 0 }),
      topic('r2', { replicationFactor: 2 }),
    ])
    expect(codes(answer)).toEqual({
      p0: errorCode.invalidPartitions,
      'p-2': errorCode.invalidPartitions,
      r0: errorCode.invalidReplicationFactor,
      r2: errorCode.invalidReplicationFactor,
    })
    expect(answer.topics.every(({ errorMessage }) => errorMessage)).toBe(true)
  })

  test('bad assignments', async () => {
    const assigned = (name: string, assignments: [number, number[]][]) =>
      topic(name, {
        numPartitions: -1,
        replicationFactor: -1,
        assignments: assignments.map(([partitionIndex, brokerIds]) => ({ partitionIndex, brokerIds })),
      })
    const answer = await create(new NodeFixture(), [
      assigned('good', [[0, [0]]]),
      assigned('gap', [[1, [0]]]),
      assigned('unknown', [[0, [7]]]),
      assigned('twice', [[0, [0, 0]]]),
      assigned('none', [[0, []]]),
    ])
    expect(codes(answer)).toEqual({
      good: 0,
      gap: errorCode.invalidReplicaAssignment,
      unknown: errorCode.invalidReplicaAssignment,
      twice: errorCode.invalidReplicaAssignment,
      none: errorCode.invalidReplicaAssignment,
    })
  })

  test('bad configs, saying which', async () => {
    const fixture = new NodeFixture()
    const { topics } = await create(fixture, [
      topic('unknown', { configs: { nope: '1' } }),
      topic('null', { configs: { 'retention.ms': null } }),
      topic('small', { configs: { 'segment.bytes': '100' } }),
      topic('tiered', { configs: { 'remote.storage.enable': 'true' } }),
    ])
    expect(topics.map(({ errorCode: code, errorMessage }) => [code, errorMessage])).toEqual([
      [errorCode.invalidConfig, 'Unknown topic config name: nope'],
      [errorCode.invalidConfig, 'Null value not supported for topic configs: retention.ms'],
      [
        errorCode.invalidConfig,
        'Invalid value 100 for configuration segment.bytes: Value must be at least 1048576',
      ],
      [errorCode.invalidConfig, expect.stringContaining('Tiered Storage functionality is disabled')],
    ])
    expect(fixture.node.image.topicCount).toBe(0)
  })

  test('more partitions than one batch of metadata may hold', async () => {
    const answer = await create(new NodeFixture(), [
      topic('a', { numPartitions: 9000 }),
      topic('b', { numPartitions: 2000 }),
    ])
    expect(codes(answer)).toEqual({ a: errorCode.policyViolation, b: errorCode.policyViolation })
  })
})
