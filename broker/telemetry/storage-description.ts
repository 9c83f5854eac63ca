import type { BrokerNode } from '../cluster/node.ts'
import type { Partition } from '../cluster/partition.ts'
import type { PartitionStorage, ProducerDescription } from '../host.ts'
import type { LogConfig } from '../log/log-config.ts'
import { partitionDir } from '../log/log-dir.ts'
import type { SegmentDescription } from '../log/segment-list.ts'

/** The segments of each partition of a topic, and what retention removes next; null: no such topic. */
export function describeStorage(node: BrokerNode, topic: string): PartitionStorage[] | null {
  const image = node.image.topic(topic)
  if (!image) return null
  return image.partitions.flatMap(({ partition: index }) => {
    const partition = node.partition(topic, index)
    return partition ? [describePartition(node, partition)] : []
  })
}

function describePartition(node: BrokerNode, partition: Partition): PartitionStorage {
  const { state, topic, index } = partition
  const dir = partitionDir(topic, index)
  if (state.status === 'offline') {
    return { topic, partition: index, dir, offlineReason: state.reason, segments: [], nextRetention: null }
  }
  if (state.status === 'empty') {
    return { topic, partition: index, dir, offlineReason: null, segments: [], nextRetention: null }
  }
  const segments = state.log.segments()
  const nextRetention = nextVictim(segments, state.log.config, node.clock.nowMs())
  return { topic, partition: index, dir: state.log.dir, offlineReason: null, segments, nextRetention }
}

/** The oldest segment goes first; the next check of log.retention.check.interval.ms after `dueMs` removes it. */
function nextVictim(
  segments: readonly SegmentDescription[],
  config: LogConfig,
  nowMs: number,
): PartitionStorage['nextRetention'] {
  const oldest = segments[0]
  if (!oldest || oldest.nextOffset === oldest.baseOffset || !config.cleanupPolicy.includes('delete'))
    return null
  const { baseOffset, sizeBytes } = oldest
  const totalBytes = segments.reduce((sum, segment) => sum + segment.sizeBytes, 0)
  if (!oldest.active && config.retentionBytes >= 0 && totalBytes - sizeBytes >= config.retentionBytes) {
    return { baseOffset, sizeBytes, reason: 'size', dueMs: nowMs }
  }
  if (config.retentionMs < 0 || oldest.maxTimestampMs < 0) return null
  const dueMs = oldest.maxTimestampMs + config.retentionMs
  return Number.isSafeInteger(dueMs) ? { baseOffset, sizeBytes, reason: 'time', dueMs } : null
}

/** Producers that the partitions of a topic remember; null: no such topic. */
export function describeProducers(node: BrokerNode, topic: string): ProducerDescription[] | null {
  const image = node.image.topic(topic)
  if (!image) return null
  return image.partitions.flatMap(({ partition: index }) => {
    const state = node.partition(topic, index)?.state
    if (state?.status !== 'online') return []
    return state.log.activeProducers().map((producer) => ({
      topic,
      partition: index,
      producerId: producer.producerId,
      producerEpoch: producer.producerEpoch,
      lastSequence: producer.lastSequence,
      lastTimestampMs: producer.lastTimestampMs,
      currentTransactionStartOffset: producer.currentTransactionStartOffset,
    }))
  })
}
