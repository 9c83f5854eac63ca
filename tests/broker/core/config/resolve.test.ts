import { describe, expect, test } from 'vitest'
import { ConfigError } from '../../../../broker/core/config/parse.ts'
import type { BrokerConfigSources } from '../../../../broker/core/config/resolve.ts'
import {
  noBrokerOverrides,
  resolveBrokerConfig,
  resolveGroupConfig,
  resolveTopicConfig,
} from '../../../../broker/core/config/resolve.ts'

function sources(given: {
  broker?: Record<string, string>
  all?: Record<string, string>
  static?: Record<string, string>
}): BrokerConfigSources {
  return {
    dynamicBroker: new Map(Object.entries(given.broker ?? {})),
    dynamicDefault: new Map(Object.entries(given.all ?? {})),
    static: new Map(Object.entries(given.static ?? {})),
  }
}

describe('a topic config', () => {
  test('falls back to the default', () => {
    const config = resolveTopicConfig(new Map())
    expect(config['retention.ms']).toBe(604_800_000)
    expect(config['cleanup.policy']).toEqual(['delete'])
    expect(config['flush.messages']).toBeGreaterThan(Number.MAX_SAFE_INTEGER)
    expect(config['min.cleanable.dirty.ratio']).toBe(0.5)
  })

  test('is parsed from its own override first', () => {
    const overrides = new Map([
      ['retention.ms', ' 5 '],
      ['cleanup.policy', 'compact, delete'],
      ['message.timestamp.type', 'LogAppendTime'],
    ])
    const config = resolveTopicConfig(overrides, sources({ broker: { 'log.retention.ms': '7' } }))
    expect(config['retention.ms']).toBe(5)
    expect(config['cleanup.policy']).toEqual(['compact', 'delete'])
    expect(config['message.timestamp.type']).toBe('LogAppendTime')
  })

  test.each([
    [{ broker: { 'log.retention.ms': '1' }, all: { 'log.retention.ms': '2' } }, 1],
    [{ all: { 'log.retention.ms': '2' }, static: { 'log.retention.ms': '3' } }, 2],
    [{ static: { 'log.retention.ms': '3', 'log.retention.minutes': '4' } }, 3],
    [{ static: { 'log.retention.minutes': '4', 'log.retention.hours': '5' } }, 4 * 60_000],
    [{ static: { 'log.retention.hours': '5' } }, 5 * 3_600_000],
    [{ static: { 'log.retention.hours': '-1' } }, -1],
  ])('takes retention.ms over from the broker: %j', (given, expected) =>
    expect(resolveTopicConfig(new Map(), sources(given))['retention.ms']).toBe(expected),
  )

  test('without overrides is one shared object', () => {
    const given = sources({})
    expect(resolveTopicConfig(new Map(), given)).toBe(resolveTopicConfig(new Map(), given))
    expect(resolveTopicConfig(new Map([['retention.ms', '1']]), given)['retention.ms']).toBe(1)
  })
})

describe('a broker config', () => {
  test('goes by the strongest source', () => {
    const config = resolveBrokerConfig(
      sources({
        broker: { 'message.max.bytes': '1' },
        all: { 'message.max.bytes': '2', 'log.segment.bytes': '2000000' },
        static: { 'num.partitions': '3', 'log.dirs': '/a' },
      }),
    )
    expect(config['message.max.bytes']).toBe(1)
    expect(config['log.segment.bytes']).toBe(2_000_000)
    expect(config['num.partitions']).toBe(3)
    expect(config['log.dirs']).toEqual(['/a'])
    expect(config['log.retention.ms']).toBeNull()
  })

  test('waits for nobody before the first rebalance, unlike Kafka', () =>
    expect(resolveBrokerConfig(noBrokerOverrides)['group.initial.rebalance.delay.ms']).toBe(0))

  test.each([
    [{ 'num.partitions': '0' }, 'Invalid value 0 for configuration num.partitions: Value must be at least 1'],
    [{ 'num.partitoins': '1' }, 'Unknown broker config name: num.partitoins'],
    [{ toString: '1' }, 'Unknown broker config name: toString'],
  ])('is refused at start: %j', (given, message) =>
    expect(() => resolveBrokerConfig(sources({ static: given }))).toThrow(new ConfigError(message)),
  )
})

test('a group config falls back to the broker', () => {
  const given = sources({ static: { 'group.consumer.session.timeout.ms': '50000' } })
  expect(resolveGroupConfig(new Map(), given)['consumer.session.timeout.ms']).toBe(50_000)
  const own = new Map([['consumer.session.timeout.ms', '46000']])
  expect(resolveGroupConfig(own, given)['consumer.session.timeout.ms']).toBe(46_000)
})
