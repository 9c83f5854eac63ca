import { describe, expect, test } from 'vitest'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import {
  deleteTopicsRequest,
  deleteTopicsResponse,
} from '../../../broker/protocol/schemas/20-delete-topics.ts'
import { NodeFixture } from './node-fixture.ts'

const zero = 'AAAAAAAAAAAAAAAAAAAAAA'
const unknownId = 'p5l4BigWQ76Hnu2TLAn6RA'

function withTopics(names: string[], config?: Record<string, string>) {
  const fixture = new NodeFixture(config)
  fixture.node.controller.createTopics(
    names.map((name) => ({
      name,
      numPartitions: 2,
      replicationFactor: 1,
      configs: new Map([['retention.ms', '1']]),
    })),
  )
  return fixture
}

function remove(fixture: NodeFixture, topics: { name: string | null; topicId: string }[]) {
  return fixture.ask(deleteTopicsRequest, deleteTopicsResponse, 6, { topics, timeoutMs: 1000 })
}

const byName = (name: string) => ({ name, topicId: zero })
const byId = (topicId: string) => ({ name: null, topicId })

describe('DeleteTopics', () => {
  test.each([1, 2, 3, 4, 5])('v%i deletes by name', async (version) => {
    const fixture = withTopics(['a', 'b'])
    const { responses } = await fixture.ask(deleteTopicsRequest, deleteTopicsResponse, version, {
      topicNames: ['a', 'nope'],
      timeoutMs: 1000,
    })
    expect(responses).toMatchObject([
      { name: 'a', errorCode: 0 },
      { name: 'nope', errorCode: errorCode.unknownTopicOrPartition },
    ])
    expect(fixture.node.image.topics().map(({ name }) => name)).toEqual(['b'])
  })

  test('v6 deletes by name and by id', async () => {
    const fixture = withTopics(['a', 'b'])
    const id = (name: string) => fixture.node.image.topic(name)!.topicId
    const [a, b] = [id('a'), id('b')]
    const { responses } = await remove(fixture, [byName('a'), byId(b), byId(unknownId)])
    expect(responses).toEqual([
      { name: 'a', topicId: a, errorCode: 0, errorMessage: null },
      { name: 'b', topicId: b, errorCode: 0, errorMessage: null },
      {
        name: null,
        topicId: unknownId,
        errorCode: errorCode.unknownTopicId,
        errorMessage: expect.any(String),
      },
    ])
    expect(fixture.node.image.topicCount).toBe(0)
    expect(fixture.node.partition('a', 0)).toBeUndefined()
  })

  test('a new topic of that name starts with a new id and without the old configs', async () => {
    const fixture = withTopics(['a'])
    const { topicId } = fixture.node.image.topic('a')!
    await remove(fixture, [byName('a')])
    fixture.node.controller.createTopics([{ name: 'a', numPartitions: 1, replicationFactor: 1 }])
    expect(fixture.node.image.topic('a')!.topicId).not.toBe(topicId)
    expect(fixture.node.topicConfig('a')['retention.ms']).toBe(604_800_000)
    fixture.restart()
    expect(fixture.node.topicConfig('a')['retention.ms']).toBe(604_800_000)
  })

  test('refuses what is there twice, in either form, once', async () => {
    const fixture = withTopics(['a', 'b', 'c'])
    const b = fixture.node.image.topic('b')!.topicId
    const c = fixture.node.image.topic('c')!.topicId
    const { responses } = await remove(fixture, [
      ...[byName('a'), byName('a'), byId(b), byId(b), byName('c'), byId(c)],
      ...[byId(zero), { name: 'a', topicId: b }],
    ])
    expect(responses.map(({ name, errorCode: code }) => [name, code])).toEqual([
      ['a', errorCode.invalidRequest],
      [null, errorCode.invalidRequest],
      ['c', errorCode.invalidRequest],
      [null, errorCode.invalidRequest],
      ['a', errorCode.invalidRequest],
    ])
    expect(fixture.node.image.topicCount).toBe(3)
  })

  test.each([
    [2, errorCode.invalidRequest],
    [3, errorCode.topicDeletionDisabled],
  ])('v%i with delete.topic.enable=false answers %i', async (version, code) => {
    const fixture = withTopics(['a'], { 'delete.topic.enable': 'false' })
    const { responses } = await fixture.ask(deleteTopicsRequest, deleteTopicsResponse, version, {
      topicNames: ['a'],
      timeoutMs: 1000,
    })
    expect(responses).toMatchObject([{ name: 'a', errorCode: code }])
    expect(fixture.node.image.topicCount).toBe(1)
  })
})
