import { deleteRecordsV2 } from '@platformatic/kafka'
import { actionTimeoutMs } from '../kafka/controller.ts'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import { errorText, KafkaError, withErrorCodes } from '../kafka/kafka-error.ts'

export type DeletedRecords = { partition: number; logStartOffset: number; error: string | null }

/** DeleteRecords (21) v2 to each leader: records below the offset go; −1 stands for the high watermark. */
export async function deleteRecords(
  client: KafkaClient,
  name: string,
  before: readonly { partition: number; offset: number }[],
): Promise<DeletedRecords[]> {
  const topic = await client.topic(name)
  const leaders = new Map(topic.partitions.map(({ partitionIndex, leaderId }) => [partitionIndex, leaderId]))
  for (const { partition } of before) {
    if (!leaders.has(partition)) {
      throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `Topic ${name} has no partition ${partition}.`)
    }
  }
  const byLeader = Map.groupBy(before, ({ partition }) => leaders.get(partition)!)
  const answers = [...byLeader].map(async ([leader, partitions]) => {
    const asked = partitions.map(({ partition, offset }) => ({
      partitionIndex: partition,
      offset: BigInt(offset),
    }))
    const connection = await client.node(leader)
    const answer = deleteRecordsV2.api.async(connection, [{ name, partitions: asked }], actionTimeoutMs)
    return (await withErrorCodes(answer)).topics.flatMap((answered) => answered.partitions)
  })
  return (await Promise.all(answers)).flat().map(({ partitionIndex, lowWatermark, errorCode }) => ({
    partition: partitionIndex,
    logStartOffset: Number(lowWatermark),
    error: errorText(errorCode),
  }))
}
