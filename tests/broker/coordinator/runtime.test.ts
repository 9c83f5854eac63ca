import { expect, test } from 'vitest'
import { partitionFor } from '../../../broker/coordinator/partition-for.ts'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import { CoordinatorFixture, settle } from './coordinator-fixture.ts'

const admin = { apiVersion: 9, clientId: 'c', clientHost: '/h' }

function commit(fixture: CoordinatorFixture, offset: number) {
  const partitions = [
    { partitionIndex: 0, committedOffset: offset, committedLeaderEpoch: -1, committedMetadata: '' },
  ]
  const topics = [{ topic: 't', topicId: fixture.topicId('t'), partitions }]
  const identity = { groupId: 'g', memberId: '', groupInstanceId: null, generationIdOrMemberEpoch: -1 }
  return fixture.coordinator.commitOffsets({ ...identity, retentionTimeMs: -1, topics }, admin)
}

function fetchAll(fixture: CoordinatorFixture) {
  return fixture.coordinator.fetchOffsets({ groupId: 'g', memberId: null, memberEpoch: -1, topics: null })
}

async function started(): Promise<CoordinatorFixture> {
  const fixture = new CoordinatorFixture()
  await fixture.start()
  fixture.setTopic('t', 1)
  return fixture
}

test('groups lie where Java puts them', () => {
  // A hash of the smallest integer loses its sign bit, and is 0.
  expect(partitionFor('', 50)).toBe(0)
  expect(partitionFor('polygenelubricants', 50)).toBe(0)
  expect(partitionFor('g', 50)).toBe(103 % 50)
})

test('nothing is answered or told before its records are committed', async () => {
  const fixture = await started()
  let isCommitted = () => {}
  fixture.commitWhen = new Promise((resolve) => {
    isCommitted = resolve
  })
  let answer: unknown
  void commit(fixture, 5).then((result) => {
    answer = result
  })
  let read: unknown
  void fetchAll(fixture).then((result) => {
    read = result
  })
  await settle()
  expect([answer, read, fixture.events]).toEqual([undefined, undefined, []])
  isCommitted()
  await settle()
  expect(answer).toMatchObject({ errorCode: errorCode.none })
  expect(read).toMatchObject({ topics: [{ topic: 't', partitions: [{ committedOffset: 5 }] }] })
  expect(fixture.events).toMatchObject([{ kind: 'offsetCommitted', offset: 5 }])
})

test('a commit that fails later undoes what was done, and clients are sent on', async () => {
  const fixture = await started()
  await commit(fixture, 1)
  fixture.commitWhen = Promise.reject(new Error('the partition moved'))
  const answer = commit(fixture, 2)
  fixture.logs.get(fixture.coordinator.partitionFor('g'))!.pop()
  expect(await answer).toMatchObject({ errorCode: errorCode.notCoordinator })
  fixture.commitWhen = undefined
  expect(await fetchAll(fixture)).toMatchObject({ errorCode: errorCode.coordinatorLoadInProgress })
  fixture.clock.advance(1_000)
  await settle()
  expect(await fetchAll(fixture)).toMatchObject({ topics: [{ partitions: [{ committedOffset: 1 }] }] })
})

test('who waits when the partition moves is told so', async () => {
  const fixture = await started()
  fixture.configure('group.initial.rebalance.delay.ms', '3000')
  const join = fixture.coordinator.joinGroup(
    {
      groupId: 'g',
      memberId: '',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      groupInstanceId: null,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
      reason: null,
    },
    { ...admin, apiVersion: 3 },
  )
  await settle()
  fixture.coordinator.resigned(fixture.coordinator.partitionFor('g'))
  expect(await join).toMatchObject({ errorCode: errorCode.notCoordinator })
  expect(await fetchAll(fixture)).toMatchObject({ errorCode: errorCode.notCoordinator })
})

test('records that are no records of ours, or damaged, are passed over', async () => {
  const fixture = await started()
  await commit(fixture, 1)
  const log = fixture.logs.get(fixture.coordinator.partitionFor('g'))!
  const records = [
    { key: null, value: Buffer.from('no key') },
    { key: Buffer.from([0]), value: null },
    { key: Buffer.from([0, 99, 1, 2]), value: Buffer.from([0, 0]) },
    { key: Buffer.from([0, 1, 0, 50]), value: Buffer.from([0, 4]) },
    { key: log[0]!.records[0]!.key, value: Buffer.from([0, 99]) },
    { key: log[0]!.records[0]!.key, value: Buffer.from([9]) },
  ]
  log.push({ baseOffset: 1, records })
  await fixture.restart()
  expect(await fetchAll(fixture)).toMatchObject({ topics: [{ partitions: [{ committedOffset: 1 }] }] })
  expect(fixture.errors).toHaveLength(3)
})
