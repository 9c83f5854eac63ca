import { createTopicsV7 } from '@platformatic/kafka'
import type { z } from 'zod'
import type { createTopicBody } from '../../contract/topics.ts'
import { actionTimeoutMs, controllerOf } from '../kafka/controller.ts'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import { check, KafkaError, withErrorCodes } from '../kafka/kafka-error.ts'
import { topicIdText } from '../kafka/topic-id.ts'

export type CreatedTopic = {
  name: string
  topicId: string | null
  partitions: number
  replicationFactor: number
}

/** CreateTopics (19) v7 to the controller. Throws Kafka's error with its message. */
export async function createTopic(
  client: KafkaClient,
  body: z.output<typeof createTopicBody>,
): Promise<CreatedTopic> {
  const topic = {
    name: body.name,
    numPartitions: body.partitions,
    replicationFactor: body.replicationFactor,
    assignments: [],
    configs: Object.entries(body.configs).map(([name, value]) => ({ name, value })),
  }
  const connection = await controllerOf(client)
  const answer = createTopicsV7.api.async(connection, [topic], actionTimeoutMs, body.validateOnly)
  const created = (await withErrorCodes(answer)).topics[0]
  if (created === undefined)
    throw new KafkaError('UNKNOWN_SERVER_ERROR', 'The broker did not answer for the topic.')
  check(created.errorCode, created.errorMessage)
  return {
    name: created.name,
    topicId: created.topicId ? topicIdText(created.topicId) : null,
    partitions: created.numPartitions,
    replicationFactor: created.replicationFactor,
  }
}
