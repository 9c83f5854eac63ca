import type { Connection } from '@platformatic/kafka'
import type { KafkaClient } from './kafka-client.ts'

/** How long a broker may take for an action before it answers REQUEST_TIMED_OUT. */
export const actionTimeoutMs = 15_000

/** Connection to the controller; any broker where there is none to name (it forwards, KIP-590). */
export async function controllerOf(client: KafkaClient): Promise<Connection> {
  const { controllerId } = await client.metadata([])
  return controllerId < 0 ? client.any() : client.node(controllerId)
}
