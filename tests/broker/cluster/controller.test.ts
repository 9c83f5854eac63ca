import { describe, expect, test } from 'vitest'
import type { NewTopic } from '../../../broker/cluster/controller.ts'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import { NodeFixture } from '../handlers/node-fixture.ts'

const topic = (name: string, more: Partial<NewTopic> = {}): NewTopic => ({
  name,
  numPartitions: 1,
  replicationFactor: 1,
  ...more,
})

function create(fixture: NodeFixture, ...topics: NewTopic[]) {
  return fixture.node.controller.createTopics(topics)
}

describe('the controller', () => {
  test('refuses what Kafka refuses, each for its reason', () => {
    const fixture = new NodeFixture()
    create(fixture, topic('known'), topic('with.dot'))
    const outcomes = create(
      fixture,
      topic('known'),
      topic('with_dot'),
      topic('a b'),
      topic('zero', { numPartitions: 0 }),
      topic('three', { replicationFactor: 3 }),
      topic('none', { replicationFactor: 0 }),
      topic('many', { numPartitions: 10_001 }),
    )
    expect(outcomes.map((outcome) => outcome.errorCode)).toEqual([
      errorCode.topicAlreadyExists,
      errorCode.invalidTopicException,
      errorCode.invalidTopicException,
      errorCode.invalidPartitions,
      errorCode.invalidReplicationFactor,
      errorCode.invalidReplicationFactor,
      errorCode.policyViolation,
    ])
    expect(outcomes[4]?.message).toContain('only 1 broker(s) are registered')
  })

  test('takes manual assignments that make sense', () => {
    const fixture = new NodeFixture()
    const assigned = (name: string, ...assignments: [number, number[]][]) =>
      topic(name, {
        numPartitions: -1,
        replicationFactor: -1,
        assignments: assignments.map(([partition, brokerIds]) => ({ partition, brokerIds })),
      })
    const outcomes = create(
      fixture,
      assigned('good', [1, [0]], [0, [0]]),
      assigned('gap', [0, [0]], [2, [0]]),
      assigned('stranger', [0, [5]]),
      assigned('twice', [0, [0, 0]]),
      assigned('empty', [0, []]),
      { ...assigned('counted', [0, [0]]), numPartitions: 1 },
    )
    expect(outcomes.map((outcome) => outcome.errorCode)).toEqual([
      0,
      errorCode.invalidReplicaAssignment,
      errorCode.invalidReplicaAssignment,
      errorCode.invalidReplicaAssignment,
      errorCode.invalidReplicaAssignment,
      errorCode.invalidRequest,
    ])
    expect(fixture.node.image.topic('good')?.partitions).toHaveLength(2)
  })

  test('what only validates changes nothing', () => {
    const fixture = new NodeFixture()
    const { offset } = fixture.node.image
    fixture.node.controller.createTopics([topic('t')], { validateOnly: true })
    expect(fixture.node.image.topic('t')).toBeUndefined()
    expect(fixture.node.image.offset).toBe(offset)
  })

  test('keeps the internal topics', () => {
    const fixture = new NodeFixture()
    fixture.node.createTopicByName('__consumer_offsets')
    const [outcome] = fixture.node.controller.deleteTopics([{ name: '__consumer_offsets' }])
    expect(outcome?.errorCode).toBe(errorCode.invalidRequest)
  })

  test('what it decided is there after a restart: topics, partitions, configs, deletions', () => {
    const fixture = new NodeFixture()
    create(fixture, topic('kept', { configs: new Map([['retention.ms', '5']]) }), topic('gone'))
    fixture.node.controller.createPartitions([{ name: 'kept', count: 4, assignments: null }])
    const changes = new Map([
      ['retention.ms', null],
      ['segment.bytes', '2000000'],
    ])
    fixture.node.controller.alterConfigs([{ resourceType: 2, resourceName: 'kept', changes }])
    fixture.node.controller.deleteTopics([{ name: 'gone' }])
    const before = fixture.node.image.topic('kept')
    fixture.restart()
    const { image } = fixture.node
    expect(image.topic('kept')).toEqual(before)
    expect(image.topic('gone')).toBeUndefined()
    expect([...image.configs(2, 'kept')]).toEqual([['segment.bytes', '2000000']])
    expect(image.partitionCount).toBe(4)
  })

  test('a restart adds nothing to the metadata log when nothing has changed', () => {
    const fixture = new NodeFixture()
    create(fixture, topic('t'))
    const { offset } = fixture.node.image
    fixture.restart()
    expect(fixture.node.image.offset).toBe(offset)
  })
})
