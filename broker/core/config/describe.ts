import { brokerConfigs } from './broker-configs.ts'
import { clientMetricsConfigs } from './client-metrics-configs.ts'
import type { ConfigDefinition, ConfigTable, ConfigType } from './definition.ts'
import { groupConfigs } from './group-configs.ts'
import { normalizeText } from './parse.ts'
import type { BrokerConfigSources, Overrides } from './resolve.ts'
import { brokerOverride, inherited } from './resolve.ts'
import { topicConfigs } from './topic-configs.ts'

/** Who set a value, strongest first within a resource (KIP-226, KIP-848). */
export type ConfigSource =
  | 'TOPIC_CONFIG'
  | 'GROUP_CONFIG'
  | 'CLIENT_METRICS_CONFIG'
  | 'DYNAMIC_BROKER_CONFIG'
  | 'DYNAMIC_DEFAULT_BROKER_CONFIG'
  | 'STATIC_BROKER_CONFIG'
  | 'DEFAULT_CONFIG'

export type ConfigSynonym = {
  readonly name: string
  readonly value: string | null
  readonly source: ConfigSource
}

/** One config as DescribeConfigs tells it. */
export type ConfigEntry = {
  readonly name: string
  /** Null when it is not set, or when it is a secret. */
  readonly value: string | null
  readonly type: ConfigType
  readonly source: ConfigSource
  readonly readOnly: boolean
  readonly sensitive: boolean
  /** All that set it, the one in force first. */
  readonly synonyms: readonly ConfigSynonym[]
  readonly documentation: string
}

/** Most topics set nothing, and tools ask for all topics at once: those share one description. */
const withoutOverrides = new WeakMap<BrokerConfigSources, readonly ConfigEntry[]>()

/** All configs of a topic, in order of their names. `sources` are replaced as a whole, never changed. */
export function describeTopicConfigs(
  overrides: Overrides,
  sources: BrokerConfigSources,
): readonly ConfigEntry[] {
  const shared = overrides.size === 0 ? withoutOverrides.get(sources) : undefined
  if (shared) return shared
  const entries = describeTable(topicConfigs, 'TOPIC_CONFIG', overrides, sources)
  if (overrides.size === 0) withoutOverrides.set(sources, entries)
  return entries
}

/** All configs of a consumer group, in order of their names. */
export function describeGroupConfigs(overrides: Overrides, sources: BrokerConfigSources): ConfigEntry[] {
  return describeTable(groupConfigs, 'GROUP_CONFIG', overrides, sources)
}

/** All configs of one subscription to client metrics, in order of their names. */
export function describeClientMetricsConfigs(
  overrides: Overrides,
  sources: BrokerConfigSources,
): ConfigEntry[] {
  return describeTable(clientMetricsConfigs, 'CLIENT_METRICS_CONFIG', overrides, sources)
}

/** All configs of one broker, in order of their names. */
export function describeBrokerConfigs(sources: BrokerConfigSources): ConfigEntry[] {
  return listed(brokerConfigs).map(([name, definition]) => {
    const text = brokerOverride(sources, name) ?? definition.default
    return entry(
      name,
      definition,
      text,
      brokerSynonyms(name, chains.get(name) ?? [name], sources),
      definition.update === 'read-only',
    )
  })
}

/** What is set for all brokers: resource type BROKER with the empty name. */
export function describeDefaultBrokerConfigs(sources: BrokerConfigSources): ConfigEntry[] {
  const ofDefault = { ...sources, dynamicBroker: new Map<string, string>() }
  return describeBrokerConfigs(ofDefault)
    .filter(({ name }) => sources.dynamicDefault.has(name))
    .map((each) => ({
      ...each,
      synonyms: each.synonyms.filter(({ source }) => source === 'DYNAMIC_DEFAULT_BROKER_CONFIG'),
    }))
}

function describeTable(
  table: ConfigTable,
  source: ConfigSource,
  overrides: Overrides,
  sources: BrokerConfigSources,
): ConfigEntry[] {
  return listed(table).map(([name, definition]) => {
    const own = overrides.get(name)
    const text = own ?? inherited(definition, sources) ?? definition.default
    const chain = definition.synonyms.map((synonym) => synonym.name)
    const synonyms = brokerSynonyms(chain[0], chain, sources)
    if (own !== undefined) synonyms.unshift({ name, value: normalizeText(name, own, definition), source })
    return entry(name, definition, text, synonyms, false)
  })
}

function entry(
  name: string,
  definition: ConfigDefinition,
  text: string | null,
  synonyms: readonly ConfigSynonym[],
  readOnly: boolean,
): ConfigEntry {
  const sensitive = definition.type === 'PASSWORD'
  return {
    name,
    value: text === null || sensitive ? null : normalizeText(name, text, definition),
    type: definition.type,
    source: synonyms[0]?.source ?? 'DEFAULT_CONFIG',
    readOnly,
    sensitive,
    synonyms: sensitive ? synonyms.map((synonym) => ({ ...synonym, value: null })) : synonyms,
    documentation: definition.doc,
  }
}

/**
 * Who sets one of `chain`, the strongest first. Kafka drops what comes before the first entry named `name`, so
 * `log.retention.hours` alone is no synonym of `log.retention.ms`; tools compare, so we do the same.
 */
function brokerSynonyms(
  name: string | undefined,
  chain: readonly string[],
  sources: BrokerConfigSources,
): ConfigSynonym[] {
  const table: ConfigTable = brokerConfigs
  const layers: [ConfigSource, (name: string) => string | null | undefined][] = [
    ['DYNAMIC_BROKER_CONFIG', (name) => sources.dynamicBroker.get(name)],
    ['DYNAMIC_DEFAULT_BROKER_CONFIG', (name) => sources.dynamicDefault.get(name)],
    ['STATIC_BROKER_CONFIG', (name) => sources.static.get(name)],
    ['DEFAULT_CONFIG', (name) => table[name]?.default],
  ]
  const all = layers.flatMap(([source, textOf]) =>
    chain.flatMap((other) => {
      const value = textOf(other)
      return value === null || value === undefined ? [] : [{ name: other, value, source }]
    }),
  )
  const first = all.findIndex((synonym) => synonym.name === name)
  return first < 0 ? [] : all.slice(first)
}

/** The broker configs that decide one value together: milliseconds before minutes before hours. */
const chains = new Map(
  Object.values<ConfigDefinition>(topicConfigs)
    .filter(({ synonyms }) => synonyms.length > 1)
    .flatMap(({ synonyms }) => synonyms.map(({ name }) => [name, synonyms.map((other) => other.name)])),
)

function listed(table: ConfigTable): [string, ConfigDefinition][] {
  return Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1))
}
