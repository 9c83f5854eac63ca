import type { ConfigTable } from './definition.ts'
import { int, list, long, maxInt, short, string } from './definition.ts'
import { atLeast, listOf, oneOfIgnoringCase } from './validator.ts'

/** Broker configs of the group coordinator and of `__consumer_offsets`. */
export const brokerGroupConfigs = {
  'group.consumer.assignment.interval.ms': int(
    1000,
    'The shortest time between two target assignments of a consumer group.',
    { update: 'cluster-wide', validate: atLeast(0) },
  ),
  'group.consumer.assignors': list(
    ['uniform', 'range'],
    'Assignors offered to the consumer protocol; the first is the default.',
    { validate: listOf(['uniform', 'range']) },
  ),
  'group.consumer.heartbeat.interval.ms': int(5000, 'The heartbeat interval told to consumers.', {
    validate: atLeast(1),
  }),
  'group.consumer.max.assignment.interval.ms': int(
    15_000,
    'The largest consumer.assignment.interval.ms that a group may set.',
    { validate: atLeast(0) },
  ),
  'group.consumer.max.heartbeat.interval.ms': int(
    15_000,
    'The largest consumer.heartbeat.interval.ms that a group may set.',
    { validate: atLeast(1) },
  ),
  'group.consumer.max.session.timeout.ms': int(
    60_000,
    'The largest consumer.session.timeout.ms that a group may set.',
    { validate: atLeast(1) },
  ),
  'group.consumer.max.size': int(maxInt, 'The most members of one consumer group.', { validate: atLeast(1) }),
  'group.consumer.migration.policy': string(
    'bidirectional',
    'Which way a group with members may change between the classic and the consumer protocol.',
    { validate: oneOfIgnoringCase('DISABLED', 'DOWNGRADE', 'UPGRADE', 'BIDIRECTIONAL') },
  ),
  'group.consumer.min.assignment.interval.ms': int(
    0,
    'The smallest consumer.assignment.interval.ms that a group may set.',
    { validate: atLeast(0) },
  ),
  'group.consumer.min.heartbeat.interval.ms': int(
    5000,
    'The smallest consumer.heartbeat.interval.ms that a group may set.',
    { validate: atLeast(1) },
  ),
  'group.consumer.min.session.timeout.ms': int(
    45_000,
    'The smallest consumer.session.timeout.ms that a group may set.',
    { validate: atLeast(1) },
  ),
  'group.consumer.session.timeout.ms': int(
    45_000,
    'How long a consumer may be silent before its partitions go to others.',
    { validate: atLeast(1) },
  ),
  'group.coordinator.rebalance.protocols': list(
    ['classic', 'consumer'],
    'The group protocols that this broker speaks.',
    { validate: listOf(['classic', 'consumer']) },
  ),
  'group.initial.rebalance.delay.ms': int(
    0,
    'How long a new classic group waits for more members before its first rebalance. Apache Kafka waits 3000.',
  ),
  'group.max.session.timeout.ms': int(1_800_000, 'The largest session timeout a classic member may ask for.'),
  'group.max.size': int(maxInt, 'The most members of one classic group.', { validate: atLeast(1) }),
  'group.min.session.timeout.ms': int(6000, 'The smallest session timeout a classic member may ask for.'),
  'offset.metadata.max.bytes': int(4096, 'The longest text that a commit may carry with an offset.'),
  'offsets.retention.check.interval.ms': long(600_000, 'How often expired offsets are looked for.', {
    validate: atLeast(1),
  }),
  'offsets.retention.minutes': int(
    10_080,
    'How long the offsets of a group are kept once the group is empty.',
    { validate: atLeast(1) },
  ),
  'offsets.topic.num.partitions': int(
    50,
    'Partitions of __consumer_offsets; read when that topic is created.',
    { validate: atLeast(1) },
  ),
  'offsets.topic.replication.factor': short(
    1,
    'Replicas of __consumer_offsets; read when that topic is created.',
    { validate: atLeast(1) },
  ),
  'offsets.topic.segment.bytes': int(104_857_600, 'The segment size of __consumer_offsets.', {
    validate: atLeast(1),
  }),
} satisfies ConfigTable
