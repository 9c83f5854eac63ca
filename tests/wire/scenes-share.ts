import type { WireClient } from '../../broker/protocol/client.ts'
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../broker/protocol/schemas/44-incremental-alter-configs.ts'
import {
  shareGroupHeartbeatRequest,
  shareGroupHeartbeatResponse,
} from '../../broker/protocol/schemas/76-share-group-heartbeat.ts'
import {
  shareGroupDescribeRequest,
  shareGroupDescribeResponse,
} from '../../broker/protocol/schemas/77-share-group-describe.ts'
import { shareFetchRequest, shareFetchResponse } from '../../broker/protocol/schemas/78-share-fetch.ts'
import {
  shareAcknowledgeRequest,
  shareAcknowledgeResponse,
} from '../../broker/protocol/schemas/79-share-acknowledge.ts'
import {
  streamsGroupHeartbeatRequest,
  streamsGroupHeartbeatResponse,
} from '../../broker/protocol/schemas/88-streams-group-heartbeat.ts'
import {
  streamsGroupDescribeRequest,
  streamsGroupDescribeResponse,
} from '../../broker/protocol/schemas/89-streams-group-describe.ts'
import {
  describeShareGroupOffsetsRequest,
  describeShareGroupOffsetsResponse,
} from '../../broker/protocol/schemas/90-describe-share-group-offsets.ts'
import {
  alterShareGroupOffsetsRequest,
  alterShareGroupOffsetsResponse,
} from '../../broker/protocol/schemas/91-alter-share-group-offsets.ts'
import {
  deleteShareGroupOffsetsRequest,
  deleteShareGroupOffsetsResponse,
} from '../../broker/protocol/schemas/92-delete-share-group-offsets.ts'
import { untilAnswers } from '../support/child.ts'
import { everyVersion, type Stage } from './stage.ts'

const groupResource = 32
const groupId = 'golden-share'
const memberId = 'AAAAAAAAAAAAAAAAAAAAAg'

/** A member of a share group that joins, fetches, acknowledges and leaves. */
export async function playShareGroups(stage: Stage): Promise<void> {
  const { topic, topicId } = stage
  const beat = (client: WireClient, memberEpoch: number) =>
    client.send(shareGroupHeartbeatRequest, shareGroupHeartbeatResponse, 1, {
      groupId,
      memberId,
      memberEpoch,
      subscribedTopicNames: memberEpoch < 0 ? null : [topic],
    })
  const configs = [{ name: 'share.auto.offset.reset', configOperation: 0, value: 'earliest' }]
  await stage.unrecorded.send(incrementalAlterConfigsRequest, incrementalAlterConfigsResponse, 1, {
    resources: [{ resourceType: groupResource, resourceName: groupId, configs }],
    validateOnly: false,
  })
  let { memberEpoch } = await beat(stage.client, 0)
  await untilAnswers(
    async () => {
      const answer = await beat(stage.unrecorded, memberEpoch)
      memberEpoch = answer.memberEpoch
      return answer.assignment?.topicPartitions.length ? true : undefined
    },
    { timeoutMs: 30_000, intervalMs: 200 },
  )
  await beat(stage.client, memberEpoch)
  await everyVersion(stage, shareFetchRequest, shareFetchResponse, (version) => ({
    groupId,
    memberId,
    shareSessionEpoch: version - 1,
    maxWaitMs: 100,
    minBytes: 1,
    maxRecords: 2,
    batchSize: 2,
    topics: [{ topicId, partitions: [{ partitionIndex: 0, acknowledgementBatches: [] }] }],
    forgottenTopicsData: [],
  }))
  await everyVersion(stage, shareAcknowledgeRequest, shareAcknowledgeResponse, (version) => ({
    groupId,
    memberId,
    shareSessionEpoch: version + 1,
    topics: [
      {
        topicId,
        partitions: [
          {
            partitionIndex: 0,
            acknowledgementBatches: [
              { firstOffset: version - 1, lastOffset: version - 1, acknowledgeTypes: [1] },
            ],
          },
        ],
      },
    ],
  }))
  await everyVersion(stage, shareGroupDescribeRequest, shareGroupDescribeResponse, () => ({
    groupIds: [groupId, 'missing'],
    includeAuthorizedOperations: false,
  }))
  await everyVersion(stage, describeShareGroupOffsetsRequest, describeShareGroupOffsetsResponse, () => ({
    groups: [{ groupId, topics: [{ topicName: topic, partitions: [0, 99] }] }],
  }))
  await beat(stage.client, -1)
  await everyVersion(stage, alterShareGroupOffsetsRequest, alterShareGroupOffsetsResponse, () => ({
    groupId,
    topics: [{ topicName: topic, partitions: [{ partitionIndex: 0, startOffset: 1 }] }],
  }))
  await everyVersion(stage, deleteShareGroupOffsetsRequest, deleteShareGroupOffsetsResponse, () => ({
    groupId,
    topics: [{ topicName: topic }, { topicName: 'missing' }],
  }))
}

/** A member of a streams group with one subtopology. */
export async function playStreamsGroups(stage: Stage): Promise<void> {
  const subtopology = {
    subtopologyId: '0',
    sourceTopics: [stage.topic],
    sourceTopicRegex: [],
    stateChangelogTopics: [],
    repartitionSinkTopics: [],
    repartitionSourceTopics: [],
    copartitionGroups: [],
  }
  const member = { groupId: 'golden-streams', memberId: 'AAAAAAAAAAAAAAAAAAAAAw' }
  const tasks = { activeTasks: [], standbyTasks: [], warmupTasks: [] }
  await everyVersion(stage, streamsGroupHeartbeatRequest, streamsGroupHeartbeatResponse, () => ({
    ...member,
    memberEpoch: 0,
    endpointInformationEpoch: 0,
    rebalanceTimeoutMs: 5000,
    topology: { epoch: 1, subtopologies: [subtopology] },
    ...tasks,
    processId: 'process',
    userEndpoint: { host: 'localhost', port: 50_000 },
    clientTags: [{ key: 'zone', value: 'a' }],
  }))
  await everyVersion(stage, streamsGroupDescribeRequest, streamsGroupDescribeResponse, () => ({
    groupIds: [member.groupId, 'missing'],
    includeAuthorizedOperations: false,
  }))
}
