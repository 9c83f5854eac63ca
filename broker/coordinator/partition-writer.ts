/** A record of `__consumer_offsets`: Kafka's own key and value bytes; a null value is a tombstone. */
export type CoordinatorRecord = { readonly key: Buffer; readonly value: Buffer | null }

/**
 * What became of an append. `committed` is absent when the batch is committed already (one replica), else it
 * resolves when the high watermark passes the batch and rejects when this broker loses the partition first.
 */
export type WriteResult =
  | { readonly ok: true; readonly committed?: Promise<void> }
  | { readonly ok: false; readonly errorCode: number }

/** Who writes records as part of a transaction, which they take effect with. */
export type ProducerOfRecords = { readonly producerId: number; readonly producerEpoch: number }

/** One stored batch, as the loader reads it back at election. */
export type StoredBatch = {
  readonly baseOffset: number
  readonly records: readonly { readonly key: Buffer | null; readonly value: Buffer | null }[]
  /** Set: the records hold once this producer's transaction is committed; with `marker`, it was ended here. */
  readonly transaction?: { readonly producerId: number; readonly marker?: 'commit' | 'abort' }
}

/**
 * The coordinator's way to its own partitions of `__consumer_offsets`; the cluster implements it on its
 * Partition. All batches of one partition are appended in the order of the calls.
 */
export type PartitionWriter = {
  /**
   * Appends one batch synchronously (all records or none); a failure is a value with Kafka's error code. A batch
   * may exceed max.message.bytes: what a group of thousands of members writes must go in at once.
   */
  append(
    partition: number,
    records: readonly CoordinatorRecord[],
    timestampMs: number,
    producer?: ProducerOfRecords,
  ): WriteResult
  /** Reads the partition from its log start to its log end, a bounded number of batches a step. */
  read(partition: number): AsyncIterable<StoredBatch> | Iterable<StoredBatch>
}

/** What the coordinator must know of topics; a live view of the broker's metadata image. */
export type TopicDirectory = {
  topicId(topicName: string): string | undefined
  topicName(topicId: string): string | undefined
  /** 0 when the topic does not exist. */
  partitionCount(topicName: string): number
  topicNames(): Iterable<string>
}
