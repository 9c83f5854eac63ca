import { describe, expect, test } from 'vitest'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import { metadataRequest, metadataResponse } from '../../../broker/protocol/schemas/03-metadata.ts'
import {
  describeClusterRequest,
  describeClusterResponse,
} from '../../../broker/protocol/schemas/60-describe-cluster.ts'
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
} from '../../../broker/protocol/schemas/75-describe-topic-partitions.ts'
import { NodeFixture } from './node-fixture.ts'

const zeroId = 'AAAAAAAAAAAAAAAAAAAAAA'
const notAsked = -(2 ** 31)

function withTopics(config: Record<string, string> = {}) {
  const fixture = new NodeFixture(config)
  fixture.node.controller.createTopics(
    ['a', 'b', 'c'].map((name, index) => ({ name, numPartitions: index + 1, replicationFactor: 1 })),
  )
  return fixture
}

type Given = { allow?: boolean; operations?: boolean }

function ask(fixture: NodeFixture, version: number, names: string[] | null, given: Given = {}) {
  return fixture.ask(metadataRequest, metadataResponse, version, {
    topics: names === null ? null : names.map((name) => ({ name })),
    allowAutoTopicCreation: given.allow ?? false,
    includeTopicAuthorizedOperations: given.operations ?? false,
    includeClusterAuthorizedOperations: given.operations ?? false,
  })
}

const versions = Array.from({ length: 14 }, (_, version) => version)

describe('Metadata', () => {
  test.each(versions)('v%i tells brokers and topics', async (version) => {
    const fixture = withTopics()
    const answer = await ask(fixture, version, ['b', 'nope'])
    expect(answer.brokers).toMatchObject([{ nodeId: 0, host: '127.0.0.1', port: 9092 }])
    expect(answer.topics).toMatchObject([
      { name: 'b', errorCode: 0, partitions: [{ partitionIndex: 0, leaderId: 0 }, { partitionIndex: 1 }] },
      { name: 'nope', errorCode: version < 4 ? 0 : errorCode.unknownTopicOrPartition },
    ])
    if (version >= 1) expect(answer.controllerId).toBe(0)
    if (version >= 2) expect(answer.clusterId).toBe('cluster')
    if (version >= 10) expect(answer.topics[0]?.topicId).toBe(fixture.node.image.topic('b')?.topicId)
  })

  test('all topics: an empty array in v0, null from v1 on', async () => {
    const fixture = withTopics()
    const names = async (version: number, asked: string[] | null) =>
      (await ask(fixture, version, asked)).topics.map(({ name }) => name)
    expect(await names(0, [])).toEqual(['a', 'b', 'c'])
    expect(await names(1, [])).toEqual([])
    expect(await names(1, null)).toEqual(['a', 'b', 'c'])
    expect(await names(13, null)).toEqual(['a', 'b', 'c'])
  })

  test('creates a topic that is asked for, where that is allowed', async () => {
    const fixture = withTopics({ 'num.partitions': '3' })
    const { topics } = await ask(fixture, 9, ['new'], { allow: true })
    expect(topics).toMatchObject([{ name: 'new', errorCode: 0, partitions: { length: 3 } }])
    const [forbidden] = (await ask(fixture, 9, ['other'])).topics
    expect(forbidden).toMatchObject({ errorCode: errorCode.unknownTopicOrPartition })
    const strict = withTopics({ 'auto.create.topics.enable': 'false' })
    expect((await ask(strict, 9, ['new'], { allow: true })).topics[0]?.errorCode).toBe(
      errorCode.unknownTopicOrPartition,
    )
  })

  test('a bad name is an INVALID_TOPIC_EXCEPTION', async () => {
    const fixture = withTopics()
    const { topics } = await ask(fixture, 9, ['no spaces', '..', 'x'.repeat(250)], { allow: true })
    expect(topics.map(({ errorCode: code }) => code)).toEqual(Array(3).fill(errorCode.invalidTopicException))
  })

  test('__consumer_offsets is created as the broker wants it', async () => {
    const fixture = withTopics({ 'offsets.topic.num.partitions': '7' })
    const { topics } = await ask(fixture, 9, ['__consumer_offsets'], { allow: true })
    expect(topics).toMatchObject([{ isInternal: true, partitions: { length: 7 } }])
    expect(fixture.node.topicConfig('__consumer_offsets')['cleanup.policy']).toEqual(['compact'])
  })

  test('v12 asks by topic id', async () => {
    const fixture = withTopics()
    const { topicId } = fixture.node.image.topic('b')!
    const byId = (version: number, id: string) =>
      fixture.ask(metadataRequest, metadataResponse, version, { topics: [{ name: null, topicId: id }] })
    expect((await byId(12, topicId)).topics).toMatchObject([{ name: 'b', topicId, errorCode: 0 }])
    const unknown = await byId(12, 'p5l4BigWQ76Hnu2TLAn6RA')
    expect(unknown.topics).toMatchObject([{ name: null, errorCode: errorCode.unknownTopicId }])
  })

  test('says what one may do, when asked', async () => {
    const fixture = withTopics()
    const silent = await ask(fixture, 8, ['a'])
    expect(silent.topics[0]?.topicAuthorizedOperations).toBe(notAsked)
    expect(silent.clusterAuthorizedOperations).toBe(notAsked)
    const answer = await ask(fixture, 8, ['a'], { operations: true })
    expect(answer.topics[0]?.topicAuthorizedOperations).toBe(3576)
    expect(answer.clusterAuthorizedOperations).toBe(8096)
  })
})

describe('DescribeCluster', () => {
  test.each([0, 1, 2])('v%i tells the brokers', async (version) => {
    const fixture = withTopics()
    const answer = await fixture.ask(describeClusterRequest, describeClusterResponse, version, {
      includeClusterAuthorizedOperations: true,
    })
    expect(answer).toMatchObject({
      errorCode: 0,
      clusterId: 'cluster',
      controllerId: 0,
      brokers: [{ brokerId: 0, host: '127.0.0.1', port: 9092 }],
      clusterAuthorizedOperations: 8096,
    })
  })

  test('has no controllers to tell', async () => {
    const answer = await withTopics().ask(describeClusterRequest, describeClusterResponse, 1, {
      includeClusterAuthorizedOperations: false,
      endpointType: 2,
    })
    expect(answer.errorCode).toBe(errorCode.mismatchedEndpointType)
  })
})

describe('DescribeTopicPartitions', () => {
  type Cursor = { topicName: string; partitionIndex: number } | null

  function page(fixture: NodeFixture, names: string[], limit: number, cursor: Cursor = null) {
    return fixture.ask(describeTopicPartitionsRequest, describeTopicPartitionsResponse, 0, {
      topics: names.map((name) => ({ name })),
      responsePartitionLimit: limit,
      cursor,
    })
  }

  test('tells topics in order of their names, unknown ones with their error', async () => {
    const { topics, nextCursor } = await page(withTopics(), ['c', 'nope', 'a'], 2000)
    expect(topics).toMatchObject([
      { name: 'a', errorCode: 0, partitions: [{ partitionIndex: 0, leaderId: 0, isrNodes: [0] }] },
      { name: 'c', partitions: { length: 3 } },
      { name: 'nope', errorCode: errorCode.unknownTopicOrPartition, topicId: zeroId },
    ])
    expect(nextCursor).toBeNull()
  })

  test('pages through all topics', async () => {
    const fixture = withTopics()
    const seen: string[] = []
    let cursor: Cursor = null
    do {
      const answer: Awaited<ReturnType<typeof page>> = await page(fixture, [], 2, cursor)
      for (const { name, partitions } of answer.topics) {
        for (const { partitionIndex } of partitions) seen.push(`${name}${partitionIndex}`)
      }
      cursor = answer.nextCursor
    } while (cursor)
    expect(seen).toEqual(['a0', 'b0', 'b1', 'c0', 'c1', 'c2'])
  })
})
