import { describe, expect, test } from 'vitest'
import { offsetsTopic } from '../../broker/cluster/internal-topics.ts'
import { CloseConnectionError } from '../../broker/handlers/handler.ts'
import { metadataRequest, metadataResponse } from '../../broker/protocol/schemas/03-metadata.ts'
import { offsetCommitRequest, offsetCommitResponse } from '../../broker/protocol/schemas/08-offset-commit.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../broker/protocol/schemas/10-find-coordinator.ts'
import { BrokerFixture } from './server/broker-fixture.ts'

const config = { 'offsets.topic.num.partitions': '2' }

/** Commits an offset without being a member; the error code of the answer. */
async function commit(broker: BrokerFixture, committedOffset: number): Promise<number> {
  await using client = await broker.client()
  const partitions = [{ partitionIndex: 0, committedOffset, committedMetadata: null }]
  const answer = await client.send(offsetCommitRequest, offsetCommitResponse, 2, {
    groupId: 'g',
    generationIdOrMemberEpoch: -1,
    memberId: '',
    topics: [{ name: 't', partitions }],
  })
  return answer.topics[0]!.partitions[0]!.errorCode
}

async function askMetadata(broker: BrokerFixture, topic: string): Promise<void> {
  await using client = await broker.client()
  await client.send(metadataRequest, metadataResponse, 1, { topics: [{ name: topic }] })
}

async function findCoordinator(broker: BrokerFixture): Promise<void> {
  await using client = await broker.client()
  await client.send(findCoordinatorRequest, findCoordinatorResponse, 0, { key: 'g' })
}

describe('the coordinators of a node', () => {
  test('are not loaded on a new folder before somebody asks for more than metadata', async () => {
    await using broker = await BrokerFixture.start(config)
    const { coordination } = broker.running
    await askMetadata(broker, 't')
    expect([coordination.groups, coordination.transactions]).toEqual([undefined, undefined])
    await findCoordinator(broker)
    expect([coordination.groups, coordination.transactions]).not.toContain(undefined)
    expect(await commit(broker, 5)).toBe(0)
  })

  test('lead partitions that were made before they were loaded', async () => {
    await using broker = await BrokerFixture.start(config)
    broker.createTopic('t')
    await askMetadata(broker, offsetsTopic)
    expect(broker.running.node.image.topic(offsetsTopic)).toBeDefined()
    expect(broker.running.coordination.groups).toBeUndefined()
    expect(await commit(broker, 5)).toBe(0)
  })

  test('run from the start where the node holds groups', async () => {
    const before = await BrokerFixture.start(config)
    before.createTopic('t')
    await findCoordinator(before)
    expect(await commit(before, 7)).toBe(0)
    await before.running.close()
    await using broker = await BrokerFixture.start(config, before.dataDir)
    const { groups } = broker.running.coordination
    expect(groups?.snapshot().map(({ groupId }) => groupId)).toEqual(['g'])
  })

  test('start once for all who ask, and are there until the last connection is closed', async () => {
    const broker = await BrokerFixture.start(config)
    const { coordination } = broker.running
    await Promise.all([coordination.start(), coordination.start()])
    const { groups } = coordination
    await coordination.start()
    expect(coordination.groups).toBe(groups)
    await broker[Symbol.asyncDispose]()
    expect(coordination.groups).toBe(groups)
  })

  test('are not started any more when the node has closed meanwhile', async () => {
    const broker = await BrokerFixture.start(config)
    const starting = broker.running.coordination.start()
    const closing = broker[Symbol.asyncDispose]()
    await expect(starting).rejects.toThrow(CloseConnectionError)
    await closing
    await expect(broker.running.coordination.start()).rejects.toThrow(CloseConnectionError)
  })
})
