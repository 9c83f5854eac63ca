import { WireClient } from '../../../broker/protocol/client.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../../broker/protocol/schemas/19-create-topics.ts'

/** Creates topics and throws unless each could be. */
export async function createTopics(
  broker: { port: number },
  names: readonly string[],
  partitions: number,
  configs: Record<string, string> = {},
): Promise<void> {
  await using client = await WireClient.connect({ port: broker.port })
  const answer = await client.send(createTopicsRequest, createTopicsResponse, 6, {
    topics: names.map((name) => ({
      name,
      numPartitions: partitions,
      replicationFactor: 1,
      assignments: [],
      configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
    })),
    timeoutMs: 10_000,
    validateOnly: false,
  })
  const refused = answer.topics.filter(({ errorCode }) => errorCode !== 0)
  if (refused.length > 0) throw new Error(`topics could not be created: ${JSON.stringify(refused)}`)
}
