import type { BrokerConfig } from './broker-configs.ts'
import { brokerConfigs } from './broker-configs.ts'
import type { ConfigDefinition, ConfigTable } from './definition.ts'
import type { GroupConfig } from './group-configs.ts'
import { groupConfigs } from './group-configs.ts'
import { ConfigError, parseConfig, parseTable } from './parse.ts'
import type { TopicConfig } from './topic-configs.ts'
import { topicConfigs } from './topic-configs.ts'

/** What somebody set, by Kafka's names, as text. */
export type Overrides = ReadonlyMap<string, string>

/** Where a broker's configs come from; the earlier goes before the later, and our defaults come last. */
export type BrokerConfigSources = {
  /** Set for this broker while it runs (ConfigRecord of resource "0"). */
  readonly dynamicBroker: Overrides
  /** Set for all brokers while they run (ConfigRecord of resource ""). */
  readonly dynamicDefault: Overrides
  /** Given at start: flags, environment, options. */
  readonly static: Overrides
}

const none: Overrides = new Map()
export const noBrokerOverrides: BrokerConfigSources = {
  dynamicBroker: none,
  dynamicDefault: none,
  static: none,
}

/** The text that a broker config has, from the strongest source that sets it; undefined is our default. */
export function brokerOverride(sources: BrokerConfigSources, name: string): string | undefined {
  return sources.dynamicBroker.get(name) ?? sources.dynamicDefault.get(name) ?? sources.static.get(name)
}

/** The parsed configs of a broker. Throws `ConfigError` at the first bad or unknown one. */
export function resolveBrokerConfig(sources: BrokerConfigSources): BrokerConfig {
  for (const name of sources.static.keys()) {
    if (!Object.hasOwn(brokerConfigs, name)) throw new ConfigError(`Unknown broker config name: ${name}`)
  }
  return typed<BrokerConfig>(parseTable(brokerConfigs, (name) => brokerOverride(sources, name)))
}

/** Most topics set nothing: they share one object. Sources are replaced as a whole, never changed. */
const withoutOverrides = new WeakMap<BrokerConfigSources, TopicConfig>()

/** The parsed configs of a topic: its own overrides, then the broker's synonyms, then the defaults. */
export function resolveTopicConfig(
  overrides: Overrides,
  sources: BrokerConfigSources = noBrokerOverrides,
): TopicConfig {
  const shared = overrides.size === 0 ? withoutOverrides.get(sources) : undefined
  if (shared) return shared
  const config = typed<TopicConfig>(resolveTable(topicConfigs, overrides, sources))
  if (overrides.size === 0) withoutOverrides.set(sources, config)
  return config
}

/** The parsed configs of a consumer group: its own overrides, then the broker's, then the defaults. */
export function resolveGroupConfig(
  overrides: Overrides,
  sources: BrokerConfigSources = noBrokerOverrides,
): GroupConfig {
  return typed<GroupConfig>(resolveTable(groupConfigs, overrides, sources))
}

function resolveTable(table: ConfigTable, overrides: Overrides, sources: BrokerConfigSources) {
  return parseTable(table, (name) => overrides.get(name) ?? inherited(table[name]!, sources))
}

/** The text a topic or group config takes over from the broker, converted to its own unit. */
export function inherited(definition: ConfigDefinition, sources: BrokerConfigSources): string | undefined {
  const table: ConfigTable = brokerConfigs
  for (const { name, factor } of definition.synonyms) {
    const text = brokerOverride(sources, name) ?? table[name]?.default
    if (text === undefined || text === null) continue
    if (factor === 1) return text
    const value = Number(parseConfig(name, text, table[name]!))
    return String(value < 0 ? -1 : value * factor)
  }
  return undefined
}

/** `parseTable` fills every name of its table with its definition's type, which the compiler cannot see. */
function typed<T>(values: unknown): T {
  return values as T
}
