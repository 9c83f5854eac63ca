import { CorruptRecordError, DecompressedTooLargeError } from '../records/corrupt-record-error.ts'
import { defaultMaxDecompressedBytes } from '../records/record.ts'
import { RecordBatch } from '../records/record-batch.ts'
import { withCompression } from '../records/stored-record.ts'
import type { AppendFailure, AppendOptions } from './append.ts'
import type { LogConfig } from './log-config.ts'
import { type CheckedAppend, refused } from './validate-append.ts'

/**
 * The batches in the codec that compression.type asks for. Batches that already have it stay as they are, whatever
 * their level, and so do markers, as in Kafka's LogValidator.
 */
export function recompressed(
  checked: CheckedAppend,
  { origin }: AppendOptions,
  { compression, maxMessageBytes }: LogConfig,
): CheckedAppend | AppendFailure {
  if (compression === 'producer' || origin === 'replication') return checked
  const { codec, level } = compression
  if (checked.batches.every((batch) => batch.compression === codec || batch.isControl)) return checked
  const chunks: Buffer[] = []
  try {
    for (const batch of checked.batches) {
      const isAsWanted = batch.compression === codec || batch.isControl
      chunks.push(
        isAsWanted
          ? batch.buffer.subarray(batch.start, batch.start + batch.sizeBytes)
          : withCompression(batch, codec, level, defaultMaxDecompressedBytes),
      )
    }
  } catch (error) {
    if (error instanceof CorruptRecordError) return refused('CORRUPT_MESSAGE', error.message)
    if (error instanceof DecompressedTooLargeError) return refused('MESSAGE_TOO_LARGE', error.message)
    throw error
  }
  const tooLarge = chunks.find((chunk) => chunk.length > maxMessageBytes)
  if (tooLarge) {
    const message = `the batch has ${tooLarge.length} bytes as ${codec}, max.message.bytes allows ${maxMessageBytes}`
    return refused('MESSAGE_TOO_LARGE', message)
  }
  const records = Buffer.concat(chunks)
  let at = 0
  const batches = chunks.map((chunk) => {
    const batch = new RecordBatch(records, at)
    at += chunk.length
    return batch
  })
  return { ...checked, batches, records }
}
