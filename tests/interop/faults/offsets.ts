import { WireClient } from '../../../broker/protocol/client.ts'
import { offsetFetchRequest, offsetFetchResponse } from '../../../broker/protocol/schemas/09-offset-fetch.ts'

/** Committed offsets of a group on a topic by partition, −1 where there is none; throws while it cannot be known. */
export async function committedOffsets(
  broker: { port: number },
  group: string,
  topic: string,
  partitions: number,
): Promise<number[]> {
  await using client = await WireClient.connect({ port: broker.port, timeoutMs: 2_000 })
  const indexes = Array.from({ length: partitions }, (_, index) => index)
  const answer = await client.send(offsetFetchRequest, offsetFetchResponse, 7, {
    groupId: group,
    topics: [{ name: topic, partitionIndexes: indexes }],
    requireStable: true,
  })
  const found = answer.topics[0]?.partitions ?? []
  const failed = [answer.errorCode, ...found.map(({ errorCode }) => errorCode)].find((code) => code !== 0)
  if (failed !== undefined) throw new Error(`offsets of ${group}: error ${failed}`)
  return indexes.map((index) => found.find((at) => at.partitionIndex === index)?.committedOffset ?? -1)
}
