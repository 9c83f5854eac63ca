import { createPartitionsV3 } from '@platformatic/kafka'
import { actionTimeoutMs, controllerOf } from '../kafka/controller.ts'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import { check, withErrorCodes } from '../kafka/kafka-error.ts'

/** CreatePartitions (37) v3: `count` is the new total. */
export async function addPartitions(
  client: KafkaClient,
  name: string,
  count: number,
  validateOnly: boolean,
): Promise<void> {
  const connection = await controllerOf(client)
  const topics = [{ name, count, assignments: null }]
  const answer = createPartitionsV3.api.async(connection, topics, actionTimeoutMs, validateOnly)
  for (const { errorCode, errorMessage } of (await withErrorCodes(answer)).results)
    check(errorCode, errorMessage)
}
