import { expect, test } from 'vitest'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import { CoordinatorFixture } from './coordinator-fixture.ts'

type Change = { memberEpoch?: number }

function heartbeat(fixture: CoordinatorFixture, memberId: string, { memberEpoch = 0 }: Change = {}) {
  return fixture.coordinator.consumerGroupHeartbeat(
    {
      groupId: 'g',
      memberId,
      memberEpoch,
      instanceId: null,
      rackId: null,
      rebalanceTimeoutMs: 30_000,
      subscribedTopicNames: ['t'],
      subscribedTopicRegex: null,
      serverAssignor: null,
      topicPartitions: [],
    },
    { apiVersion: 1, clientId: 'c', clientHost: '/h' },
  )
}

async function started(): Promise<CoordinatorFixture> {
  const fixture = new CoordinatorFixture()
  fixture.configure('group.consumer.assignment.interval.ms', '0')
  await fixture.start()
  fixture.setTopic('t', 6)
  return fixture
}

const names = ['a', 'b', 'c']

test('members that join together get their shares in one assignment, written in one batch', async () => {
  const fixture = await started()
  const answers = await fixture.together(names.map((name) => () => heartbeat(fixture, name)))
  expect(answers.map(({ memberEpoch }) => memberEpoch)).toEqual([4, 4, 4])
  const given = answers.flatMap(({ assignment }) => assignment!.topicPartitions)
  expect(given.map(({ partitions }) => partitions.length)).toEqual([2, 2, 2])
  expect(new Set(given.flatMap(({ partitions }) => partitions)).size).toBe(6)
  expect(fixture.logs.get(fixture.coordinator.partitionFor('g'))).toHaveLength(1)
  expect(fixture.coordinator.snapshotOf('g')?.state).toBe('Stable')
})

test('requests of one member, and those that take one out, follow upon each other', async () => {
  const fixture = await started()
  const answers = await fixture.together([
    () => heartbeat(fixture, 'a'),
    () => heartbeat(fixture, 'a'),
    () => heartbeat(fixture, 'a', { memberEpoch: -1 }),
    () => heartbeat(fixture, 'b'),
  ])
  expect(answers.map(({ memberEpoch }) => memberEpoch)).toEqual([2, 2, -1, 4])
  expect(fixture.coordinator.snapshotOf('g')?.members).toMatchObject([{ memberId: 'b' }])
})

test('what is wrong with one request is its own affair', async () => {
  const fixture = await started()
  fixture.configure('group.consumer.max.size', '1')
  const answers = await fixture.together([
    () => heartbeat(fixture, 'a'),
    () => heartbeat(fixture, 'b'),
    () => heartbeat(fixture, 'c', { memberEpoch: 5 }),
    () => heartbeat(fixture, 'a', { memberEpoch: 5 }),
  ])
  expect(answers.map((answer) => answer.errorCode)).toEqual([
    errorCode.none,
    errorCode.groupMaxSizeReached,
    errorCode.groupMaxSizeReached,
    errorCode.fencedMemberEpoch,
  ])
  expect(fixture.coordinator.snapshotOf('g')?.members).toMatchObject([{ memberId: 'a' }])
})

test('who waits for others when the partition moves is told so', async () => {
  const fixture = await started()
  const move = () => fixture.coordinator.resigned(fixture.coordinator.partitionFor('g'))
  const answers = await fixture.together(
    names.map((name) => () => heartbeat(fixture, name)),
    move,
  )
  expect(answers.map((answer) => answer.errorCode)).toEqual(names.map(() => errorCode.notCoordinator))
  expect(fixture.errors).toEqual([])
})

test('a batch that the log does not take is refused to all who are in it', async () => {
  const fixture = await started()
  fixture.failWith = errorCode.notLeaderOrFollower
  const answers = await fixture.together(names.map((name) => () => heartbeat(fixture, name)))
  expect(answers.map((answer) => answer.errorCode)).toEqual(names.map(() => errorCode.notCoordinator))
})
