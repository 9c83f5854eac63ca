import { describe, expect, test } from 'vitest'
import { noBrokerOverrides } from '../../../../broker/core/config/resolve.ts'
import {
  validateBrokerOverrides,
  validateGroupOverrides,
  validateTopicOverrides,
} from '../../../../broker/core/config/validate.ts'

const topic = (given: Record<string, string | null>) => () =>
  validateTopicOverrides(new Map(Object.entries(given)), noBrokerOverrides)
const broker = (given: Record<string, string>) => () =>
  validateBrokerOverrides(new Map(Object.entries(given)))
const group = (given: Record<string, string>) => () =>
  validateGroupOverrides(new Map(Object.entries(given)), noBrokerOverrides)

describe('a topic', () => {
  test('may set any of its configs', () =>
    expect(topic({ 'retention.ms': '1', 'cleanup.policy': 'compact,delete' })).not.toThrow())

  test.each([
    [{ nope: '1' }, 'Unknown topic config name: nope'],
    [{ constructor: '1' }, 'Unknown topic config name: constructor'],
    [
      { 'retention.ms': null, 'segment.ms': null },
      'Null value not supported for topic configs: retention.ms,segment.ms',
    ],
    [
      { 'min.compaction.lag.ms': '10', 'max.compaction.lag.ms': '5' },
      'conflict topic config setting min.compaction.lag.ms (10) > max.compaction.lag.ms (5)',
    ],
  ])('is refused %j', (given, message) => expect(topic(given)).toThrow(message))
})

describe('a broker', () => {
  test('may change what is dynamic', () => expect(broker({ 'log.retention.ms': '1' })).not.toThrow())

  test.each([
    [{ 'num.partitions': '3' }, 'Cannot update these configs dynamically: [num.partitions]'],
    [{ nope: '3' }, 'Unknown broker config name: nope'],
    [
      { 'log.segment.bytes': '5' },
      'Invalid value 5 for configuration log.segment.bytes: Value must be at least 1048576',
    ],
  ])('is refused %j', (given, message) => expect(broker(given)).toThrow(message))
})

describe('a group', () => {
  test('may stay within the bounds of the broker', () =>
    expect(group({ 'consumer.session.timeout.ms': '50000' })).not.toThrow())

  test.each([
    [{ nope: '5' }, 'Unknown group config name: nope'],
    [
      { 'consumer.session.timeout.ms': '5' },
      'consumer.session.timeout.ms must be greater than or equal to group.consumer.min.session.timeout.ms',
    ],
    [
      { 'consumer.heartbeat.interval.ms': '500000' },
      'consumer.heartbeat.interval.ms must be less than or equal to group.consumer.max.heartbeat.interval.ms',
    ],
    [
      { 'consumer.assignment.interval.ms': '20000' },
      'consumer.assignment.interval.ms must be less than or equal to group.consumer.max.assignment.interval.ms',
    ],
  ])('is refused %j', (given, message) => expect(group(given)).toThrow(message))
})
