import type { ConfigTable, ConfigValues } from './definition.ts'
import { boolean, double, int, list, long, maxLong, string } from './definition.ts'
import { atLeast, between, gzipLevel, listOf, notTiered, oneOf, throttledReplicas } from './validator.ts'

const hourMs = 3_600_000
const minuteMs = 60_000

/** The configs of one topic: names, types, defaults and limits are Kafka 4.3's, the words are ours. */
export const topicConfigs = {
  'cleanup.policy': list(
    ['delete'],
    'What happens to old segments: "delete" drops them by age and size, "compact" keeps the newest record of each key, both may be given. Empty keeps everything.',
    { validate: listOf(['compact', 'delete'], { empty: true }), synonyms: ['log.cleanup.policy'] },
  ),
  'compression.gzip.level': int(-1, 'The level used where compression.type is gzip.', {
    validate: gzipLevel,
    synonyms: ['compression.gzip.level'],
  }),
  'compression.lz4.level': int(
    9,
    'The level where compression.type is lz4. There is one level here: any value gives the same.',
    {
      validate: between(1, 17),
      synonyms: ['compression.lz4.level'],
    },
  ),
  'compression.type': string(
    'producer',
    'How batches are stored: "producer" keeps each batch exactly as its producer compressed it, a codec has others compressed anew.',
    {
      validate: oneOf('uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'),
      synonyms: ['compression.type'],
    },
  ),
  'compression.zstd.level': int(3, 'The level used where compression.type is zstd.', {
    validate: between(-131072, 22),
    synonyms: ['compression.zstd.level'],
  }),
  'delete.retention.ms': long(
    86_400_000,
    'How long the tombstone of a deleted key stays in a compacted topic, so that a reader from offset 0 sees the deletion.',
    { validate: atLeast(0), synonyms: ['log.cleaner.delete.retention.ms'] },
  ),
  'file.delete.delay.ms': long(60_000, 'How long a dropped segment file waits before it leaves the disk.', {
    validate: atLeast(0),
    synonyms: ['log.segment.delete.delay.ms'],
  }),
  'flush.messages': long(
    maxLong,
    'Forces an fsync after this many records. The page cache is trusted by default.',
    { validate: atLeast(1), synonyms: ['log.flush.interval.messages'] },
  ),
  'flush.ms': long(maxLong, 'Forces an fsync once the oldest unflushed record is this old.', {
    validate: atLeast(0),
    synonyms: ['log.flush.interval.ms', 'log.flush.scheduler.interval.ms'],
  }),
  'follower.replication.throttled.replicas': list(
    [],
    'Replicas whose followers are held to the replication quota: "partition:broker" pairs, or "*".',
    { validate: throttledReplicas },
  ),
  'index.interval.bytes': int(
    4096,
    'Bytes appended between two entries of the offset and time index. Less means faster seeks and larger indexes.',
    { validate: atLeast(0), synonyms: ['log.index.interval.bytes'] },
  ),
  'leader.replication.throttled.replicas': list(
    [],
    'Replicas whose leaders are held to the replication quota: "partition:broker" pairs, or "*".',
    { validate: throttledReplicas },
  ),
  'local.retention.bytes': long(
    -2,
    'With tiered storage: the size of a partition kept on local disk; -2 means retention.bytes.',
    { validate: atLeast(-2), synonyms: ['log.local.retention.bytes'] },
  ),
  'local.retention.ms': long(
    -2,
    'With tiered storage: how long a segment stays on local disk; -2 means retention.ms.',
    { validate: atLeast(-2), synonyms: ['log.local.retention.ms'] },
  ),
  'max.compaction.lag.ms': long(maxLong, 'The longest that a record may stay uncompacted.', {
    validate: atLeast(1),
    synonyms: ['log.cleaner.max.compaction.lag.ms'],
  }),
  'max.message.bytes': int(
    1_048_588,
    'The largest record batch accepted, in bytes as sent (after compression).',
    { validate: atLeast(0), synonyms: ['message.max.bytes'] },
  ),
  'message.timestamp.after.max.ms': long(
    hourMs,
    "How far a record's timestamp may lie in the broker's future before it is refused (CreateTime only).",
    { validate: atLeast(0), synonyms: ['log.message.timestamp.after.max.ms'] },
  ),
  'message.timestamp.before.max.ms': long(
    maxLong,
    "How far a record's timestamp may lie in the broker's past before it is refused (CreateTime only).",
    { validate: atLeast(0), synonyms: ['log.message.timestamp.before.max.ms'] },
  ),
  'message.timestamp.type': string(
    'CreateTime',
    'Whose clock stamps records: "CreateTime" the producer\'s, "LogAppendTime" the broker\'s.',
    { validate: oneOf('CreateTime', 'LogAppendTime'), synonyms: ['log.message.timestamp.type'] },
  ),
  'min.cleanable.dirty.ratio': double(
    0.5,
    'The share of a compacted log that must be uncompacted before it is compacted again.',
    { validate: between(0, 1), synonyms: ['log.cleaner.min.cleanable.ratio'] },
  ),
  'min.compaction.lag.ms': long(0, 'The shortest that a record stays uncompacted.', {
    validate: atLeast(0),
    synonyms: ['log.cleaner.min.compaction.lag.ms'],
  }),
  'min.insync.replicas': int(
    1,
    'In-sync replicas, the leader among them, that a produce with acks=all needs; with fewer it is refused.',
    { validate: atLeast(1), synonyms: ['min.insync.replicas'] },
  ),
  preallocate: boolean(
    false,
    'Gives a new segment file its whole size at once; what stays unused is given back when it is closed.',
    { synonyms: ['log.preallocate'] },
  ),
  'remote.log.copy.disable': boolean(false, 'With tiered storage: stops copying segments to it.'),
  'remote.log.delete.on.disable': boolean(
    false,
    'With tiered storage: drops the tiered data when remote.storage.enable is switched off.',
  ),
  'remote.storage.enable': boolean(
    false,
    'Tiered storage for this topic. This broker has none, so only "false" is accepted.',
    { validate: notTiered },
  ),
  'retention.bytes': long(
    -1,
    'The size above which a partition drops its oldest segments; -1 sets no limit. It counts per partition.',
    { synonyms: ['log.retention.bytes'] },
  ),
  'retention.ms': long(
    7 * 24 * hourMs,
    'The age above which a partition drops a segment, counted from its newest record; -1 sets no limit.',
    {
      validate: atLeast(-1),
      synonyms: ['log.retention.ms', ['log.retention.minutes', minuteMs], ['log.retention.hours', hourMs]],
    },
  ),
  'segment.bytes': int(
    1_073_741_824,
    'The size at which a segment is closed and a new one begun. Retention drops whole segments.',
    { validate: atLeast(1_048_576), synonyms: ['log.segment.bytes'] },
  ),
  'segment.index.bytes': int(10_485_760, 'The size of an index file at which its segment is closed.', {
    validate: atLeast(4),
    synonyms: ['log.index.size.max.bytes'],
  }),
  'segment.jitter.ms': long(0, 'At most this much, at random, is taken off segment.ms.', {
    validate: atLeast(0),
    synonyms: ['log.roll.jitter.ms', ['log.roll.jitter.hours', hourMs]],
  }),
  'segment.ms': long(
    7 * 24 * hourMs,
    'The age at which a segment is closed even if it is not full, so that retention can reach it.',
    { validate: atLeast(1), synonyms: ['log.roll.ms', ['log.roll.hours', hourMs]] },
  ),
  'unclean.leader.election.enable': boolean(
    false,
    'Lets a replica outside the isr become leader when nothing else is left, at the price of records.',
    { synonyms: ['unclean.leader.election.enable'] },
  ),
} satisfies ConfigTable

/** The effective configs of a topic, parsed. */
export type TopicConfig = ConfigValues<typeof topicConfigs>
