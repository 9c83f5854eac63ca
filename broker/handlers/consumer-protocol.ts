import type { BrokerNode } from '../cluster/node.ts'

/** Whether the consumer group protocol may be spoken (KIP-848): configured, and finalized as a feature. */
export function isConsumerProtocolEnabled({ config, image }: BrokerNode): boolean {
  const isConfigured = config['group.coordinator.rebalance.protocols'].includes('consumer')
  return isConfigured && (image.features.get('group.version') ?? 0) >= 1
}
