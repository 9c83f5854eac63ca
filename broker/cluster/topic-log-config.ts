import type { BrokerConfig } from '../core/config/broker-configs.ts'
import type { TopicConfig } from '../core/config/topic-configs.ts'
import type { CleanerConfig } from '../log/cleaner/log-cleaner.ts'
import { defaultLogConfig, type LogCompression, type LogConfig } from '../log/log-config.ts'

/** Beyond this a count stands for "no limit": Kafka writes the greatest long. */
const noLimit = Number.MAX_SAFE_INTEGER

function limited(value: number): number {
  return value >= noLimit ? Number.POSITIVE_INFINITY : value
}

/** A topic's effective configs as its logs take them. */
export function topicLogConfig(topic: TopicConfig, broker: BrokerConfig): LogConfig {
  return {
    segmentBytes: topic['segment.bytes'],
    segmentMs: topic['segment.ms'],
    segmentJitterMs: topic['segment.jitter.ms'],
    segmentIndexBytes: topic['segment.index.bytes'],
    indexIntervalBytes: topic['index.interval.bytes'],
    retentionBytes: topic['retention.bytes'],
    retentionMs: topic['retention.ms'],
    cleanupPolicy: topic['cleanup.policy'].filter((policy) => policy === 'delete' || policy === 'compact'),
    maxMessageBytes: topic['max.message.bytes'],
    messageTimestampType:
      topic['message.timestamp.type'] === 'LogAppendTime' ? 'LogAppendTime' : 'CreateTime',
    messageTimestampBeforeMaxMs: limited(topic['message.timestamp.before.max.ms']),
    messageTimestampAfterMaxMs: limited(topic['message.timestamp.after.max.ms']),
    flushMessages: limited(topic['flush.messages']),
    flushMs: limited(topic['flush.ms']),
    fileDeleteDelayMs: topic['file.delete.delay.ms'],
    preallocate: topic.preallocate,
    producerIdExpirationMs: broker['producer.id.expiration.ms'],
    compression: logCompression(topic),
    minCleanableDirtyRatio: topic['min.cleanable.dirty.ratio'],
    minCompactionLagMs: topic['min.compaction.lag.ms'],
    maxCompactionLagMs: limited(topic['max.compaction.lag.ms']),
    deleteRetentionMs: topic['delete.retention.ms'],
  }
}

function logCompression(topic: TopicConfig): LogCompression {
  switch (topic['compression.type']) {
    case 'uncompressed':
      return { codec: 'none' }
    case 'gzip':
      return { codec: 'gzip', level: topic['compression.gzip.level'] }
    case 'zstd':
      return { codec: 'zstd', level: topic['compression.zstd.level'] }
    case 'snappy':
    case 'lz4':
      return { codec: topic['compression.type'] }
    default:
      return 'producer'
  }
}

/** The metadata log keeps everything and takes a whole CreateTopics in one batch. */
export const metadataLogConfig: LogConfig = {
  ...defaultLogConfig,
  retentionMs: -1,
  maxMessageBytes: 256 * 1024 * 1024,
  messageTimestampAfterMaxMs: Number.POSITIVE_INFINITY,
}

/** The cleaner's own configs, those of no single topic. */
export function cleanerConfig(broker: BrokerConfig): CleanerConfig {
  return {
    isEnabled: broker['log.cleaner.enable'],
    backoffMs: broker['log.cleaner.backoff.ms'],
    dedupeBufferBytes: broker['log.cleaner.dedupe.buffer.size'],
    loadFactor: broker['log.cleaner.io.buffer.load.factor'],
    maxBytesPerSecond: broker['log.cleaner.io.max.bytes.per.second'],
  }
}
