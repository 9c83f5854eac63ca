import { offsetFetchV8 } from '@platformatic/kafka'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import { check, errorName, withErrorCodes } from '../kafka/kafka-error.ts'

export type CommittedOffset = {
  topic: string
  partition: number
  offset: number
  leaderEpoch: number | null
  metadata: string | null
}

/** All committed offsets of a group (OffsetFetch 9 v8); empty for a group that is not there. */
export async function fetchCommittedOffsets(
  client: KafkaClient,
  groupId: string,
): Promise<CommittedOffset[]> {
  const found = (await fetchOffsetsOfGroups(client, [groupId])).get(groupId)
  if (found === undefined) check(15)
  return found ?? []
}

/** The same for many groups, one request a coordinator. Groups that answer an error are left out. */
export async function fetchOffsetsOfGroups(
  client: KafkaClient,
  groupIds: readonly string[],
): Promise<Map<string, CommittedOffset[]>> {
  const coordinators = await client.coordinators(groupIds)
  const byNode = Map.groupBy(coordinators, ([, nodeId]) => nodeId)
  const answers = [...byNode].map(async ([nodeId, groups]) => {
    const asked = groups.map(([groupId]) => ({ groupId, memberId: null, memberEpoch: -1, topics: null }))
    const connection = await client.node(nodeId)
    return (await withErrorCodes(offsetFetchV8.api.async(connection, asked, false))).groups
  })
  const result = new Map<string, CommittedOffset[]>()
  for (const group of (await Promise.all(answers)).flat()) {
    if (errorName(group.errorCode) === 'NOT_COORDINATOR') client.forgetCoordinator(group.groupId)
    if (group.errorCode !== 0) continue
    result.set(group.groupId, committedOf(group.topics))
  }
  return result
}

type AnsweredTopic = offsetFetchV8.OffsetFetchResponseTopic

function committedOf(topics: readonly AnsweredTopic[]): CommittedOffset[] {
  return topics.flatMap(({ name, partitions }) =>
    partitions
      .filter(({ errorCode, committedOffset }) => errorCode === 0 && committedOffset >= 0n)
      .map((partition) => ({
        topic: name,
        partition: partition.partitionIndex,
        offset: Number(partition.committedOffset),
        leaderEpoch: partition.committedLeaderEpoch < 0 ? null : partition.committedLeaderEpoch,
        metadata: partition.metadata || null,
      })),
  )
}
