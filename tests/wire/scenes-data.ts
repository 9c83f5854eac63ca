import { encodeBuffer } from '../../broker/protocol/codec.ts'
import { consumerProtocolSubscription } from '../../broker/protocol/records/consumer-protocol.ts'
import { produceRequest, produceResponse } from '../../broker/protocol/schemas/00-produce.ts'
import { fetchRequest, fetchResponse } from '../../broker/protocol/schemas/01-fetch.ts'
import { listOffsetsRequest, listOffsetsResponse } from '../../broker/protocol/schemas/02-list-offsets.ts'
import { metadataRequest, metadataResponse } from '../../broker/protocol/schemas/03-metadata.ts'
import { offsetCommitRequest, offsetCommitResponse } from '../../broker/protocol/schemas/08-offset-commit.ts'
import { offsetFetchRequest, offsetFetchResponse } from '../../broker/protocol/schemas/09-offset-fetch.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../broker/protocol/schemas/10-find-coordinator.ts'
import { joinGroupRequest, joinGroupResponse } from '../../broker/protocol/schemas/11-join-group.ts'
import { heartbeatRequest, heartbeatResponse } from '../../broker/protocol/schemas/12-heartbeat.ts'
import { leaveGroupRequest, leaveGroupResponse } from '../../broker/protocol/schemas/13-leave-group.ts'
import { syncGroupRequest, syncGroupResponse } from '../../broker/protocol/schemas/14-sync-group.ts'
import {
  describeGroupsRequest,
  describeGroupsResponse,
} from '../../broker/protocol/schemas/15-describe-groups.ts'
import { listGroupsRequest, listGroupsResponse } from '../../broker/protocol/schemas/16-list-groups.ts'
import {
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
} from '../../broker/protocol/schemas/23-offset-for-leader-epoch.ts'
import { deleteGroupsRequest, deleteGroupsResponse } from '../../broker/protocol/schemas/42-delete-groups.ts'
import { offsetDeleteRequest, offsetDeleteResponse } from '../../broker/protocol/schemas/47-offset-delete.ts'
import {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
} from '../../broker/protocol/schemas/68-consumer-group-heartbeat.ts'
import {
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse,
} from '../../broker/protocol/schemas/69-consumer-group-describe.ts'
import { encodeRecordBatch } from '../../broker/records/record-batch-builder.ts'
import { everyVersion, type Stage } from './stage.ts'

const timestampMs = 1_700_000_000_000

function batch(version: number): Buffer {
  const headers = [{ key: 'trace', value: Buffer.from([version]) }]
  const first = { key: `key-${version}`, value: `value of version ${version}`, headers }
  return encodeRecordBatch({ records: [first, { key: null, value: null }], timestampMs })
}

/** Produce, Fetch, ListOffsets, Metadata and OffsetForLeaderEpoch, with an unknown partition in each. */
export async function playRecords(stage: Stage): Promise<void> {
  const { topic, topicId } = stage
  await everyVersion(stage, metadataRequest, metadataResponse, (version) => ({
    topics:
      version < 12 ? [{ name: topic }, { name: 'missing' }] : [{ name: topic }, { name: null, topicId }],
    allowAutoTopicCreation: false,
    includeTopicAuthorizedOperations: true,
  }))
  await everyVersion(stage, produceRequest, produceResponse, (version) => ({
    acks: -1,
    timeoutMs: 5000,
    topicData: [
      {
        name: topic,
        topicId,
        partitionData: [
          { index: 0, records: batch(version) },
          { index: 99, records: batch(version) },
        ],
      },
    ],
  }))
  await everyVersion(stage, fetchRequest, fetchResponse, (version) => ({
    maxWaitMs: 100,
    minBytes: 1,
    maxBytes: 300,
    isolationLevel: version % 2,
    sessionEpoch: version % 3 === 0 ? 0 : -1,
    topics: [
      {
        topic,
        topicId,
        partitions: [
          { partition: 0, fetchOffset: version, partitionMaxBytes: 300 },
          { partition: 1, fetchOffset: 50, partitionMaxBytes: 300 },
        ],
      },
    ],
    forgottenTopicsData: [],
  }))
  await everyVersion(stage, listOffsetsRequest, listOffsetsResponse, (version) => ({
    replicaId: -1,
    topics: [
      {
        name: topic,
        partitions: [
          { partitionIndex: 0, timestamp: [-1, -2, timestampMs, timestampMs + 1][version % 4]! },
          { partitionIndex: 99, timestamp: -1 },
        ],
      },
    ],
    timeoutMs: 1000,
  }))
  await everyVersion(stage, offsetForLeaderEpochRequest, offsetForLeaderEpochResponse, () => ({
    topics: [{ topic, partitions: [0, 99].map((partition) => ({ partition, leaderEpoch: 0 })) }],
  }))
}

function subscription(topic: string): Buffer {
  const version = Buffer.from([0, 1])
  const body = { topics: [topic], userData: null, ownedPartitions: [] }
  return Buffer.concat([version, encodeBuffer(consumerProtocolSubscription, 1, body)])
}

/** A member that joins, syncs, heartbeats and leaves, all in one version of JoinGroup. */
async function playMember(stage: Stage, groupId: string, version: number): Promise<void> {
  const { client, topic } = stage
  const join = (memberId: string) =>
    client.send(joinGroupRequest, joinGroupResponse, version, {
      groupId,
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      memberId,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: subscription(topic) }],
    })
  let joined = await join('')
  if (joined.errorCode !== 0) joined = await join(joined.memberId)
  const member = { groupId, generationId: joined.generationId, memberId: joined.memberId }
  const least = (max: number) => Math.min(version, max)
  // SyncGroup v5 checks the protocol type, which JoinGroup tells only from v7.
  await client.send(syncGroupRequest, syncGroupResponse, version < 7 ? least(4) : 5, {
    ...member,
    protocolType: joined.protocolType,
    protocolName: joined.protocolName,
    assignments: [{ memberId: joined.memberId, assignment: Buffer.from('0000000000000000', 'hex') }],
  })
  await client.send(heartbeatRequest, heartbeatResponse, least(4), member)
  await client.send(describeGroupsRequest, describeGroupsResponse, least(6), { groups: [groupId, 'missing'] })
  await client.send(leaveGroupRequest, leaveGroupResponse, least(5), {
    groupId,
    memberId: joined.memberId,
    members: [{ memberId: joined.memberId, reason: 'the end' }, { memberId: 'missing' }],
  })
}

/** Classic groups: coordinators, members, commits, deletion. */
export async function playGroups(stage: Stage): Promise<void> {
  const { topic, topicId } = stage
  await everyVersion(stage, findCoordinatorRequest, findCoordinatorResponse, () => ({
    key: 'golden',
    keyType: 0,
    coordinatorKeys: ['golden', 'other'],
  }))
  for (let version = 0; version <= joinGroupRequest.versions.max; version++) {
    await playMember(stage, `golden-${version}`, version)
  }
  await everyVersion(stage, offsetCommitRequest, offsetCommitResponse, (version) => ({
    groupId: 'golden-commits',
    memberId: '',
    topics: [
      {
        name: topic,
        topicId,
        partitions: [0, 99].map((partitionIndex) => ({
          partitionIndex,
          committedOffset: version,
          committedMetadata: version % 2 === 0 ? 'a note' : '',
        })),
      },
    ],
  }))
  await everyVersion(stage, offsetFetchRequest, offsetFetchResponse, (version) => ({
    groupId: 'golden-commits',
    topics: version === 5 ? null : [{ name: topic, partitionIndexes: [0, 1] }],
    groups: [
      { groupId: 'golden-commits', topics: [{ name: topic, topicId, partitionIndexes: [0, 1] }] },
      { groupId: 'missing', topics: null },
    ],
  }))
  await everyVersion(stage, listGroupsRequest, listGroupsResponse, () => ({
    statesFilter: ['Empty'],
    typesFilter: [],
  }))
  await everyVersion(stage, offsetDeleteRequest, offsetDeleteResponse, () => ({
    groupId: 'golden-commits',
    topics: [{ name: topic, partitions: [{ partitionIndex: 0 }, { partitionIndex: 1 }] }],
  }))
  await everyVersion(stage, deleteGroupsRequest, deleteGroupsResponse, (version) => ({
    groupsNames: [`golden-${version}`, 'missing'],
  }))
}

/** A member of the consumer protocol, described while it is there. */
export async function playConsumerGroups(stage: Stage): Promise<void> {
  for (const version of [0, 1]) {
    const member = { groupId: `golden-consumer-${version}`, memberId: 'AAAAAAAAAAAAAAAAAAAAAQ' }
    const heartbeat = (memberEpoch: number) =>
      stage.client.send(consumerGroupHeartbeatRequest, consumerGroupHeartbeatResponse, version, {
        ...member,
        memberEpoch,
        rebalanceTimeoutMs: memberEpoch < 0 ? -1 : 5000,
        subscribedTopicNames: memberEpoch < 0 ? null : [stage.topic],
        topicPartitions: memberEpoch < 0 ? null : [],
      })
    const { memberEpoch } = await heartbeat(0)
    await heartbeat(memberEpoch + 7)
    const groupIds = [member.groupId, 'missing']
    await stage.client.send(consumerGroupDescribeRequest, consumerGroupDescribeResponse, version, {
      groupIds,
      includeAuthorizedOperations: true,
    })
    await heartbeat(-1)
  }
}
