import { recordsOf } from './record.ts'
import type { RecordBatch } from './record-batch.ts'
import { encodeRecordBatch } from './record-batch-builder.ts'

/** Kafka's control record types; others (leader change, snapshots) are of KRaft's own log. */
export type EndTransactionMarker = { type: 'abort' | 'commit'; coordinatorEpoch: number }

export type NewEndTransactionMarker = EndTransactionMarker & {
  producerId: number
  producerEpoch: number
  timestampMs: number
}

const markerTypes = ['abort', 'commit'] as const
const markerVersion = 0

/** A batch with one commit or abort marker: key [version i16, type i16], value [version i16, coordinator epoch i32]. */
export function encodeEndTransactionMarker(marker: NewEndTransactionMarker): Buffer {
  const key = Buffer.alloc(4)
  key.writeInt16BE(markerVersion, 0)
  key.writeInt16BE(markerTypes.indexOf(marker.type), 2)
  const value = Buffer.alloc(6)
  value.writeInt16BE(markerVersion, 0)
  value.writeInt32BE(marker.coordinatorEpoch, 2)
  return encodeRecordBatch({
    records: [{ key, value, timestampMs: marker.timestampMs }],
    producerId: marker.producerId,
    producerEpoch: marker.producerEpoch,
    isTransactional: true,
    isControl: true,
  })
}

/** The marker in a control batch; undefined when the batch holds another type of control record. */
export function endTransactionMarkerOf(batch: RecordBatch): EndTransactionMarker | undefined {
  for (const { key, value } of recordsOf(batch)) {
    if (key === null || key.length < 4 || value === null || value.length < 6) return undefined
    const type = markerTypes[key.readInt16BE(2)]
    return type && { type, coordinatorEpoch: value.readInt32BE(2) }
  }
  return undefined
}
