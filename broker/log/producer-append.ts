import type { EndTransactionMarker } from '../records/control-record.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import type { AppendErrorName, AppendOrigin } from './append.ts'
import {
  isInOpenTransaction,
  isInSequence,
  lastSequenceOf,
  noProducerEpoch,
  noSequence,
  type ProducerEntry,
  withBatch,
} from './producer-entry.ts'

export type ProducerFault = { error: AppendErrorName; message: string }

export type CompletedTransaction = {
  producerId: number
  firstOffset: number
  lastOffset: number
  isAborted: boolean
}

export type ProducerStep = { entry: ProducerEntry; completed?: CompletedTransaction }

export type BatchPlace = { origin: AppendOrigin; firstOffset: number; lastOffset: number; nowMs: number }

/** What a data batch makes of its producer's entry, or why it may not be appended (Kafka's ProducerAppendInfo). */
export function appendDataBatch(
  entry: ProducerEntry,
  batch: RecordBatch,
  place: BatchPlace,
): ProducerStep | ProducerFault {
  const fault = epochFault(entry, batch.producerEpoch, place) ?? sequenceFault(entry, batch, place)
  if (fault) return fault
  const isTransactional = batch.isTransactional
  if (isInOpenTransaction(entry) && !isTransactional) {
    return {
      error: 'INVALID_TXN_STATE',
      message: `producer ${entry.producerId} has an open transaction and sent a batch outside of it`,
    }
  }
  const next = withBatch(
    entry,
    batch.producerEpoch,
    {
      lastSequence: batch.lastSequence,
      lastOffset: place.lastOffset,
      offsetDelta: place.lastOffset - place.firstOffset,
      timestampMs: batch.maxTimestampMs,
    },
    place.nowMs,
  )
  if (isTransactional && !isInOpenTransaction(entry)) next.currentTransactionStartOffset = place.firstOffset
  return { entry: next }
}

/** What a commit or abort marker makes of its producer's entry. */
export function appendMarker(
  entry: ProducerEntry,
  batch: RecordBatch,
  marker: EndTransactionMarker,
  place: BatchPlace,
): ProducerStep | ProducerFault {
  const fault = epochFault(entry, batch.producerEpoch, place)
  if (fault) return fault
  if (marker.coordinatorEpoch < entry.coordinatorEpoch && place.origin !== 'replication') {
    return {
      error: 'TRANSACTION_COORDINATOR_FENCED',
      message: `a marker of coordinator epoch ${marker.coordinatorEpoch}, the last one was of ${entry.coordinatorEpoch}`,
    }
  }
  const next: ProducerEntry = {
    ...entry,
    producerEpoch: batch.producerEpoch,
    coordinatorEpoch: marker.coordinatorEpoch,
    lastTimestampMs: batch.maxTimestampMs,
    lastAppendMs: place.nowMs,
    // A marker of a new epoch ends the sequence of the old one.
    batches: batch.producerEpoch === entry.producerEpoch ? entry.batches : [],
    currentTransactionStartOffset: -1,
  }
  if (!isInOpenTransaction(entry)) return { entry: next }
  const { producerId, currentTransactionStartOffset: firstOffset } = entry
  return {
    entry: next,
    completed: { producerId, firstOffset, lastOffset: place.lastOffset, isAborted: marker.type === 'abort' },
  }
}

function epochFault(
  entry: ProducerEntry,
  producerEpoch: number,
  place: BatchPlace,
): ProducerFault | undefined {
  if (producerEpoch >= entry.producerEpoch || place.origin === 'replication') return undefined
  return {
    error: 'INVALID_PRODUCER_EPOCH',
    message: `epoch ${producerEpoch} of producer ${entry.producerId} is older than the last one seen, ${entry.producerEpoch}`,
  }
}

function sequenceFault(
  entry: ProducerEntry,
  batch: RecordBatch,
  place: BatchPlace,
): ProducerFault | undefined {
  if (place.origin !== 'client') return undefined
  const { producerEpoch, baseSequence } = batch
  if (producerEpoch !== entry.producerEpoch) {
    // A producer we know nothing of (new, expired, or its records deleted) may start anywhere.
    if (baseSequence === 0 || entry.producerEpoch === noProducerEpoch) return undefined
    return {
      error: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
      message: `producer ${entry.producerId} starts epoch ${producerEpoch} with sequence ${baseSequence}, not 0`,
    }
  }
  const lastSequence = lastSequenceOf(entry)
  if (lastSequence === noSequence || isInSequence(lastSequence, baseSequence)) return undefined
  return {
    error: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
    message: `producer ${entry.producerId} sent sequence ${baseSequence} after ${lastSequence}`,
  }
}
