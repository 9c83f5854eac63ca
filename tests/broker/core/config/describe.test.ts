import { describe, expect, test } from 'vitest'
import { brokerConfigs } from '../../../../broker/core/config/broker-configs.ts'
import type { ConfigDefinition } from '../../../../broker/core/config/definition.ts'
import {
  describeBrokerConfigs,
  describeDefaultBrokerConfigs,
  describeGroupConfigs,
  describeTopicConfigs,
} from '../../../../broker/core/config/describe.ts'
import { groupConfigs } from '../../../../broker/core/config/group-configs.ts'
import { parseConfig } from '../../../../broker/core/config/parse.ts'
import { noBrokerOverrides } from '../../../../broker/core/config/resolve.ts'
import { topicConfigs } from '../../../../broker/core/config/topic-configs.ts'

const dynamic = {
  dynamicBroker: new Map([['log.retention.ms', '3600000']]),
  dynamicDefault: new Map([['log.retention.ms', '7200000']]),
  static: new Map([['node.id', '3']]),
}
const named = <T extends { name: string }>(entries: readonly T[], name: string) =>
  entries.find((entry) => entry.name === name)

describe('all definitions', () => {
  const all = Object.entries<ConfigDefinition>({ ...topicConfigs, ...brokerConfigs, ...groupConfigs })

  test.each(all)('%s has a default that it accepts itself, and words', (name, definition) => {
    expect(() => parseConfig(name, definition.default, definition)).not.toThrow()
    expect(definition.doc).toMatch(/^[A-Z].*\.$/)
  })

  test.each(all)('%s falls back only to broker configs that there are', (_, { synonyms }) => {
    for (const { name } of synonyms) expect(Object.keys(brokerConfigs)).toContain(name)
  })

  test('the configs of a topic are the 33 of Kafka 4.3', () =>
    expect(describeTopicConfigs(new Map(), noBrokerOverrides)).toHaveLength(33))
})

describe('synonyms', () => {
  test('an override comes first, then the broker, then what is set for all, then the default', () => {
    const entries = describeTopicConfigs(new Map([['retention.ms', ' 1000']]), dynamic)
    expect(named(entries, 'retention.ms')).toMatchObject({
      value: '1000',
      source: 'TOPIC_CONFIG',
      synonyms: [
        { name: 'retention.ms', value: '1000', source: 'TOPIC_CONFIG' },
        { name: 'log.retention.ms', value: '3600000', source: 'DYNAMIC_BROKER_CONFIG' },
        { name: 'log.retention.ms', value: '7200000', source: 'DYNAMIC_DEFAULT_BROKER_CONFIG' },
        { name: 'log.retention.hours', value: '168', source: 'DEFAULT_CONFIG' },
      ],
    })
  })

  test('a default in another unit is none, as in Kafka', () => {
    const entries = describeTopicConfigs(new Map(), noBrokerOverrides)
    expect(named(entries, 'retention.ms')).toMatchObject({
      value: '604800000',
      source: 'DEFAULT_CONFIG',
      synonyms: [],
    })
    expect(named(entries, 'segment.bytes')?.synonyms).toEqual([
      { name: 'log.segment.bytes', value: '1073741824', source: 'DEFAULT_CONFIG' },
    ])
  })
})

describe('a broker', () => {
  const entries = describeBrokerConfigs(dynamic)

  test('says what is fixed and what can be changed', () => {
    expect(named(entries, 'node.id')).toMatchObject({ value: '3', source: 'STATIC_BROKER_CONFIG' })
    expect(named(entries, 'node.id')?.readOnly).toBe(true)
    expect(named(entries, 'log.retention.ms')?.readOnly).toBe(false)
  })

  test('drops the synonyms that come before its own name, as Kafka does', () => {
    expect(named(entries, 'log.retention.hours')?.synonyms).toEqual([
      { name: 'log.retention.hours', value: '168', source: 'DEFAULT_CONFIG' },
    ])
    expect(named(entries, 'log.retention.minutes')).toMatchObject({ value: null, synonyms: [] })
  })

  test('shows under the empty name what is set for all, and nothing else', () =>
    expect(describeDefaultBrokerConfigs(dynamic)).toMatchObject([
      {
        name: 'log.retention.ms',
        value: '7200000',
        source: 'DYNAMIC_DEFAULT_BROKER_CONFIG',
        synonyms: [{ value: '7200000', source: 'DYNAMIC_DEFAULT_BROKER_CONFIG' }],
      },
    ]))
})

test('a group says that its override is its own', () => {
  const entries = describeGroupConfigs(new Map([['consumer.session.timeout.ms', '50000']]), noBrokerOverrides)
  expect(named(entries, 'consumer.session.timeout.ms')).toMatchObject({
    value: '50000',
    source: 'GROUP_CONFIG',
    synonyms: [
      { name: 'consumer.session.timeout.ms', value: '50000', source: 'GROUP_CONFIG' },
      { name: 'group.consumer.session.timeout.ms', value: '45000', source: 'DEFAULT_CONFIG' },
    ],
  })
})
