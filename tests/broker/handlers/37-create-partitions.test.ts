import { beforeEach, describe, expect, test } from 'vitest'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import {
  createPartitionsRequest,
  createPartitionsResponse,
} from '../../../broker/protocol/schemas/37-create-partitions.ts'
import { NodeFixture } from './node-fixture.ts'

let fixture: NodeFixture

beforeEach(() => {
  fixture = new NodeFixture()
  fixture.node.controller.createTopics([{ name: 't', numPartitions: 2, replicationFactor: 1 }])
})

type Growth = { name: string; count: number; assignments?: { brokerIds: number[] }[] }

function grow(topics: Growth[], { validateOnly = false, version = 3 } = {}) {
  return fixture
    .ask(createPartitionsRequest, createPartitionsResponse, version, {
      topics: topics.map((topic) => ({ assignments: null, ...topic })),
      timeoutMs: 1000,
      validateOnly,
    })
    .then(({ results }) => results)
}

const count = () => fixture.node.image.topic('t')!.partitions.length

describe('CreatePartitions', () => {
  test.each([0, 1, 2, 3])(
    'v%i adds partitions, which are there at once and after a restart',
    async (version) => {
      expect(await grow([{ name: 't', count: 5 }], { version })).toEqual([
        { name: 't', errorCode: 0, errorMessage: null },
      ])
      expect(count()).toBe(5)
      expect(fixture.node.partition('t', 4)?.logEndOffset).toBe(0)
      fixture.restart()
      expect(count()).toBe(5)
      expect(fixture.node.partition('t', 4)?.logEndOffset).toBe(0)
    },
  )

  test('only validates when asked to', async () => {
    expect(await grow([{ name: 't', count: 5 }], { validateOnly: true })).toMatchObject([{ errorCode: 0 }])
    expect(count()).toBe(2)
  })

  test.each<[number, { brokerIds: number[] }[] | undefined, number]>([
    [2, undefined, errorCode.invalidPartitions],
    [1, undefined, errorCode.invalidPartitions],
    [-1, undefined, errorCode.invalidPartitions],
    [3, [], errorCode.invalidReplicaAssignment],
    [3, [{ brokerIds: [7] }], errorCode.invalidReplicaAssignment],
    [3, [{ brokerIds: [0] }, { brokerIds: [0] }], errorCode.invalidReplicaAssignment],
    [3, [{ brokerIds: [0] }], 0],
  ])('to %i with %j answers %i', async (total, assignments, code) => {
    const results = await grow([{ name: 't', count: total, ...(assignments ? { assignments } : {}) }])
    expect(results).toMatchObject([{ errorCode: code }])
    expect(count()).toBe(code === 0 ? total : 2)
  })

  test('refuses unknown topics, and one that is there twice', async () => {
    const results = await grow([
      { name: 'nope', count: 3 },
      { name: 't', count: 3 },
      { name: 't', count: 4 },
    ])
    expect(Object.fromEntries(results.map(({ name, errorCode: code }) => [name, code]))).toEqual({
      nope: errorCode.unknownTopicOrPartition,
      t: errorCode.invalidRequest,
    })
    expect(count()).toBe(2)
  })
})
