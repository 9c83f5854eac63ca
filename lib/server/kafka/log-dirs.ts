import { describeLogDirsV4 } from '@platformatic/kafka'
import type { KafkaClient } from './kafka-client.ts'
import { errorText, withErrorCodes } from './kafka-error.ts'

export type LogDirDescription = {
  broker: number
  path: string
  error: string | null
  totalBytes: number | null
  usableBytes: number | null
  partitions: { topic: string; partition: number; sizeBytes: number }[]
}

/** Log dirs of each broker with the size of each partition (DescribeLogDirs 35 v4). */
export async function fetchLogDirs(
  client: KafkaClient,
  nodeIds: Iterable<number>,
  topics: { name: string; partitions: number[] }[] | null = null,
): Promise<LogDirDescription[]> {
  const answers = [...nodeIds].map(async (broker) => {
    const connection = await client.node(broker)
    const { results } = await withErrorCodes(describeLogDirsV4.api.async(connection, topics))
    return results.map((result) => ({
      broker,
      path: result.logDir,
      error: errorText(result.errorCode),
      totalBytes: known(result.totalBytes),
      usableBytes: known(result.usableBytes),
      partitions: result.topics.flatMap(({ name, partitions }) =>
        partitions
          .filter(({ isFutureKey }) => !isFutureKey)
          .map(({ partitionIndex, partitionSize }) => ({
            topic: name,
            partition: partitionIndex,
            sizeBytes: Number(partitionSize),
          })),
      ),
    }))
  })
  return (await Promise.all(answers)).flat()
}

/** −1: the broker does not know. */
function known(bytes: bigint): number | null {
  return bytes < 0n ? null : Number(bytes)
}
