import type { ConfigType } from '../core/config/definition.ts'
import type { ConfigEntry, ConfigSource } from '../core/config/describe.ts'

/** Kafka's numbers of where a config comes from (KIP-226). */
export const configSourceCode: Readonly<Record<ConfigSource, number>> = {
  TOPIC_CONFIG: 1,
  DYNAMIC_BROKER_CONFIG: 2,
  DYNAMIC_DEFAULT_BROKER_CONFIG: 3,
  STATIC_BROKER_CONFIG: 4,
  DEFAULT_CONFIG: 5,
  CLIENT_METRICS_CONFIG: 7,
  GROUP_CONFIG: 8,
}

const configTypeCode: Readonly<Record<ConfigType, number>> = {
  BOOLEAN: 1,
  STRING: 2,
  INT: 3,
  SHORT: 4,
  LONG: 5,
  DOUBLE: 6,
  LIST: 7,
  PASSWORD: 9,
}

/** One config in the form of DescribeConfigs. */
export function encodeConfigEntry(
  entry: ConfigEntry,
  include: { readonly synonyms: boolean; readonly documentation: boolean },
) {
  return {
    name: entry.name,
    value: entry.value,
    readOnly: entry.readOnly,
    configSource: configSourceCode[entry.source],
    isSensitive: entry.sensitive,
    synonyms: include.synonyms
      ? entry.synonyms.map(({ name, value, source }) => ({ name, value, source: configSourceCode[source] }))
      : [],
    configType: configTypeCode[entry.type],
    documentation: include.documentation ? entry.documentation : null,
  }
}
