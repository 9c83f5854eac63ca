import { type BatchFault, batchFaultAt, batchHeaderBytes, RecordBatch } from '../records/record-batch.ts'
import type { LogFile } from './file-cache.ts'

/** Read at a time: for headers alone little, since the records between them are skipped. */
const windowBytes = { header: 4 * 1024, whole: 64 * 1024 }

export type ScannedBatch = { batch: RecordBatch; position: number }

/**
 * Walks the batches of a file from `start` to `end`, both batch boundaries when all is well. `extent` says whether
 * each view covers the whole batch or its header alone (then records are skipped unread). A view is valid until
 * the next step. Returns the fault that ended the walk before `end`.
 */
export function* scanBatches(
  file: LogFile,
  start: number,
  end: number,
  extent: 'header' | 'whole',
): Generator<ScannedBatch, BatchFault | undefined> {
  let storage = Buffer.alloc(0)
  let window = storage
  let windowStart = start
  let position = start
  const load = (bytes: number): void => {
    const length = Math.min(Math.max(bytes, windowBytes[extent]), end - position)
    if (storage.length < length) storage = Buffer.allocUnsafeSlow(length)
    window = storage.subarray(0, file.read(storage, 0, length, position))
    windowStart = position
  }
  while (position < end) {
    const headerEnd = Math.min(batchHeaderBytes, end - position)
    if (position - windowStart + headerEnd > window.length) load(headerEnd)
    const fault = batchFaultAt(window, position - windowStart, end - windowStart)
    if (fault) return { ...fault, at: position }
    const sizeBytes = new RecordBatch(window, position - windowStart).sizeBytes
    if (extent === 'whole' && position - windowStart + sizeBytes > window.length) load(sizeBytes)
    if (position - windowStart + headerEnd > window.length) {
      return { reason: 'cut', at: position, message: 'the file ends before its own length' }
    }
    yield { batch: new RecordBatch(window, position - windowStart), position }
    position += sizeBytes
  }
  return undefined
}
