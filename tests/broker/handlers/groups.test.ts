import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import { heartbeatRequest, heartbeatResponse } from '../../../broker/protocol/schemas/12-heartbeat.ts'
import { leaveGroupRequest, leaveGroupResponse } from '../../../broker/protocol/schemas/13-leave-group.ts'
import {
  describeGroupsRequest,
  describeGroupsResponse,
} from '../../../broker/protocol/schemas/15-describe-groups.ts'
import { listGroupsRequest, listGroupsResponse } from '../../../broker/protocol/schemas/16-list-groups.ts'
import {
  deleteGroupsRequest,
  deleteGroupsResponse,
} from '../../../broker/protocol/schemas/42-delete-groups.ts'
import {
  offsetDeleteRequest,
  offsetDeleteResponse,
} from '../../../broker/protocol/schemas/47-offset-delete.ts'
import {
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse,
} from '../../../broker/protocol/schemas/69-consumer-group-describe.ts'
import { GroupFixture } from './group-fixture.ts'

let fixture: GroupFixture
beforeAll(async () => {
  fixture = await GroupFixture.start()
})
afterAll(() => fixture[Symbol.asyncDispose]())

const versions = (min: number, max: number) =>
  Array.from({ length: max - min + 1 }, (_, index) => min + index)

describe('FindCoordinator', () => {
  test.each(versions(0, 6))('v%i finds this broker', async (version) => {
    const answer = await fixture.findCoordinator(version, 'some group')
    const found = version >= 4 ? answer.coordinators[0]! : answer
    expect(found).toMatchObject({ errorCode: 0, nodeId: 0, host: '127.0.0.1', port: fixture.broker.port })
  })
})

describe('JoinGroup, SyncGroup, Heartbeat, LeaveGroup', () => {
  test.each(versions(0, 9))('JoinGroup v%i', async (version) => {
    const groupId = `join-${version}`
    const first = await fixture.join(version, groupId)
    if (version >= 4) expect(first.errorCode).toBe(errorCode.memberIdRequired)
    const joined = version >= 4 ? await fixture.join(version, groupId, first.memberId) : first
    expect(joined).toMatchObject({
      errorCode: 0,
      generationId: 1,
      protocolName: 'range',
      leader: joined.memberId,
    })
    expect(joined.members).toHaveLength(1)
    if (version >= 7) expect(joined.protocolType).toBe('consumer')
  })

  test.each(versions(0, 5))('SyncGroup v%i', async (version) => {
    const { memberId, generationId } = await fixture.join(3, `sync-${version}`)
    const synced = await fixture.sync(version, `sync-${version}`, memberId, generationId)
    expect(synced.errorCode).toBe(0)
    expect(synced.assignment.length).toBeGreaterThan(0)
  })

  test.each(versions(0, 4))('Heartbeat v%i', async (version) => {
    const groupId = `heartbeat-${version}`
    const { memberId, generationId } = await fixture.stableGroup(groupId)
    const beat = (id: string) =>
      fixture.client.send(heartbeatRequest, heartbeatResponse, version, {
        groupId,
        memberId: id,
        generationId,
      })
    expect(await beat(memberId)).toMatchObject({ errorCode: 0 })
    expect(await beat('ghost')).toMatchObject({ errorCode: errorCode.unknownMemberId })
  })

  test.each(versions(0, 5))('LeaveGroup v%i', async (version) => {
    const groupId = `leave-${version}`
    const { memberId } = await fixture.stableGroup(groupId)
    const leave = () =>
      fixture.client.send(leaveGroupRequest, leaveGroupResponse, version, {
        groupId,
        ...(version >= 3 ? { members: [{ memberId }] } : { memberId }),
      })
    expect(await leave()).toMatchObject({ errorCode: 0 })
    const again = await leave()
    const code = version >= 3 ? again.members[0]?.errorCode : again.errorCode
    expect(code).toBe(errorCode.unknownMemberId)
  })
})

describe('OffsetCommit, OffsetFetch, OffsetDelete', () => {
  test.each(versions(2, 10))('OffsetCommit v%i', async (version) => {
    const { topics } = await fixture.commit(version, `commit-${version}`, 5)
    const unknown = version >= 10 ? errorCode.unknownTopicId : errorCode.unknownTopicOrPartition
    expect(topics.map(({ partitions }) => partitions.map((one) => one.errorCode))).toEqual([
      [0, errorCode.unknownTopicOrPartition],
      [unknown],
    ])
    expect((await fixture.fetch(8, `commit-${version}`)).groups[0]?.topics[0]?.partitions[0]).toEqual({
      partitionIndex: 0,
      committedOffset: 5,
      committedLeaderEpoch: version >= 6 ? 0 : -1,
      metadata: 'text',
      errorCode: 0,
    })
  })

  test.each(versions(1, 10))('OffsetFetch v%i', async (version) => {
    await fixture.commit(9, 'fetch', 9)
    const answer = await fixture.fetch(version, 'fetch')
    const topic = version >= 8 ? answer.groups[0]!.topics[0]! : answer.topics[0]!
    expect(topic.partitions.map(({ committedOffset }) => committedOffset)).toEqual([9, -1])
    if (version >= 10) expect(topic).toMatchObject({ topicId: fixture.topicId })
    if (version < 2) return
    const all = await fixture.fetch(version, 'fetch', true)
    const found = version >= 8 ? all.groups[0]!.topics : all.topics
    expect(found.map(({ partitions }) => partitions.map(({ committedOffset }) => committedOffset))).toEqual([
      [9],
    ])
  })

  test('OffsetDelete', async () => {
    await fixture.commit(9, 'offset-delete', 9)
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0 }, { partitionIndex: 9 }] }]
    const answer = await fixture.client.send(offsetDeleteRequest, offsetDeleteResponse, 0, {
      groupId: 'offset-delete',
      topics,
    })
    expect(answer.topics[0]?.partitions.map((one) => one.errorCode)).toEqual([
      errorCode.unknownTopicOrPartition,
      0,
    ])
    expect((await fixture.fetch(8, 'offset-delete', true)).groups[0]?.topics).toEqual([])
  })
})

describe('DescribeGroups, ListGroups, DeleteGroups', () => {
  test.each(versions(0, 6))('DescribeGroups v%i', async (version) => {
    const groupId = `describe-${version}`
    const { memberId } = await fixture.stableGroup(groupId)
    const { groups } = await fixture.client.send(describeGroupsRequest, describeGroupsResponse, version, {
      groups: [groupId, 'none'],
      includeAuthorizedOperations: version >= 3,
    })
    expect(groups[0]).toMatchObject({
      errorCode: 0,
      groupState: 'Stable',
      protocolType: 'consumer',
      protocolData: 'range',
    })
    expect(groups[0]?.members).toMatchObject([
      { memberId, clientId: 'wire-client', clientHost: '/127.0.0.1' },
    ])
    expect(groups[1]).toMatchObject({
      errorCode: version >= 6 ? errorCode.groupIdNotFound : 0,
      groupState: 'Dead',
    })
  })

  test.each(versions(0, 5))('ListGroups v%i', async (version) => {
    await fixture.stableGroup(`listed-${version}`)
    const filters = {
      ...(version >= 4 ? { statesFilter: ['stable'] } : {}),
      ...(version >= 5 ? { typesFilter: ['classic'] } : {}),
    }
    const { groups } = await fixture.client.send(listGroupsRequest, listGroupsResponse, version, filters)
    const listed = groups.find(({ groupId }) => groupId === `listed-${version}`)
    expect(listed).toMatchObject({ protocolType: 'consumer' })
    if (version >= 4) expect(listed?.groupState).toBe('Stable')
    if (version >= 5) expect(listed?.groupType).toBe('classic')
  })

  test.each(versions(0, 2))('DeleteGroups v%i', async (version) => {
    await fixture.stableGroup(`busy-${version}`)
    await fixture.commit(9, `idle-${version}`, 1)
    const { results } = await fixture.client.send(deleteGroupsRequest, deleteGroupsResponse, version, {
      groupsNames: [`busy-${version}`, `idle-${version}`, 'none'],
    })
    expect(results.map((one) => one.errorCode)).toEqual([
      errorCode.nonEmptyGroup,
      0,
      errorCode.groupIdNotFound,
    ])
  })
})

describe('ConsumerGroupHeartbeat, ConsumerGroupDescribe', () => {
  test.each([0, 1])('v%i', async (version) => {
    const groupId = `consumer-${version}`
    const joined = await fixture.beat(version, groupId, version === 0 ? '' : 'my-own-id')
    expect(joined).toMatchObject({ errorCode: 0, memberEpoch: 2, heartbeatIntervalMs: 5000 })
    expect(joined.assignment?.topicPartitions).toEqual([{ topicId: fixture.topicId, partitions: [0, 1] }])
    if (version === 1) expect(joined.memberId).toBe('my-own-id')
    const memberId = joined.memberId!
    const { groups } = await fixture.client.send(
      consumerGroupDescribeRequest,
      consumerGroupDescribeResponse,
      version,
      {
        groupIds: [groupId, 'none'],
        includeAuthorizedOperations: false,
      },
    )
    expect(groups[0]).toMatchObject({ errorCode: 0, groupState: 'Stable', groupEpoch: 2, assignmentEpoch: 2 })
    expect(groups[0]?.members).toMatchObject([
      { memberId, memberEpoch: 2, assignment: { topicPartitions: [{ topicName: 't', partitions: [0, 1] }] } },
    ])
    expect(groups[1]?.errorCode).toBe(errorCode.groupIdNotFound)
    expect(await fixture.beat(version, groupId, memberId, -1)).toMatchObject({
      errorCode: 0,
      memberEpoch: -1,
    })
  })
})

test('groups and offsets outlive the broker', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'groups-'))
  try {
    const member = await (async () => {
      await using first = await GroupFixture.start(dataDir)
      const stable = await first.stableGroup('classic')
      await first.commit(9, 'classic', 42, stable)
      await first.beat(1, 'consumer', 'm')
      return stable
    })()
    await using second = await GroupFixture.start(dataDir)
    const beat = { groupId: 'classic', ...member }
    expect(await second.client.send(heartbeatRequest, heartbeatResponse, 4, beat)).toMatchObject({
      errorCode: 0,
    })
    expect((await second.fetch(8, 'classic')).groups[0]?.topics[0]?.partitions[0]?.committedOffset).toBe(42)
    expect(await second.beat(1, 'consumer', 'm', 2)).toMatchObject({ errorCode: 0, memberEpoch: 2 })
  } finally {
    rmSync(dataDir, { recursive: true })
  }
})
