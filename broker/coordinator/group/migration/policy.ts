import type { BrokerConfig } from '../../../core/config/broker-configs.ts'

type Policy = Pick<BrokerConfig, 'group.consumer.migration.policy'>

function is(config: Policy, ...policies: readonly string[]): boolean {
  return policies.includes(config['group.consumer.migration.policy'].toLowerCase())
}

/** May a classic group with members become a consumer group? */
export function allowsUpgrade(config: Policy): boolean {
  return is(config, 'bidirectional', 'upgrade')
}

/** May a consumer group whose members all speak the classic protocol become a classic group? */
export function allowsDowngrade(config: Policy): boolean {
  return is(config, 'bidirectional', 'downgrade')
}
