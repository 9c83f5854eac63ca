import type { RecordBatch } from '../../records/record-batch.ts'
import {
  type StoredRecord,
  storedRecordsOf,
  withoutRecords,
  withRecords,
} from '../../records/stored-record.ts'
import type { ActiveProducer } from '../producer-entry.ts'
import type { AbortedTransaction } from '../read.ts'
import type { CleanedTransactions } from './cleaned-transactions.ts'
import type { OffsetMap } from './offset-map.ts'

export type BatchCleaning = {
  map: OffsetMap
  transactions: CleanedTransactions
  producers: ReadonlyMap<number, ActiveProducer>
  /** End of this cleaning: the batch before it stays, empty if need be, so that the log keeps its end. */
  endOffset: number
  nowMs: number
  deleteRetentionMs: number
  maxDecompressedBytes: number
}

export type CleanedBatch = {
  /** undefined: nothing of the batch stays. */
  bytes: Buffer | undefined
  /** For the transaction index: the aborted transaction whose marker stays with its emptied batches. */
  aborted?: AbortedTransaction
}

/**
 * What stays of one batch (Kafka's Cleaner.cleanInto and MemoryRecords.filterTo): the latest record of each key,
 * tombstones until their delete horizon, markers while their transaction has batches and then until their horizon.
 * The bytes are a view on the batch where nothing changes. Throws CorruptRecordError, DecompressedTooLargeError.
 */
export function cleanBatch(batch: RecordBatch, cleaning: BatchCleaning): CleanedBatch {
  const horizonMs = batch.hasDeleteHorizon ? batch.baseTimestampMs : undefined
  const isPastHorizon = horizonMs !== undefined && horizonMs <= cleaning.nowMs
  const marker = batch.isControl ? cleaning.transactions.discardsMarker(batch) : undefined
  const discardsRecords = marker
    ? marker.discards && isPastHorizon
    : cleaning.transactions.discardsData(batch)
  const kept: StoredRecord[] = []
  let hasTombstones = false
  if (!discardsRecords) {
    for (const record of storedRecordsOf(batch, cleaning.maxDecompressedBytes)) {
      if (!batch.isControl && !keepsRecord(record, cleaning.map, isPastHorizon)) continue
      kept.push(record)
      if (!record.hasValue) hasTombstones = true
    }
  }
  const aborted = marker?.kept ? { aborted: marker.kept } : {}
  if (kept.length === 0) {
    const bytes = keepsEmpty(batch, cleaning) ? withoutRecords(batch) : undefined
    return { bytes, ...aborted }
  }
  const beginsHorizon = horizonMs === undefined && (hasTombstones || marker?.discards === true)
  if (kept.length === batch.recordCount && !beginsHorizon) {
    return { bytes: batch.buffer.subarray(batch.start, batch.start + batch.sizeBytes), ...aborted }
  }
  const newHorizonMs = beginsHorizon ? cleaning.nowMs + cleaning.deleteRetentionMs : horizonMs
  return { bytes: withRecords(batch, kept, newHorizonMs), ...aborted }
}

function keepsRecord(record: StoredRecord, map: OffsetMap, isPastHorizon: boolean): boolean {
  if (record.offset > map.latestOffset) return true
  // From the time before the topic was compacted: no key can ever replace it, and Kafka drops it too.
  if (record.key === null) return false
  return record.offset >= map.get(record.key) && (record.hasValue || !isPastHorizon)
}

/** The last batch of the cleaning, and what holds a live producer's last sequence or epoch. */
function keepsEmpty(batch: RecordBatch, { endOffset, producers }: BatchCleaning): boolean {
  if (batch.nextOffset === endOffset) return true
  const producer = batch.hasProducerId ? producers.get(batch.producerId) : undefined
  if (producer === undefined) return false
  return producer.lastDataOffset >= 0
    ? batch.lastOffset === producer.lastDataOffset
    : batch.isControl && batch.producerEpoch === producer.producerEpoch
}
