import { offsetCommitRequest } from '../../../../broker/protocol/schemas/08-offset-commit.ts'
import { offsetFetchRequest } from '../../../../broker/protocol/schemas/09-offset-fetch.ts'
import { findCoordinatorRequest } from '../../../../broker/protocol/schemas/10-find-coordinator.ts'
import { joinGroupRequest, joinGroupResponse } from '../../../../broker/protocol/schemas/11-join-group.ts'
import { heartbeatRequest } from '../../../../broker/protocol/schemas/12-heartbeat.ts'
import { leaveGroupRequest } from '../../../../broker/protocol/schemas/13-leave-group.ts'
import { syncGroupRequest } from '../../../../broker/protocol/schemas/14-sync-group.ts'
import { describeGroupsRequest } from '../../../../broker/protocol/schemas/15-describe-groups.ts'
import { listGroupsRequest } from '../../../../broker/protocol/schemas/16-list-groups.ts'
import { deleteGroupsRequest } from '../../../../broker/protocol/schemas/42-delete-groups.ts'
import { offsetDeleteRequest } from '../../../../broker/protocol/schemas/47-offset-delete.ts'
import { consumerGroupHeartbeatRequest } from '../../../../broker/protocol/schemas/68-consumer-group-heartbeat.ts'
import { consumerGroupDescribeRequest } from '../../../../broker/protocol/schemas/69-consumer-group-describe.ts'
import { type ApiCase, apiCase } from './api-case.ts'
import { assignment, type Stage, sessionTimeoutMs, subscription } from './stage.ts'

type Group = { group: string; topic: string; topicId: string; memberId: string; generationId: number }

/** Made once for all cases of this file, by side. */
const sharedTopic = 'of-groups'
const sharedTopics = new WeakMap<object, Promise<string>>()

function topicOf(stage: Stage): Promise<string> {
  const made = sharedTopics.get(stage.names) ?? stage.topic(sharedTopic, { partitions: 2, records: 3 })
  sharedTopics.set(stage.names, made)
  return made
}

async function stableGroup(stage: Stage): Promise<Group> {
  const topicId = await topicOf(stage)
  const member = await stage.member(stage.key, sharedTopic)
  return { group: stage.key, topic: sharedTopic, topicId, ...member }
}

const committedGroup = async (stage: Stage) => {
  const topicId = await topicOf(stage)
  await stage.commit(stage.key, sharedTopic)
  return { group: stage.key, topic: sharedTopic, topicId }
}

const commitOf = ({ group, topic, topicId, memberId, generationId }: Group, more = {}) => ({
  groupId: group,
  memberId,
  generationIdOrMemberEpoch: generationId,
  topics: [
    {
      name: topic,
      topicId,
      partitions: [{ partitionIndex: 0, committedOffset: 2, committedMetadata: 'a note' }],
    },
  ],
  ...more,
})

const joinOf = (
  { group, topic, memberId }: { group: string; topic: string; memberId: string },
  more = {},
) => ({
  groupId: group,
  sessionTimeoutMs,
  rebalanceTimeoutMs: sessionTimeoutMs,
  memberId,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: subscription(topic) }],
  ...more,
})

/** From v4 the broker asks a new member to come back with the id that it gives it (KIP-394). */
async function aboutToJoin(stage: Stage) {
  await topicOf(stage)
  const place = { group: stage.key, topic: sharedTopic, memberId: '' }
  if (stage.version < 4) return place
  const asked = await stage.client.send(joinGroupRequest, joinGroupResponse, stage.version, joinOf(place))
  stage.names.set(asked.memberId, `member of ${stage.key}`)
  return { ...place, memberId: asked.memberId }
}

const beatOf = ({ group, topic }: { group: string; topic: string }, more = {}) => ({
  groupId: group,
  memberId: 'bWVtYmVybWVtYmVybWVtYg',
  memberEpoch: 0,
  rebalanceTimeoutMs: 300_000,
  subscribedTopicNames: [topic],
  topicPartitions: [],
  ...more,
})

/** Classic and consumer groups and their offsets. */
export const groupCases: readonly ApiCase[] = [
  apiCase(offsetCommitRequest, {
    arrange: stableGroup,
    base: (group) => commitOf(group),
    valid: {
      'by nobody in particular': (group) =>
        commitOf({ ...group, group: `${group.group}-alone`, memberId: '', generationId: -1 }),
    },
    edge: {
      'the longest note': (group) =>
        commitOf(group, {
          topics: [
            {
              name: group.topic,
              topicId: group.topicId,
              partitions: [{ partitionIndex: 0, committedOffset: 2, committedMetadata: 'x'.repeat(4_096) }],
            },
          ],
        }),
    },
    broken: {
      'a note too long': (group) =>
        commitOf(group, {
          topics: [
            {
              name: group.topic,
              topicId: group.topicId,
              partitions: [{ partitionIndex: 0, committedOffset: 2, committedMetadata: 'x'.repeat(4_097) }],
            },
          ],
        }),
    },
  }),
  apiCase(offsetFetchRequest, {
    arrange: committedGroup,
    isReading: true,
    base: ({ group, topic, topicId }) => ({
      groupId: group,
      topics: [{ name: topic, partitionIndexes: [0, 1] }],
      groups: [{ groupId: group, topics: [{ name: topic, topicId, partitionIndexes: [0, 1] }] }],
    }),
  }),
  apiCase(findCoordinatorRequest, {
    isReading: true,
    base: () => ({ key: 'some-group', keyType: 0, coordinatorKeys: ['some-group'] }),
    valid: {
      'of transactions': [1, () => ({ key: 'some-id', keyType: 1, coordinatorKeys: ['some-id', 'other'] })],
    },
    broken: {
      'of share groups': [
        1,
        () => ({ key: 'g:AAAAAAAAAAAAAAAAAAAAAA:0', keyType: 2, coordinatorKeys: ['x'] }),
      ],
    },
  }),
  apiCase(joinGroupRequest, {
    arrange: aboutToJoin,
    // Kafka fails inside and never answers.
    without: /protocols twice/,
    isConsumed: true,
    base: (place) => joinOf(place),
    valid: {
      'a static member': [5, (place) => joinOf({ ...place, memberId: '' }, { groupInstanceId: 'one' })],
    },
    edge: {
      'two protocols': (place) =>
        joinOf(place, {
          protocols: [
            { name: 'range', metadata: subscription(place.topic) },
            { name: 'roundrobin', metadata: subscription(place.topic) },
          ],
        }),
    },
    broken: {
      'a session too short': (place) => joinOf(place, { sessionTimeoutMs: 5_999 }),
      'a session too long': (place) => joinOf(place, { sessionTimeoutMs: 1_800_001 }),
    },
  }),
  apiCase(heartbeatRequest, {
    arrange: stableGroup,
    base: ({ group, memberId, generationId }) => ({ groupId: group, memberId, generationId }),
  }),
  apiCase(leaveGroupRequest, {
    arrange: stableGroup,
    isConsumed: true,
    base: ({ group, memberId }) => ({ groupId: group, memberId, members: [{ memberId, reason: 'the end' }] }),
    broken: {
      'a stranger beside a member': [
        3,
        ({ group, memberId }) => ({ groupId: group, members: [{ memberId: 'stranger' }, { memberId }] }),
      ],
    },
  }),
  apiCase(syncGroupRequest, {
    arrange: async (stage) => {
      const topicId = await topicOf(stage)
      return {
        group: stage.key,
        topic: sharedTopic,
        topicId,
        ...(await stage.joined(stage.key, sharedTopic)),
      }
    },
    isConsumed: true,
    base: ({ group, topic, memberId, generationId }) => ({
      groupId: group,
      generationId,
      memberId,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments: [{ memberId, assignment: assignment(topic) }],
    }),
  }),
  apiCase(describeGroupsRequest, {
    arrange: stableGroup,
    isReading: true,
    base: ({ group }) => ({ groups: [group], includeAuthorizedOperations: false }),
    edge: {
      'two, one unknown': ({ group }) => ({ groups: [group, 'unknown'], includeAuthorizedOperations: false }),
    },
  }),
  apiCase(listGroupsRequest, {
    arrange: stableGroup,
    isReading: true,
    base: () => ({ statesFilter: ['Stable'], typesFilter: ['classic'] }),
    edge: {
      all: () => ({ statesFilter: [], typesFilter: [] }),
      'in capitals': () => ({ statesFilter: ['STABLE'], typesFilter: ['CLASSIC'] }),
      'dead ones': () => ({ statesFilter: ['Dead', 'Empty'], typesFilter: ['consumer'] }),
    },
    own: { groups: ({ groupId }, key) => groupId === key },
  }),
  apiCase(deleteGroupsRequest, {
    arrange: committedGroup,
    isConsumed: true,
    base: ({ group }) => ({ groupsNames: [group] }),
    edge: { 'one that is there and one that is not': ({ group }) => ({ groupsNames: [group, 'unknown'] }) },
  }),
  apiCase(offsetDeleteRequest, {
    arrange: committedGroup,
    isConsumed: true,
    base: ({ group, topic }) => ({
      groupId: group,
      topics: [{ name: topic, partitions: [{ partitionIndex: 0 }] }],
    }),
    edge: {
      'a partition without an offset': ({ group, topic }) => ({
        groupId: group,
        topics: [{ name: topic, partitions: [{ partitionIndex: 1 }] }],
      }),
    },
  }),
  apiCase(consumerGroupHeartbeatRequest, {
    arrange: async (stage) => {
      const topicId = await topicOf(stage)
      return { group: stage.key, topic: sharedTopic, topicId }
    },
    isConsumed: true,
    base: (place) => beatOf(place),
    valid: {
      'a static member': (place) => beatOf(place, { instanceId: 'one', rackId: 'rack' }),
      'with an assignor': (place) => beatOf(place, { serverAssignor: 'range' }),
    },
    edge: {
      'by a pattern': [
        1,
        (place) => beatOf(place, { subscribedTopicNames: null, subscribedTopicRegex: 'of-g.*' }),
      ],
    },
    broken: {
      'a pattern that is none': [
        1,
        (place) => beatOf(place, { subscribedTopicNames: null, subscribedTopicRegex: '(' }),
      ],
      'leaving a group that is not there': (place) => beatOf(place, { memberEpoch: -1 }),
      'owning what it was not given': (place) =>
        beatOf(place, { topicPartitions: [{ topicId: place.topicId, partitions: [0] }] }),
    },
  }),
  apiCase(consumerGroupDescribeRequest, {
    arrange: async (stage) => {
      const topicId = await topicOf(stage)
      await stage.consumer(stage.key, 'ZGVzY3JpYmVkZGVzY3JpYg', sharedTopic)
      return { group: stage.key, topicId }
    },
    isReading: true,
    base: ({ group }) => ({ groupIds: [group], includeAuthorizedOperations: false }),
    edge: {
      'two, one unknown': ({ group }) => ({
        groupIds: [group, 'unknown'],
        includeAuthorizedOperations: true,
      }),
    },
  }),
]
