import { setTimeout } from 'node:timers/promises'
import { describeConfigsV4, incrementalAlterConfigsV1 } from '@platformatic/kafka'
import { type ConfigEntry, configEntry, configSource } from '../../contract/configs.ts'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import { check, KafkaError, withErrorCodes } from '../kafka/kafka-error.ts'
import { configGroup } from './config-group.ts'

export type ConfigResource = { type: 'topic'; name: string } | { type: 'broker'; name: string }

const resourceTypes = { topic: 2, broker: 4 } as const
const setOperation = 0
const deleteOperation = 1
const appliedWithinMs = 2_000
const askAgainMs = 50

/** By Kafka's numbers in DescribeConfigs. */
const sources = [
  'UNKNOWN',
  'DYNAMIC_TOPIC_CONFIG',
  'DYNAMIC_BROKER_CONFIG',
  'DYNAMIC_DEFAULT_BROKER_CONFIG',
  'STATIC_BROKER_CONFIG',
  'DEFAULT_CONFIG',
  'DYNAMIC_BROKER_LOGGER_CONFIG',
  'DYNAMIC_CLIENT_METRICS_CONFIG',
  'DYNAMIC_GROUP_CONFIG',
] as const
const types = [
  'UNKNOWN',
  'BOOLEAN',
  'STRING',
  'INT',
  'SHORT',
  'LONG',
  'DOUBLE',
  'LIST',
  'CLASS',
  'PASSWORD',
] as const

/** Every config of a topic or broker (DescribeConfigs 32 v4), with synonyms and documentation. */
export async function describeConfigs(client: KafkaClient, resource: ConfigResource): Promise<ConfigEntry[]> {
  const asked = [
    { resourceType: resourceTypes[resource.type], resourceName: resource.name, configurationKeys: null },
  ]
  const answer = describeConfigsV4.api.async(await connectionFor(client, resource), asked, true, true)
  const result = (await withErrorCodes(answer)).results[0]
  if (result === undefined)
    throw new KafkaError('UNKNOWN_SERVER_ERROR', 'The broker did not answer for the configs.')
  check(result.errorCode, result.errorMessage)
  return result.configs.map((entry) => entryOf(entry, resource)).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Sets (text) or resets (null) configs (IncrementalAlterConfigs 44 v1). */
export async function alterConfigs(
  client: KafkaClient,
  resource: ConfigResource,
  changes: Readonly<Record<string, string | null>>,
  validateOnly: boolean,
): Promise<void> {
  const configs = Object.entries(changes).map(([name, value]) =>
    value === null
      ? { name, configOperation: deleteOperation as typeof deleteOperation }
      : { name, configOperation: setOperation as typeof setOperation, value },
  )
  const asked = [{ resourceType: resourceTypes[resource.type], resourceName: resource.name, configs }]
  const answer = incrementalAlterConfigsV1.api.async(
    await connectionFor(client, resource),
    asked,
    validateOnly,
  )
  for (const { errorCode, errorMessage } of (await withErrorCodes(answer)).responses)
    check(errorCode, errorMessage)
}

/**
 * Every config after a change. A controller answers before its brokers have applied the change, so they are asked
 * again until they tell of it, for two seconds at most: a value may also come back in another spelling.
 */
export async function describeChangedConfigs(
  client: KafkaClient,
  resource: ConfigResource,
  changes: Readonly<Record<string, string | null>>,
): Promise<ConfigEntry[]> {
  const deadlineMs = Date.now() + appliedWithinMs
  for (;;) {
    const configs = await describeConfigs(client, resource)
    const applied = configs.every(({ name, value, isSet, sensitive }) => {
      const wanted = changes[name]
      if (wanted === undefined) return true
      return wanted === null ? !isSet : isSet && (sensitive || value === wanted)
    })
    if (applied || Date.now() >= deadlineMs) return configs
    await setTimeout(askAgainMs)
  }
}

/** A broker's configs are its own to tell and to change. */
function connectionFor(client: KafkaClient, resource: ConfigResource) {
  return resource.type === 'broker' && resource.name !== ''
    ? client.node(Number(resource.name))
    : client.any()
}

type Described = describeConfigsV4.DescribeConfigsResponseConfig

function entryOf(entry: Described, resource: ConfigResource): ConfigEntry {
  const source = sourceOf(entry.configSource)
  const own = resource.type === 'topic' ? 'DYNAMIC_TOPIC_CONFIG' : 'DYNAMIC_BROKER_CONFIG'
  const synonyms = entry.synonyms.map(({ name, value, source: from }) => ({
    name,
    value: value ?? null,
    source: sourceOf(from),
  }))
  const fallback = synonyms.find((synonym) => synonym.source !== own)
  return configEntry.parse({
    name: entry.name,
    value: entry.value ?? null,
    defaultValue: fallback?.value ?? (source === 'DEFAULT_CONFIG' ? (entry.value ?? null) : null),
    source,
    isSet: source === own,
    readOnly: entry.readOnly,
    sensitive: entry.isSensitive,
    type: types[entry.configType] ?? 'UNKNOWN',
    documentation: entry.documentation || null,
    group: configGroup(entry.name),
    synonyms,
  })
}

function sourceOf(code: number) {
  return configSource.parse(sources[code] ?? 'UNKNOWN')
}
