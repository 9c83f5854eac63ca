import { deleteGroupsV2, offsetDeleteV0 } from '@platformatic/kafka'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import { check, errorText, withErrorCodes } from '../kafka/kafka-error.ts'

/** DeleteGroups (42) v2 at the coordinator; NON_EMPTY_GROUP while it has members. */
export async function deleteGroup(client: KafkaClient, groupId: string): Promise<void> {
  const connection = await client.coordinator(groupId)
  const { results } = await withErrorCodes(deleteGroupsV2.api.async(connection, [groupId]))
  for (const { errorCode } of results) check(errorCode)
}

export type DeletedOffset = { topic: string; partition: number; error: string | null }

/** OffsetDelete (47) v0 of topics that the group is not subscribed to; `partitions` absent: all. */
export async function deleteOffsets(
  client: KafkaClient,
  groupId: string,
  topics: readonly { topic: string; partitions?: number[] }[],
): Promise<DeletedOffset[]> {
  const asked = await Promise.all(
    topics.map(async ({ topic: name, partitions }) => {
      const indexes =
        partitions ?? (await client.topic(name)).partitions.map(({ partitionIndex }) => partitionIndex)
      return { name, partitions: indexes.map((partitionIndex) => ({ partitionIndex })) }
    }),
  )
  const connection = await client.coordinator(groupId)
  const response = await withErrorCodes(offsetDeleteV0.api.async(connection, groupId, asked))
  check(response.errorCode)
  return response.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, errorCode }) => ({
      topic: name,
      partition: partitionIndex,
      error: errorText(errorCode),
    })),
  )
}
