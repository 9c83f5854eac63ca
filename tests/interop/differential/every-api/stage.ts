import {
  encodeAssignment,
  encodeSubscription,
} from '../../../../broker/coordinator/group/consumer-protocol.ts'
import type { WireClient } from '../../../../broker/protocol/client.ts'
import { produceRequest, produceResponse } from '../../../../broker/protocol/schemas/00-produce.ts'
import {
  listOffsetsRequest,
  listOffsetsResponse,
} from '../../../../broker/protocol/schemas/02-list-offsets.ts'
import { metadataRequest, metadataResponse } from '../../../../broker/protocol/schemas/03-metadata.ts'
import {
  offsetCommitRequest,
  offsetCommitResponse,
} from '../../../../broker/protocol/schemas/08-offset-commit.ts'
import { joinGroupRequest, joinGroupResponse } from '../../../../broker/protocol/schemas/11-join-group.ts'
import { syncGroupRequest, syncGroupResponse } from '../../../../broker/protocol/schemas/14-sync-group.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../../../broker/protocol/schemas/19-create-topics.ts'
import {
  initProducerIdRequest,
  initProducerIdResponse,
} from '../../../../broker/protocol/schemas/22-init-producer-id.ts'
import {
  addPartitionsToTxnRequest,
  addPartitionsToTxnResponse,
} from '../../../../broker/protocol/schemas/24-add-partitions-to-txn.ts'
import {
  addOffsetsToTxnRequest,
  addOffsetsToTxnResponse,
} from '../../../../broker/protocol/schemas/25-add-offsets-to-txn.ts'
import {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
} from '../../../../broker/protocol/schemas/68-consumer-group-heartbeat.ts'
import { encodeRecordBatch } from '../../../../broker/records/record-batch-builder.ts'
import { untilAnswers } from '../../../support/child.ts'

export type Producer = { readonly producerId: number; readonly producerEpoch: number }
export type GroupMember = { readonly memberId: string; readonly generationId: number }

/** Long enough that no member that a case needs goes missing while the others run. */
export const sessionTimeoutMs = 600_000
/** The same records on both sides. */
export const recordTimestampMs = Date.now() - 1_000
const waitMs = 20_000

/** The same few records for both brokers. */
export function someRecords(count = 3): Buffer {
  const records = Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: `value ${index}` }))
  return encodeRecordBatch({ records, timestampMs: recordTimestampMs })
}

export const subscription = (topic: string) => encodeSubscription({ topics: [topic] }, 1)
export const assignment = (topic: string) => encodeAssignment([{ topic, partitions: [0] }], 1)

/** Sets up what a request acts on: the same on both brokers, under the same names. */
export class Stage {
  readonly client: WireClient
  /** A name that no other arrangement has. */
  readonly key: string
  /** The version of the API under test. */
  readonly version: number
  readonly nodeId: number
  /** Names for the ids that this broker made: they stand in the answers instead. */
  readonly names: Map<string, string>

  constructor(options: {
    client: WireClient
    key: string
    version: number
    nodeId: number
    names: Map<string, string>
  }) {
    this.client = options.client
    this.key = options.key
    this.version = options.version
    this.nodeId = options.nodeId
    this.names = options.names
  }

  /** A topic whose partitions have leaders; its id. */
  async topic(name: string, { partitions = 1, records = 0, configs = {} } = {}): Promise<string> {
    const entries = Object.entries(configs).map(([key, value]) => ({ name: key, value: String(value) }))
    const made = { name, numPartitions: partitions, replicationFactor: 1, assignments: [], configs: entries }
    const answer = await this.client.send(createTopicsRequest, createTopicsResponse, 7, {
      topics: [made],
      timeoutMs: 10_000,
    })
    const { topicId, errorCode } = answer.topics[0]!
    if (errorCode !== 0) throw new Error(`topic ${name} was not made: error ${errorCode}`)
    await untilAnswers(() => this.#isLed(name), { timeoutMs: waitMs, intervalMs: 2 })
    this.names.set(topicId, `id of ${name}`)
    if (records > 0) await this.produce(name, someRecords(records))
    return topicId
  }

  async #isLed(name: string): Promise<true | undefined> {
    const metadata = await this.client.send(metadataRequest, metadataResponse, 12, {
      topics: [{ name }],
      allowAutoTopicCreation: false,
    })
    const topic = metadata.topics[0]!
    if (topic.errorCode !== 0 || topic.partitions.some(({ leaderId }) => leaderId < 0)) return undefined
    const asked = topic.partitions.map(({ partitionIndex }) => ({ partitionIndex, timestamp: -1 }))
    const offsets = await this.client.send(listOffsetsRequest, listOffsetsResponse, 7, {
      replicaId: -1,
      topics: [{ name, partitions: asked }],
    })
    return offsets.topics[0]!.partitions.every(({ errorCode }) => errorCode === 0) || undefined
  }

  async produce(name: string, records: Buffer, transactionalId: string | null = null): Promise<void> {
    await this.#untilDone(async () => {
      const answer = await this.client.send(produceRequest, produceResponse, 11, {
        transactionalId,
        acks: -1,
        timeoutMs: 10_000,
        topicData: [{ name, partitionData: [{ index: 0, records }] }],
      })
      return answer.responses[0]!.partitionResponses[0]!.errorCode
    })
  }

  async #untilDone(ask: () => Promise<number>): Promise<void> {
    let code = -1
    const attempt = async () => {
      code = await ask()
      return code === 0 || undefined
    }
    await untilAnswers(attempt, { timeoutMs: 5_000, intervalMs: 5 }).catch((cause: unknown) => {
      throw new Error(`cannot arrange ${this.key}: error ${code}`, { cause })
    })
  }

  /** The only member of a classic group, in generation 1; not synced yet. */
  async joined(groupId: string, topic: string): Promise<GroupMember> {
    const ask = (memberId: string) =>
      this.client.send(joinGroupRequest, joinGroupResponse, 5, {
        groupId,
        sessionTimeoutMs,
        rebalanceTimeoutMs: sessionTimeoutMs,
        memberId,
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata: subscription(topic) }],
      })
    const { memberId } = await ask('')
    const { generationId, errorCode } = await ask(memberId)
    if (errorCode !== 0) throw new Error(`no member of ${groupId}: error ${errorCode}`)
    this.names.set(memberId, `member of ${groupId}`)
    return { memberId, generationId }
  }

  /** The only member of a stable classic group. */
  async member(groupId: string, topic: string): Promise<GroupMember> {
    const member = await this.joined(groupId, topic)
    await this.client.send(syncGroupRequest, syncGroupResponse, 4, {
      groupId,
      ...member,
      assignments: [{ memberId: member.memberId, assignment: assignment(topic) }],
    })
    return member
  }

  /** A member of the consumer protocol with all of the topic. */
  async consumer(groupId: string, memberId: string, topic: string): Promise<number> {
    const beat = (memberEpoch: number) =>
      this.client.send(consumerGroupHeartbeatRequest, consumerGroupHeartbeatResponse, 1, {
        groupId,
        memberId,
        memberEpoch,
        rebalanceTimeoutMs: 300_000,
        subscribedTopicNames: [topic],
        topicPartitions: [],
      })
    let epoch = 0
    const attempt = async () => {
      const answer = await beat(epoch)
      epoch = answer.memberEpoch
      return answer.assignment !== null && answer.assignment.topicPartitions.length > 0 ? epoch : undefined
    }
    return untilAnswers(attempt, { timeoutMs: waitMs, intervalMs: 20 })
  }

  /** An offset committed by nobody in particular: the group is Empty. */
  async commit(groupId: string, topic: string, committedOffset = 1, partition = 0): Promise<void> {
    await this.#untilDone(async () => {
      const answer = await this.client.send(offsetCommitRequest, offsetCommitResponse, 9, {
        groupId,
        memberId: '',
        topics: [
          {
            name: topic,
            partitions: [{ partitionIndex: partition, committedOffset, committedMetadata: 'a note' }],
          },
        ],
      })
      return answer.topics[0]!.partitions[0]!.errorCode
    })
  }

  async producer(transactionalId: string | null): Promise<Producer> {
    let producer = { producerId: -1, producerEpoch: -1 }
    await this.#untilDone(async () => {
      const answer = await this.client.send(initProducerIdRequest, initProducerIdResponse, 4, {
        transactionalId,
        transactionTimeoutMs: 600_000,
      })
      producer = { producerId: answer.producerId, producerEpoch: answer.producerEpoch }
      return answer.errorCode
    })
    this.names.set(`producer ${producer.producerId}`, 'the producer')
    return producer
  }

  async addToTransaction(transactionalId: string, producer: Producer, topic: string): Promise<void> {
    await this.#untilDone(async () => {
      const answer = await this.client.send(addPartitionsToTxnRequest, addPartitionsToTxnResponse, 3, {
        v3AndBelowTransactionalId: transactionalId,
        v3AndBelowProducerId: producer.producerId,
        v3AndBelowProducerEpoch: producer.producerEpoch,
        v3AndBelowTopics: [{ name: topic, partitions: [0] }],
      })
      return answer.resultsByTopicV3AndBelow[0]!.resultsByPartition[0]!.partitionErrorCode
    })
  }

  async addGroupToTransaction(transactionalId: string, producer: Producer, groupId: string): Promise<void> {
    await this.#untilDone(async () => {
      const body = { transactionalId, ...producer, groupId }
      return (await this.client.send(addOffsetsToTxnRequest, addOffsetsToTxnResponse, 3, body)).errorCode
    })
  }
}
