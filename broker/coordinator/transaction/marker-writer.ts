import type { TopicPartitions } from './transaction.ts'

/** The end of one transaction, as it is written to every partition that was part of it. */
export type TransactionMarker = {
  readonly producerId: number
  readonly producerEpoch: number
  readonly coordinatorEpoch: number
  readonly committed: boolean
  /** From 2 on a transaction ends with an epoch that its records do not have (KIP-890). */
  readonly transactionVersion: number
}

/** The coordinator's way to the partitions of a transaction, on whichever node they are. */
export type MarkerWriter = {
  /**
   * Writes the marker to each partition and returns those where it could not be written yet. A partition that is
   * gone, or that has seen a newer epoch, needs none.
   */
  write(marker: TransactionMarker, partitions: TopicPartitions): TopicPartitions | Promise<TopicPartitions>
}
