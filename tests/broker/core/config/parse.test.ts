import { describe, expect, test } from 'vitest'
import { normalizeText, parseConfig } from '../../../../broker/core/config/parse.ts'
import { topicConfigs } from '../../../../broker/core/config/topic-configs.ts'

type Name = keyof typeof topicConfigs
const parse = (name: Name, text: string) => parseConfig(name, text, topicConfigs[name])

describe('parseConfig', () => {
  test.each<[Name, string, unknown]>([
    ['retention.ms', ' +5 ', 5],
    ['retention.ms', '-1', -1],
    ['retention.ms', '9223372036854775807', 2 ** 63],
    ['remote.log.copy.disable', 'TRUE', true],
    ['min.cleanable.dirty.ratio', '1e-1', 0.1],
    ['min.cleanable.dirty.ratio', '.5f', 0.5],
    ['cleanup.policy', '', []],
    ['cleanup.policy', 'compact,compact', ['compact']],
    ['cleanup.policy', ' delete , compact ', ['delete', 'compact']],
    ['leader.replication.throttled.replicas', '*', ['*']],
    ['leader.replication.throttled.replicas', '0:1, 1:1', ['0:1', '1:1']],
  ])('%s: %j', (name, text, expected) => expect(parse(name, text)).toEqual(expected))

  test.each<[Name, string, string]>([
    ['retention.ms', 'x', 'Invalid value x for configuration retention.ms: Not a number of type LONG'],
    ['retention.ms', '', 'Invalid value  for configuration retention.ms: Not a number of type LONG'],
    ['retention.ms', '1.5', 'Invalid value 1.5 for configuration retention.ms: Not a number of type LONG'],
    [
      'retention.ms',
      '9223372036854775808',
      'Invalid value 9223372036854775808 for configuration retention.ms: Not a number of type LONG',
    ],
    ['retention.ms', '-2', 'Invalid value -2 for configuration retention.ms: Value must be at least -1'],
    [
      'segment.bytes',
      '100',
      'Invalid value 100 for configuration segment.bytes: Value must be at least 1048576',
    ],
    [
      'segment.bytes',
      '99999999999',
      'Invalid value 99999999999 for configuration segment.bytes: Not a number of type INT',
    ],
    [
      'min.cleanable.dirty.ratio',
      '1.5',
      'Invalid value 1.5 for configuration min.cleanable.dirty.ratio: Value must be no more than 1',
    ],
    [
      'min.cleanable.dirty.ratio',
      'NaN',
      'Invalid value NaN for configuration min.cleanable.dirty.ratio: Value must be at least 0',
    ],
    [
      'min.cleanable.dirty.ratio',
      'half',
      'Invalid value half for configuration min.cleanable.dirty.ratio: Not a number of type DOUBLE',
    ],
    [
      'remote.log.copy.disable',
      'yes',
      'Invalid value yes for configuration remote.log.copy.disable: Expected value to be either true or false',
    ],
    [
      'cleanup.policy',
      'delete,foo',
      'Invalid value foo for configuration cleanup.policy: String must be one of: compact, delete',
    ],
    ['cleanup.policy', 'compact,,delete', "Configuration 'cleanup.policy' values must not be empty."],
    [
      'compression.gzip.level',
      '10',
      'Invalid value 10 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1',
    ],
    [
      'compression.type',
      'lz5',
      'Invalid value lz5 for configuration compression.type: String must be one of: uncompressed, zstd, lz4, snappy, gzip, producer',
    ],
    [
      'leader.replication.throttled.replicas',
      'x,y',
      "Invalid value [x, y] for configuration leader.replication.throttled.replicas: leader.replication.throttled.replicas must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...",
    ],
    [
      'remote.storage.enable',
      'true',
      'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.',
    ],
  ])('%s refuses %j in the words of Kafka', (name, text, message) =>
    expect(() => parse(name, text)).toThrow(expect.objectContaining({ code: 'INVALID_CONFIG', message })),
  )
})

describe('normalizeText writes a value as Kafka shows it', () => {
  test.each<[Name, string, string]>([
    ['retention.ms', ' 0077 ', '77'],
    ['flush.ms', '9223372036854775807', '9223372036854775807'],
    ['min.cleanable.dirty.ratio', '1', '1.0'],
    ['min.cleanable.dirty.ratio', '0', '0.0'],
    ['min.cleanable.dirty.ratio', '0.0001', '1.0E-4'],
    ['min.cleanable.dirty.ratio', '0.00015', '1.5E-4'],
    ['cleanup.policy', 'compact , delete', 'compact,delete'],
    ['preallocate', 'FALSE', 'false'],
  ])('%s: %j is %j', (name, text, expected) =>
    expect(normalizeText(name, text, topicConfigs[name])).toBe(expected),
  )
})
