import { encodeAssignment, encodeSubscription } from '../../../broker/coordinator/group/consumer-protocol.ts'
import { type Broker, startBroker } from '../../../broker/index.ts'
import { WireClient } from '../../../broker/protocol/client.ts'
import { zeroUuid } from '../../../broker/protocol/reader.ts'
import { metadataRequest, metadataResponse } from '../../../broker/protocol/schemas/03-metadata.ts'
import {
  offsetCommitRequest,
  offsetCommitResponse,
} from '../../../broker/protocol/schemas/08-offset-commit.ts'
import { offsetFetchRequest, offsetFetchResponse } from '../../../broker/protocol/schemas/09-offset-fetch.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../../broker/protocol/schemas/10-find-coordinator.ts'
import { joinGroupRequest, joinGroupResponse } from '../../../broker/protocol/schemas/11-join-group.ts'
import { syncGroupRequest, syncGroupResponse } from '../../../broker/protocol/schemas/14-sync-group.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../../broker/protocol/schemas/19-create-topics.ts'
import {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
} from '../../../broker/protocol/schemas/68-consumer-group-heartbeat.ts'

const config = { 'offsets.topic.num.partitions': '3', 'group.consumer.assignment.interval.ms': '0' }

/** A broker with one topic of two partitions, and a connection to it that speaks any version. */
export class GroupFixture implements AsyncDisposable {
  readonly broker: Broker
  readonly client: WireClient
  readonly topicId: string

  private constructor(broker: Broker, client: WireClient, topicId: string) {
    this.broker = broker
    this.client = client
    this.topicId = topicId
  }

  static async start(dataDir?: string): Promise<GroupFixture> {
    const folder = dataDir === undefined ? {} : { dataDir }
    const broker = await startBroker({ port: 0, thread: false, config, ...folder })
    const client = await WireClient.connect({ port: broker.port })
    const topic = { name: 't', numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] }
    await client.send(createTopicsRequest, createTopicsResponse, 7, { topics: [topic], timeoutMs: 5_000 })
    const fixture = new GroupFixture(broker, client, await topicIdOf(client))
    await fixture.findCoordinator(4, 'g')
    return fixture
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close()
    await this.broker.close()
  }

  findCoordinator(version: number, key: string) {
    const keys = version >= 4 ? { coordinatorKeys: [key] } : { key }
    return this.client.send(findCoordinatorRequest, findCoordinatorResponse, version, keys)
  }

  async join(version: number, groupId: string, memberId = '') {
    const metadata = encodeSubscription({ topics: ['t'] }, 1)
    return this.client.send(joinGroupRequest, joinGroupResponse, version, {
      groupId,
      memberId,
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata }],
    })
  }

  sync(version: number, groupId: string, memberId: string, generationId: number) {
    const assignment = encodeAssignment([{ topic: 't', partitions: [0, 1] }], 1)
    return this.client.send(syncGroupRequest, syncGroupResponse, version, {
      groupId,
      generationId,
      memberId,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments: [{ memberId, assignment }],
    })
  }

  /** A group with one member that has everything. */
  async stableGroup(groupId: string): Promise<{ memberId: string; generationId: number }> {
    const { memberId, generationId } = await this.join(3, groupId)
    await this.sync(5, groupId, memberId, generationId)
    return { memberId, generationId }
  }

  beat(version: number, groupId: string, memberId: string, memberEpoch = 0) {
    const isJoin = memberEpoch === 0
    return this.client.send(consumerGroupHeartbeatRequest, consumerGroupHeartbeatResponse, version, {
      groupId,
      memberId,
      memberEpoch,
      rebalanceTimeoutMs: isJoin ? 30_000 : -1,
      subscribedTopicNames: isJoin ? ['t'] : null,
      topicPartitions: isJoin ? [] : null,
    })
  }

  commit(version: number, groupId: string, offset: number, who = { memberId: '', generationId: -1 }) {
    const { memberId, generationId } = who
    return this.client.send(offsetCommitRequest, offsetCommitResponse, version, {
      groupId,
      memberId,
      generationIdOrMemberEpoch: generationId,
      topics: [
        {
          name: 't',
          topicId: this.topicId,
          partitions: [
            {
              partitionIndex: 0,
              committedOffset: offset,
              committedLeaderEpoch: 0,
              committedMetadata: 'text',
            },
            { partitionIndex: 7, committedOffset: offset, committedMetadata: null },
          ],
        },
        {
          name: 'none',
          topicId: zeroUuid,
          partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: '' }],
        },
      ],
    })
  }

  fetch(version: number, groupId: string, all = false) {
    if (version < 8) {
      const topics = all ? null : [{ name: 't', partitionIndexes: [0, 1] }]
      return this.client.send(offsetFetchRequest, offsetFetchResponse, version, { groupId, topics })
    }
    const topics = all ? null : [{ name: 't', topicId: this.topicId, partitionIndexes: [0, 1] }]
    return this.client.send(offsetFetchRequest, offsetFetchResponse, version, {
      groups: [{ groupId, topics }],
    })
  }
}

async function topicIdOf(client: WireClient): Promise<string> {
  const answer = await client.send(metadataRequest, metadataResponse, 12, {
    topics: [{ topicId: zeroUuid, name: 't' }],
    allowAutoTopicCreation: false,
  })
  return answer.topics[0]!.topicId
}
