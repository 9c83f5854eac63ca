import type { WireClient } from '../../broker/protocol/client.ts'
import { produceRequest, produceResponse } from '../../broker/protocol/schemas/00-produce.ts'
import { offsetCommitRequest, offsetCommitResponse } from '../../broker/protocol/schemas/08-offset-commit.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../broker/protocol/schemas/10-find-coordinator.ts'
import { createTopicsRequest, createTopicsResponse } from '../../broker/protocol/schemas/19-create-topics.ts'
import { untilAnswers } from '../../tests/support/child.ts'

const createTopicsVersion = 5
const produceVersion = 7
const offsetCommitVersion = 7
const findCoordinatorVersion = 2
const topicsPerRequest = 200
const timeoutMs = 60_000

export async function createTopics(
  client: WireClient,
  topics: readonly { name: string; partitions: number }[],
): Promise<void> {
  for (let at = 0; at < topics.length; at += topicsPerRequest) {
    const some = topics.slice(at, at + topicsPerRequest).map(({ name, partitions }) => ({
      name,
      numPartitions: partitions,
      replicationFactor: 1,
      assignments: [],
      configs: [],
    }))
    const body = { topics: some, timeoutMs, validateOnly: false }
    const answer = await client.send(
      createTopicsRequest,
      createTopicsResponse,
      createTopicsVersion,
      body,
      timeoutMs,
    )
    const failed = answer.topics.find(({ errorCode }) => errorCode !== 0)
    if (failed) throw new Error(`${failed.name} was not created: ${failed.errorMessage}`)
  }
}

/** The same batch to each of the partitions in one request, `acks=all`. */
export async function produce(
  client: WireClient,
  topic: string,
  partitions: readonly number[],
  batch: Buffer,
): Promise<void> {
  const partitionData = partitions.map((index) => ({ index, records: [batch] }))
  const body = { acks: -1, timeoutMs, topicData: [{ name: topic, partitionData }] }
  const answer = await client.send(produceRequest, produceResponse, produceVersion, body, timeoutMs)
  for (const { partitionResponses } of answer.responses)
    for (const { errorCode } of partitionResponses)
      if (errorCode !== 0) throw new Error(`Produce was answered with error code ${errorCode}`)
}

/** Commits as a consumer without a group membership does: one offset for each of the partitions. */
export async function commit(
  client: WireClient,
  groupId: string,
  topic: string,
  partitions: readonly number[],
  committedOffset: number,
): Promise<void> {
  const offsets = partitions.map((partitionIndex) => ({
    partitionIndex,
    committedOffset,
    committedMetadata: '',
  }))
  const body = { groupId, memberId: '', topics: [{ name: topic, partitions: offsets }] }
  const answer = await client.send(
    offsetCommitRequest,
    offsetCommitResponse,
    offsetCommitVersion,
    { ...body, generationIdOrMemberEpoch: -1 },
    timeoutMs,
  )
  const failed = answer.topics.flatMap((one) => one.partitions).find(({ errorCode }) => errorCode !== 0)
  if (failed) throw new Error(`OffsetCommit was answered with error code ${failed.errorCode}`)
}

/** The first question makes `__consumer_offsets`. */
export async function findCoordinator(client: WireClient, groupId: string): Promise<void> {
  const found = async () => {
    const answer = await client.send(
      findCoordinatorRequest,
      findCoordinatorResponse,
      findCoordinatorVersion,
      { key: groupId },
      timeoutMs,
    )
    return answer.errorCode === 0 ? true : undefined
  }
  await untilAnswers(found, { timeoutMs })
}

/** Numbers from `first`, `count` of them. */
export function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index)
}
