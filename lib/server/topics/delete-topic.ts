import { deleteTopicsV6 } from '@platformatic/kafka'
import { actionTimeoutMs, controllerOf } from '../kafka/controller.ts'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import { check, withErrorCodes } from '../kafka/kafka-error.ts'

/** DeleteTopics (20) v6 by name: the topic and all its records. */
export async function deleteTopic(client: KafkaClient, name: string): Promise<void> {
  const connection = await controllerOf(client)
  const { responses } = await withErrorCodes(
    deleteTopicsV6.api.async(connection, [{ name }], actionTimeoutMs),
  )
  for (const { errorCode, errorMessage } of responses) check(errorCode, errorMessage)
}
