import type { PartitionStorage as HostStorage } from '../../../broker/host.ts'
import type { Broker } from '../../../broker/index.ts'
import type { PartitionStorage } from '../../contract/topics.ts'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import { KafkaError } from '../kafka/kafka-error.ts'
import { fetchLogDirs } from '../kafka/log-dirs.ts'

/** Sizes by log dir from any cluster (DescribeLogDirs 35). */
export async function storageByLogDirs(client: KafkaClient, name: string): Promise<PartitionStorage[]> {
  const topic = await client.topic(name)
  const partitions = topic.partitions.map(({ partitionIndex }) => partitionIndex)
  const nodes = new Set(topic.partitions.flatMap(({ replicaNodes }) => replicaNodes))
  const dirs = await fetchLogDirs(client, nodes, [{ name, partitions }])
  return dirs
    .flatMap(({ broker, path, partitions: held }) =>
      held.map(({ partition, sizeBytes }) => ({
        partition,
        broker,
        logDir: path,
        sizeBytes,
        segments: null,
      })),
    )
    .sort((a, b) => a.partition - b.partition || a.broker - b.broker)
}

/** Every segment file, from the broker in this process. */
export async function storageBySegments(broker: Broker, name: string): Promise<PartitionStorage[]> {
  const partitions = await broker.channel.ask('describeStorage', { topic: name })
  if (partitions === null) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `There is no topic ${name}.`)
  return partitions.map((partition) => ({
    partition: partition.partition,
    broker: broker.nodeId,
    logDir: partition.dir,
    sizeBytes: partition.segments.reduce((sum, segment) => sum + segment.sizeBytes, 0),
    segments: partition.segments.map((segment) => ({
      baseOffset: segment.baseOffset,
      nextOffset: segment.nextOffset,
      sizeBytes: segment.sizeBytes,
      offsetIndexBytes: segment.indexBytes,
      timeIndexBytes: segment.timeIndexBytes,
      transactionIndexBytes: 0,
      largestTimestamp: segment.maxTimestampMs < 0 ? null : segment.maxTimestampMs,
      lastModified: null,
      active: segment.active,
      removal: removalOf(partition, segment.baseOffset),
    })),
  }))
}

function removalOf({ nextRetention }: HostStorage, baseOffset: number) {
  if (nextRetention === null || nextRetention.baseOffset !== baseOffset) return null
  return { reason: nextRetention.reason, at: nextRetention.dueMs }
}
