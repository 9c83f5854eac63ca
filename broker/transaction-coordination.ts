import { transactionsTopic } from './cluster/internal-topics.ts'
import { MetadataWriteError } from './cluster/metadata-log.ts'
import type { BrokerNode } from './cluster/node.ts'
import type { Partition } from './cluster/partition.ts'
import type { MetadataChange } from './cluster/replayed-metadata.ts'
import type { GroupCoordinator } from './coordinator/group-coordinator.ts'
import type { TransactionMarker } from './coordinator/transaction/marker-writer.ts'
import type { TopicPartitions } from './coordinator/transaction/transaction.ts'
import {
  NoProducerIdError,
  TransactionCoordinator,
} from './coordinator/transaction/transaction-coordinator.ts'
import { writeMarker } from './handlers/transaction-marker.ts'
import { internalLog } from './internal-log.ts'
import { errorCode } from './protocol/error-codes.ts'

/** Ties a node to its transaction coordinator: the partitions of `__transaction_state`, markers and elections. */
export class TransactionCoordination {
  readonly coordinator: TransactionCoordinator
  readonly #node: BrokerNode

  constructor(node: BrokerNode, groups: GroupCoordinator, logError: (message: string) => void) {
    this.#node = node
    this.coordinator = new TransactionCoordinator({
      clock: node.clock,
      brokerConfig: () => node.config,
      partitionCount: () =>
        node.image.topic(transactionsTopic)?.partitions.length ??
        node.config['transaction.state.log.num.partitions'],
      writer: internalLog(node, transactionsTopic),
      markers: { write: (marker, partitions) => writeMarkers(node, groups, marker, partitions) },
      newProducerId: () => newProducerId(node),
      onError: (partition, error) => logError(`${transactionsTopic}-${partition}: ${error.message}`),
    })
  }

  /** Reads in all transactions that this node coordinates, and ends those that were decided. */
  async start(): Promise<void> {
    const partitions = this.#node.image.topic(transactionsTopic)?.partitions ?? []
    for (const { partition } of partitions) await this.#elect(partition)
  }

  close(): void {
    this.coordinator.close()
  }

  partitionOffline(partition: Partition): void {
    if (partition.topic === transactionsTopic) this.coordinator.resigned(partition.index)
  }

  metadataChanged(changes: readonly MetadataChange[]): void {
    for (const change of changes) {
      if (change.kind === 'partitionChanged' && change.topic.name === transactionsTopic) {
        void this.#elect(change.partition.partition)
      }
    }
  }

  async #elect(index: number): Promise<void> {
    const partition = this.#node.partition(transactionsTopic, index)
    if (partition?.isLeader && partition.state.status !== 'offline') {
      await this.coordinator.elected(index, partition.leaderEpoch)
    } else this.coordinator.resigned(index)
  }
}

function newProducerId(node: BrokerNode): number {
  try {
    return node.producerIds.next()
  } catch (error) {
    if (error instanceof MetadataWriteError) throw new NoProducerIdError(error.message, { cause: error })
    throw error
  }
}

/** The partitions that are to be tried again: their disk failed, or their coordinator still reads. */
function writeMarkers(
  node: BrokerNode,
  groups: GroupCoordinator,
  marker: TransactionMarker,
  partitions: TopicPartitions,
): TopicPartitions {
  const left = new Map<string, Set<number>>()
  for (const [topic, indexes] of partitions) {
    const failed = [...indexes].filter((index) => !isDone(writeMarker(node, groups, marker, topic, index)))
    if (failed.length > 0) left.set(topic, new Set(failed))
  }
  return left
}

/** A topic that is gone needs no marker, nor does a partition that has one of a newer epoch. */
function isDone(code: number): boolean {
  return (
    code === errorCode.none ||
    code === errorCode.unknownTopicOrPartition ||
    code === errorCode.invalidProducerEpoch ||
    code === errorCode.transactionCoordinatorFenced
  )
}
