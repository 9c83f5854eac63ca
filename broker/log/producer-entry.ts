import { sequenceAfter } from '../records/record-batch.ts'

/** What is remembered of one batch of a producer. */
export type BatchMetadata = {
  lastSequence: number
  lastOffset: number
  offsetDelta: number
  timestampMs: number
}

export const noProducerEpoch = -1
export const noSequence = -1
const noOffset = -1
/** A producer may have five requests in flight, so a retry is one of its last five batches. */
const retainedBatches = 5

/** One producer's state on one partition (KIP-98). */
export type ProducerEntry = {
  producerId: number
  producerEpoch: number
  coordinatorEpoch: number
  /** Timestamp of the last batch or marker, as the snapshot keeps it. */
  lastTimestampMs: number
  /** When the broker took the last batch: a producer of old timestamps is not idle. */
  lastAppendMs: number
  /** Oldest first. */
  batches: readonly BatchMetadata[]
  /** First offset of the open transaction, -1: none. */
  currentTransactionStartOffset: number
}

export function emptyProducerEntry(producerId: number): ProducerEntry {
  return {
    producerId,
    producerEpoch: noProducerEpoch,
    coordinatorEpoch: -1,
    lastTimestampMs: -1,
    lastAppendMs: 0,
    batches: [],
    currentTransactionStartOffset: noOffset,
  }
}

export function lastSequenceOf(entry: ProducerEntry): number {
  return entry.batches.at(-1)?.lastSequence ?? noSequence
}

function firstSequenceOf(batch: BatchMetadata): number {
  const first = batch.lastSequence - batch.offsetDelta
  return first < 0 ? first + 0x80000000 : first
}

export function isInOpenTransaction(entry: ProducerEntry): boolean {
  return entry.currentTransactionStartOffset !== noOffset
}

/** Whether a batch starting with `sequence` follows one ending with `lastSequence`. */
export function isInSequence(lastSequence: number, sequence: number): boolean {
  return sequence === sequenceAfter(lastSequence, 1)
}

/** The entry with one more batch; a new epoch forgets the batches of the old. */
export function withBatch(
  entry: ProducerEntry,
  producerEpoch: number,
  batch: BatchMetadata,
  nowMs: number,
): ProducerEntry {
  const kept = producerEpoch === entry.producerEpoch ? entry.batches.slice(1 - retainedBatches) : []
  return {
    ...entry,
    producerEpoch,
    lastTimestampMs: batch.timestampMs,
    lastAppendMs: nowMs,
    batches: [...kept, batch],
  }
}

/** The remembered batch with exactly these sequences: what a retry sends again. */
export function duplicateOf(
  entry: ProducerEntry,
  producerEpoch: number,
  firstSequence: number,
  lastSequence: number,
): BatchMetadata | undefined {
  if (producerEpoch !== entry.producerEpoch) return undefined
  return entry.batches.find(
    (batch) => batch.lastSequence === lastSequence && firstSequenceOf(batch) === firstSequence,
  )
}

/** A producer as DescribeProducers and the page tell it. */
export type ActiveProducer = {
  producerId: number
  producerEpoch: number
  lastSequence: number
  /** Of its last batch of data; -1: only markers are known. */
  lastDataOffset: number
  lastTimestampMs: number
  coordinatorEpoch: number
  /** -1: no transaction is open. */
  currentTransactionStartOffset: number
}

export function describeProducer(entry: ProducerEntry): ActiveProducer {
  return {
    producerId: entry.producerId,
    producerEpoch: entry.producerEpoch,
    lastSequence: lastSequenceOf(entry),
    lastDataOffset: entry.batches.at(-1)?.lastOffset ?? -1,
    lastTimestampMs: entry.lastTimestampMs,
    coordinatorEpoch: entry.coordinatorEpoch,
    currentTransactionStartOffset: entry.currentTransactionStartOffset,
  }
}
