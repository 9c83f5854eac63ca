import { describeConfigsV4 } from '@platformatic/kafka'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import { withErrorCodes } from '../kafka/kafka-error.ts'
import type { LiveState } from '../live/live-state.ts'

const topicResource = 2
const topicsAtOnce = 1_000

/** Asks for the `cleanup.policy` of the topics whose policy is not known, a thousand in one request. */
export async function fillCleanupPolicies(client: KafkaClient, state: LiveState): Promise<void> {
  if (state.health.state !== 'online') return
  const unknown = [...state.topics.values()].filter(({ cleanupPolicy }) => cleanupPolicy === null)
  if (unknown.length === 0) return
  const asked = unknown.slice(0, topicsAtOnce).map(({ name }) => ({
    resourceType: topicResource as typeof topicResource,
    resourceName: name,
    configurationKeys: ['cleanup.policy'],
  }))
  const answer = describeConfigsV4.api.async(await client.any(), asked, false, false)
  for (const { resourceName, errorCode, configs } of (await withErrorCodes(answer)).results) {
    const topic = state.topics.get(resourceName)
    if (topic === undefined || errorCode !== 0) continue
    topic.cleanupPolicy = configs.find(({ name }) => name === 'cleanup.policy')?.value ?? null
  }
}
