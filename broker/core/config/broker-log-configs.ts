import type { ConfigTable } from './definition.ts'
import {
  boolean,
  double,
  int,
  list,
  long,
  maxLong,
  nullableInt,
  nullableList,
  nullableLong,
  string,
} from './definition.ts'
import { atLeast, between, gzipLevel, listOf, oneOf } from './validator.ts'

const clusterWide = 'cluster-wide'
const forTopics = (name: string) => `The default of ${name} for topics that do not set it.`

/** Broker configs of the log: most are the defaults of a topic config of nearly the same name. */
export const brokerLogConfigs = {
  'compression.gzip.level': int(-1, forTopics('compression.gzip.level'), {
    update: clusterWide,
    validate: gzipLevel,
  }),
  'compression.lz4.level': int(9, forTopics('compression.lz4.level'), {
    update: clusterWide,
    validate: between(1, 17),
  }),
  'compression.type': string('producer', forTopics('compression.type'), {
    update: clusterWide,
    validate: oneOf('uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'),
  }),
  'compression.zstd.level': int(3, forTopics('compression.zstd.level'), {
    update: clusterWide,
    validate: between(-131072, 22),
  }),
  'log.cleaner.backoff.ms': long(15_000, 'How long the cleaner sleeps when no log is worth compacting.', {
    update: clusterWide,
    validate: atLeast(0),
  }),
  'log.cleaner.dedupe.buffer.size': long(
    134_217_728,
    'Memory for the keys of the log that is being compacted, 24 bytes a key. Taken only while it is needed.',
    { update: clusterWide },
  ),
  'log.cleaner.delete.retention.ms': long(86_400_000, forTopics('delete.retention.ms'), {
    update: clusterWide,
    validate: atLeast(0),
  }),
  'log.cleaner.enable': boolean(true, 'Compacts topics whose cleanup.policy says so.'),
  'log.cleaner.io.buffer.load.factor': double(
    0.9,
    'How full the buffer of keys may be. Fuller holds more keys at once and finds them more slowly.',
    { update: clusterWide },
  ),
  'log.cleaner.io.max.bytes.per.second': double(
    '1.7976931348623157E308',
    'The most that the cleaner reads and writes a second.',
    { update: clusterWide },
  ),
  'log.cleaner.max.compaction.lag.ms': long(maxLong, forTopics('max.compaction.lag.ms'), {
    update: clusterWide,
    validate: atLeast(1),
  }),
  'log.cleaner.min.cleanable.ratio': double(0.5, forTopics('min.cleanable.dirty.ratio'), {
    update: clusterWide,
    validate: between(0, 1),
  }),
  'log.cleaner.min.compaction.lag.ms': long(0, forTopics('min.compaction.lag.ms'), {
    update: clusterWide,
    validate: atLeast(0),
  }),
  'log.cleanup.policy': list(['delete'], forTopics('cleanup.policy'), {
    update: clusterWide,
    validate: listOf(['compact', 'delete'], { empty: true }),
  }),
  'log.dirs': nullableList('The data folder: one folder a partition, in the formats of Apache Kafka.'),
  'log.flush.interval.messages': long(maxLong, forTopics('flush.messages'), {
    update: clusterWide,
    validate: atLeast(1),
  }),
  'log.flush.interval.ms': nullableLong(
    `${forTopics('flush.ms')} Unset, log.flush.scheduler.interval.ms is used.`,
    { update: clusterWide },
  ),
  'log.flush.scheduler.interval.ms': long(maxLong, 'How often logs are looked at for flush.ms.'),
  'log.index.interval.bytes': int(4096, forTopics('index.interval.bytes'), {
    update: clusterWide,
    validate: atLeast(0),
  }),
  'log.index.size.max.bytes': int(10_485_760, forTopics('segment.index.bytes'), {
    update: clusterWide,
    validate: atLeast(4),
  }),
  'log.local.retention.bytes': long(-2, forTopics('local.retention.bytes'), {
    update: clusterWide,
    validate: atLeast(-2),
  }),
  'log.local.retention.ms': long(-2, forTopics('local.retention.ms'), {
    update: clusterWide,
    validate: atLeast(-2),
  }),
  'log.message.timestamp.after.max.ms': long(3_600_000, forTopics('message.timestamp.after.max.ms'), {
    update: clusterWide,
    validate: atLeast(0),
  }),
  'log.message.timestamp.before.max.ms': long(maxLong, forTopics('message.timestamp.before.max.ms'), {
    update: clusterWide,
    validate: atLeast(0),
  }),
  'log.message.timestamp.type': string('CreateTime', forTopics('message.timestamp.type'), {
    update: clusterWide,
    validate: oneOf('CreateTime', 'LogAppendTime'),
  }),
  'log.preallocate': boolean(false, forTopics('preallocate'), { update: clusterWide }),
  'log.retention.bytes': long(-1, forTopics('retention.bytes'), { update: clusterWide }),
  'log.retention.check.interval.ms': long(300_000, 'How often retention looks for segments to drop.', {
    validate: atLeast(1),
  }),
  'log.retention.hours': int(168, `${forTopics('retention.ms')} In hours.`),
  'log.retention.minutes': nullableInt(`${forTopics('retention.ms')} In minutes; goes before the hours.`),
  'log.retention.ms': nullableLong(`${forTopics('retention.ms')} Goes before the minutes and the hours.`, {
    update: clusterWide,
  }),
  'log.roll.hours': int(168, `${forTopics('segment.ms')} In hours.`, { validate: atLeast(1) }),
  'log.roll.jitter.hours': int(0, `${forTopics('segment.jitter.ms')} In hours.`, { validate: atLeast(0) }),
  'log.roll.jitter.ms': nullableLong(`${forTopics('segment.jitter.ms')} Goes before the hours.`, {
    update: clusterWide,
  }),
  'log.roll.ms': nullableLong(`${forTopics('segment.ms')} Goes before the hours.`, { update: clusterWide }),
  'log.segment.bytes': int(1_073_741_824, forTopics('segment.bytes'), {
    update: clusterWide,
    validate: atLeast(1_048_576),
  }),
  'log.segment.delete.delay.ms': long(60_000, forTopics('file.delete.delay.ms'), {
    update: clusterWide,
    validate: atLeast(0),
  }),
  'message.max.bytes': int(1_048_588, forTopics('max.message.bytes'), {
    update: clusterWide,
    validate: atLeast(0),
  }),
  'min.insync.replicas': int(1, forTopics('min.insync.replicas'), {
    update: clusterWide,
    validate: atLeast(1),
  }),
  'producer.id.expiration.ms': int(
    86_400_000,
    'How long a partition remembers an idle producer id, and so its duplicates.',
    { update: clusterWide, validate: atLeast(1) },
  ),
  'unclean.leader.election.enable': boolean(false, forTopics('unclean.leader.election.enable'), {
    update: clusterWide,
  }),
} satisfies ConfigTable
