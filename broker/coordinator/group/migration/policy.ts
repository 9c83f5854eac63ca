import type { BrokerConfig } from '../../../core/config/broker-configs.ts'
import type { ConsumerGroup } from '../consumer/consumer-group.ts'

type Policy = Pick<BrokerConfig, 'group.consumer.migration.policy'>
type SizeLimit = Pick<BrokerConfig, 'group.max.size'>

function is(config: Policy, ...policies: readonly string[]): boolean {
  return policies.includes(config['group.consumer.migration.policy'].toLowerCase())
}

/** May a classic group with members become a consumer group? */
export function allowsUpgrade(config: Policy): boolean {
  return is(config, 'bidirectional', 'upgrade')
}

/** Whether all members that are left speak the classic protocol, so that the group goes back to it. */
export function isDowngradeDue(config: Policy & SizeLimit, group: ConsumerGroup): boolean {
  if (group.members.size === 0 || group.members.size > config['group.max.size']) return false
  if (!is(config, 'bidirectional', 'downgrade')) return false
  for (const { classic } of group.members.values()) if (classic === null) return false
  return true
}
