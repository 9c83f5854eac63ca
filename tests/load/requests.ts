/** The requests that load tests and the soak send, each with the version and the defaults that they need. */
import type { WireClient } from '../../broker/protocol/client.ts'
import { errorOf } from '../../broker/protocol/error-codes.ts'
import { produceRequest, produceResponse } from '../../broker/protocol/schemas/00-produce.ts'
import { fetchRequest, fetchResponse } from '../../broker/protocol/schemas/01-fetch.ts'
import { listOffsetsRequest, listOffsetsResponse } from '../../broker/protocol/schemas/02-list-offsets.ts'
import { metadataRequest, metadataResponse } from '../../broker/protocol/schemas/03-metadata.ts'
import { offsetCommitRequest, offsetCommitResponse } from '../../broker/protocol/schemas/08-offset-commit.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../broker/protocol/schemas/10-find-coordinator.ts'
import { joinGroupRequest, joinGroupResponse } from '../../broker/protocol/schemas/11-join-group.ts'
import { syncGroupRequest, syncGroupResponse } from '../../broker/protocol/schemas/14-sync-group.ts'
import { createTopicsRequest, createTopicsResponse } from '../../broker/protocol/schemas/19-create-topics.ts'
import { deleteTopicsRequest, deleteTopicsResponse } from '../../broker/protocol/schemas/20-delete-topics.ts'
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../broker/protocol/schemas/44-incremental-alter-configs.ts'
import { batchesOf } from '../../broker/records/record-batch.ts'

export const earliest = -2
export const latest = -1

/** The error's name where the answer carries one. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
  readonly code: string
  constructor(what: string, code: string) {
    super(`${what}: ${code}`)
    this.code = code
  }
}

export function check(what: string, errorCode: number): void {
  if (errorCode !== 0) throw new AnswerError(what, errorOf(errorCode).name)
}

export type NewTopic = { name: string; partitions: number; configs?: Record<string, string> }

export async function createTopics(client: WireClient, topics: readonly NewTopic[]): Promise<void> {
  const asked = topics.map(({ name, partitions, configs = {} }) => ({
    name,
    numPartitions: partitions,
    replicationFactor: 1,
    assignments: [],
    configs: Object.entries(configs).map(([config, value]) => ({ name: config, value })),
  }))
  const answer = await client.send(createTopicsRequest, createTopicsResponse, 7, { topics: asked }, 60_000)
  for (const { name, errorCode } of answer.topics) check(`create ${name}`, errorCode)
}

export async function deleteTopic(client: WireClient, name: string): Promise<void> {
  const body = { topics: [{ name, topicId: noTopicId }], topicNames: [], timeoutMs: 30_000 }
  const { responses } = await client.send(deleteTopicsRequest, deleteTopicsResponse, 6, body)
  check(`delete ${name}`, responses[0]!.errorCode)
}

const noTopicId = 'AAAAAAAAAAAAAAAAAAAAAA'

type ProduceOptions = { acks?: number; transactionalId?: string | null; version?: number }

/** Appends one batch and gives its base offset. */
export async function produce(
  client: WireClient,
  topic: string,
  partition: number,
  batch: Buffer,
  { acks = -1, transactionalId = null, version = 11 }: ProduceOptions = {},
): Promise<number> {
  const topicData = [{ name: topic, partitionData: [{ index: partition, records: [batch] }] }]
  const body = { transactionalId, acks, timeoutMs: 30_000, topicData }
  const { responses } = await client.send(produceRequest, produceResponse, version, body)
  const answer = responses[0]!.partitionResponses[0]!
  check(`produce to ${topic}-${partition}`, answer.errorCode)
  return answer.baseOffset
}

type FetchOptions = {
  maxWaitMs?: number
  minBytes?: number
  maxBytes?: number
  isolationLevel?: 0 | 1
}

/** Fetches one partition without a session. */
export async function fetchFrom(
  client: WireClient,
  topic: string,
  partition: number,
  fetchOffset: number,
  { maxWaitMs = 0, minBytes = 1, maxBytes = 8 * 1024 * 1024, isolationLevel = 0 }: FetchOptions = {},
) {
  const partitions = [{ partition, fetchOffset, partitionMaxBytes: maxBytes }]
  const topics = [{ topic, partitions }]
  const body = { maxWaitMs, minBytes, maxBytes, isolationLevel, topics, forgottenTopicsData: [] }
  const answer = await client.send(fetchRequest, fetchResponse, 12, body, maxWaitMs + 30_000)
  check('fetch', answer.errorCode)
  const read = answer.responses[0]!.partitions[0]!
  check(`fetch from ${topic}-${partition}`, read.errorCode)
  const records = read.records === null ? Buffer.alloc(0) : read.records
  let nextOffset = fetchOffset
  for (const batch of batchesOf(records)) nextOffset = batch.nextOffset
  return { ...read, records, nextOffset }
}

export async function offsetOf(
  client: WireClient,
  topic: string,
  partition: number,
  timestamp: number,
): Promise<number> {
  const topics = [
    { name: topic, partitions: [{ partitionIndex: partition, timestamp, currentLeaderEpoch: -1 }] },
  ]
  const body = { replicaId: -1, isolationLevel: 0, topics }
  const answer = await client.send(listOffsetsRequest, listOffsetsResponse, 6, body)
  const found = answer.topics[0]!.partitions[0]!
  check(`list offsets of ${topic}-${partition}`, found.errorCode)
  return found.offset
}

/** Metadata of some topics, or of all; nothing is created. */
export function metadata(client: WireClient, names?: readonly string[], timeoutMs?: number) {
  const topics = names ? names.map((name) => ({ name, topicId: noTopicId })) : null
  const body = { topics, allowAutoTopicCreation: false, includeTopicAuthorizedOperations: false }
  return client.send(metadataRequest, metadataResponse, 12, body, timeoutMs)
}

export type Identity = { groupId: string; generation: number; memberId: string }

export async function commit(
  client: WireClient,
  { groupId, generation, memberId }: Identity,
  topic: string,
  offsets: ReadonlyMap<number, number>,
): Promise<void> {
  const partitions = [...offsets].map(([partitionIndex, committedOffset]) => ({
    partitionIndex,
    committedOffset,
    committedMetadata: '',
  }))
  const body = {
    groupId,
    generationIdOrMemberEpoch: generation,
    memberId,
    topics: [{ name: topic, partitions }],
  }
  const answer = await client.send(offsetCommitRequest, offsetCommitResponse, 9, body)
  for (const { errorCode } of answer.topics.flatMap((each) => each.partitions))
    check(`commit of ${groupId}`, errorCode)
}

/** Waits until the group's or the transactional id's coordinator is there. */
export async function findCoordinator(client: WireClient, key: string, keyType = 0): Promise<void> {
  for (;;) {
    const body = { keyType, coordinatorKeys: [key] }
    const { coordinators } = await client.send(findCoordinatorRequest, findCoordinatorResponse, 4, body)
    const code = errorOf(coordinators[0]!.errorCode).name
    if (code === 'NONE') return
    if (code !== 'COORDINATOR_NOT_AVAILABLE') throw new AnswerError(`coordinator of ${key}`, code)
  }
}

type JoinOptions = {
  memberId?: string
  sessionTimeoutMs?: number
  rebalanceTimeoutMs?: number
  metadata?: Buffer
  timeoutMs?: number
}

/** One JoinGroup; the answer as it is, errors too. */
export function join(client: WireClient, groupId: string, options: JoinOptions = {}) {
  const { memberId = '', sessionTimeoutMs = 30_000, rebalanceTimeoutMs = 60_000 } = options
  const protocols = [{ name: 'range', metadata: options.metadata ?? Buffer.alloc(0) }]
  const body = {
    groupId,
    sessionTimeoutMs,
    rebalanceTimeoutMs,
    memberId,
    protocolType: 'consumer',
    protocols,
  }
  return client.send(joinGroupRequest, joinGroupResponse, 9, body, options.timeoutMs ?? 90_000)
}

/** One SyncGroup; the answer as it is, errors too. */
export function sync(
  client: WireClient,
  { groupId, generation, memberId }: Identity,
  assignments: readonly { memberId: string; assignment: Buffer }[],
  timeoutMs = 90_000,
) {
  const body = {
    groupId,
    generationId: generation,
    memberId,
    protocolType: 'consumer',
    protocolName: 'range',
    assignments,
  }
  return client.send(syncGroupRequest, syncGroupResponse, 5, body, timeoutMs)
}

export const resource = { topic: 2, broker: 4, group: 32 } as const

/** Sets configs of one resource; null deletes one. */
export async function alterConfigs(
  client: WireClient,
  resourceType: number,
  resourceName: string,
  configs: Readonly<Record<string, string | null>>,
): Promise<void> {
  const changes = Object.entries(configs).map(([name, value]) => ({
    name,
    configOperation: value === null ? 1 : 0,
    value,
  }))
  const body = { resources: [{ resourceType, resourceName, configs: changes }], validateOnly: false }
  const { responses } = await client.send(
    incrementalAlterConfigsRequest,
    incrementalAlterConfigsResponse,
    1,
    body,
  )
  check(`alter configs of ${resourceName}`, responses[0]!.errorCode)
}
