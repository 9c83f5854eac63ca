import { type BatchFault, batchFaultAt, batchHeaderBytes, RecordBatch } from '../records/record-batch.ts'
import type { LogFile } from './file-cache.ts'

const windowBytes = 64 * 1024

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
  let window = Buffer.alloc(0)
  let windowStart = start
  let position = start
  const load = (bytes: number): void => {
    const length = Math.min(Math.max(bytes, windowBytes), end - position)
    if (window.buffer.byteLength < length || window.length < length) window = Buffer.allocUnsafeSlow(length)
    const count = file.read(window, 0, length, position)
    window = window.subarray(0, count)
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
