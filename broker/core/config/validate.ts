import { brokerConfigs } from './broker-configs.ts'
import type { ConfigTable } from './definition.ts'
import { groupConfigs } from './group-configs.ts'
import { ConfigError, parseConfig } from './parse.ts'
import type { BrokerConfigSources, Overrides } from './resolve.ts'
import { resolveBrokerConfig, resolveGroupConfig, resolveTopicConfig } from './resolve.ts'
import { topicConfigs } from './topic-configs.ts'
import { invalidValue } from './validator.ts'

/** Refuses what a topic cannot have, with Kafka's sentence in a `ConfigError`. */
export function validateTopicOverrides(
  overrides: ReadonlyMap<string, string | null>,
  sources: BrokerConfigSources,
): asserts overrides is Overrides {
  const nulls = [...overrides].filter(([, value]) => value === null).map(([name]) => name)
  if (nulls.length > 0) {
    throw new ConfigError(`Null value not supported for topic configs: ${nulls.join(',')}`)
  }
  refuseUnknown(topicConfigs, overrides.keys(), 'topic')
  const config = resolveTopicConfig(overrides as Overrides, sources)
  const [min, max] = [config['min.compaction.lag.ms'], config['max.compaction.lag.ms']]
  if (min > max) {
    throw new ConfigError(
      `conflict topic config setting min.compaction.lag.ms (${min}) > max.compaction.lag.ms (${max})`,
    )
  }
}

/** Refuses what a consumer group cannot have: the broker's bounds apply (KIP-848). */
export function validateGroupOverrides(overrides: Overrides, sources: BrokerConfigSources): void {
  refuseUnknown(groupConfigs, overrides.keys(), 'group')
  const config = resolveGroupConfig(overrides, sources)
  const broker = resolveBrokerConfig(sources)
  for (const key of ['heartbeat.interval.ms', 'session.timeout.ms', 'assignment.interval.ms'] as const) {
    const name = `consumer.${key}` as const
    if (!overrides.has(name)) continue
    if (config[name] < broker[`group.consumer.min.${key}`]) {
      throw new ConfigError(`${name} must be greater than or equal to group.consumer.min.${key}`)
    }
    if (config[name] > broker[`group.consumer.max.${key}`]) {
      throw new ConfigError(`${name} must be less than or equal to group.consumer.max.${key}`)
    }
  }
  if (config['consumer.heartbeat.interval.ms'] >= config['consumer.session.timeout.ms']) {
    throw new ConfigError('consumer.session.timeout.ms must be greater than consumer.heartbeat.interval.ms')
  }
}

/** Refuses changes of broker configs that do not exist, that need a restart, or whose value is wrong. */
export function validateBrokerOverrides(overrides: Overrides): void {
  const table: ConfigTable = brokerConfigs
  refuseUnknown(table, overrides.keys(), 'broker')
  const fixed = [...overrides.keys()].filter((name) => table[name]!.update === 'read-only')
  if (fixed.length > 0)
    throw new ConfigError(`Cannot update these configs dynamically: [${fixed.join(', ')}]`)
  for (const [name, text] of overrides) parseConfig(name, text, table[name]!)
}

/** Refuses less retention than what tiered storage would keep here, as Kafka does with and without it. */
export function validateLocalRetention(sources: BrokerConfigSources): void {
  const broker = resolveBrokerConfig(sources)
  const topic = resolveTopicConfig(new Map(), sources)
  const retained = { ms: topic['retention.ms'], bytes: topic['retention.bytes'] }
  for (const unit of ['ms', 'bytes'] as const) {
    const [name, limit] = [`log.local.retention.${unit}` as const, retained[unit]]
    const local = broker[name]
    if (limit === -1 || local === -2) continue
    const fault =
      local === -1
        ? `Value must not be -1 as log.retention.${unit} value is set as ${limit}.`
        : local > limit && `Value must not be more than log.retention.${unit} property value: ${limit}`
    if (!fault) continue
    const error = `org.apache.kafka.common.config.ConfigException: ${invalidValue(name, local, fault)}`
    throw new ConfigError(`Invalid value ${error} for configuration Invalid dynamic configuration`)
  }
}

function refuseUnknown(table: ConfigTable, names: Iterable<string>, kind: string): void {
  for (const name of names) {
    if (!Object.hasOwn(table, name)) throw new ConfigError(`Unknown ${kind} config name: ${name}`)
  }
}
