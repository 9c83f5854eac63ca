import type { NewTopic } from '../requests.ts'

/** What stays must not add a file every few seconds. */
const largeSegments = { 'segment.bytes': '134217728' }
const smallSegments = { 'segment.bytes': '1048576', 'file.delete.delay.ms': '1000' }

/** Each kind of topic that the soak writes to, with the partitions of each. */
export const topics = {
  /** Everything acknowledged stays; plain producers. */
  kept: { name: 'kept', partitions: 4, configs: largeSegments },
  /** As before, by idempotent producers whose connections are cut: nothing twice. */
  exact: { name: 'exact', partitions: 4, configs: largeSegments },
  transactions: { name: 'transactions', partitions: 3, configs: largeSegments },
  /** Segments come and go by size. */
  retained: {
    name: 'retained',
    partitions: 4,
    configs: { ...smallSegments, 'retention.bytes': '3000000' },
  },
  /** Segments come and go by age. */
  aged: { name: 'aged', partitions: 2, configs: { ...smallSegments, 'retention.ms': '15000' } },
  compacted: {
    name: 'compacted',
    partitions: 2,
    configs: {
      ...smallSegments,
      'cleanup.policy': 'compact',
      'segment.ms': '5000',
      'min.cleanable.dirty.ratio': '0.1',
      'delete.retention.ms': '1000',
    },
  },
  /** Stored in another codec than it was sent in. */
  recompressed: {
    name: 'recompressed',
    partitions: 2,
    configs: { ...smallSegments, 'compression.type': 'zstd', 'retention.bytes': '1000000' },
  },
} satisfies Record<string, NewTopic>

/** What makes ten minutes long: intervals and expiries that are days otherwise. */
export const soakConfig = {
  'log.retention.check.interval.ms': '1000',
  'log.cleaner.backoff.ms': '500',
  'producer.id.expiration.ms': '30000',
  'offsets.topic.num.partitions': '8',
  'offsets.topic.segment.bytes': '1048576',
  'offsets.retention.minutes': '1',
  'offsets.retention.check.interval.ms': '5000',
  'transaction.state.log.num.partitions': '4',
  'transaction.state.log.segment.bytes': '1048576',
  'transactional.id.expiration.ms': '60000',
  'transaction.remove.expired.transaction.cleanup.interval.ms': '5000',
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '1000',
  'group.consumer.min.session.timeout.ms': '6000',
  'group.consumer.session.timeout.ms': '6000',
  'group.consumer.min.heartbeat.interval.ms': '500',
  'group.consumer.heartbeat.interval.ms': '1000',
  'max.incremental.fetch.session.cache.slots': '64',
  'connections.max.idle.ms': '20000',
  'log.cleaner.dedupe.buffer.size': '8388608',
}
