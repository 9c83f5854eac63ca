import { type CompressionName, decompress } from './compression.ts'
import { CorruptRecordError } from './corrupt-record-error.ts'
import type { RecordBatch } from './record-batch.ts'
import { VarintReader } from './varint.ts'

export type RecordHeader = { key: string; value: Buffer | null }

/** One record; key, value and header values are views on the batch's (decompressed) bytes. */
export type KafkaRecord = {
  offset: number
  timestampMs: number
  key: Buffer | null
  value: Buffer | null
  headers: readonly RecordHeader[]
}

/** The first fields of a record, all that checks of keys and timestamps need. */
export type RecordPreamble = { offset: number; timestampMs: number; hasKey: boolean }

/** What a batch of legal size may grow to when decompressed, unless a caller says otherwise. */
export const defaultMaxDecompressedBytes = 256 * 1024 * 1024

/** A record takes at least this: length, attributes, two deltas, two lengths, header count. */
const minRecordBytes = 7

/**
 * Decodes each record of a batch, decompressing it first where needed.
 * @throws CorruptRecordError, DecompressedTooLargeError
 */
export function* recordsOf(
  batch: RecordBatch,
  maxBytes = defaultMaxDecompressedBytes,
): Generator<KafkaRecord> {
  const timestampMs = batch.isLogAppendTime ? batch.maxTimestampMs : undefined
  const baseOffset = batch.baseOffset
  const baseTimestampMs = batch.baseTimestampMs
  for (const reader of recordReaders(batch, maxBytes)) {
    reader.int8()
    const timestampDelta = reader.varlong()
    const offset = baseOffset + reader.varint()
    const key = reader.bytes(reader.varint())
    const value = reader.bytes(reader.varint())
    const headers = readHeaders(reader)
    if (reader.at !== reader.end)
      throw new CorruptRecordError(`record ${offset} is longer than what it holds`)
    yield { offset, timestampMs: timestampMs ?? baseTimestampMs + timestampDelta, key, value, headers }
  }
}

/** Like `recordsOf`, without looking at values and headers. */
export function* recordPreamblesOf(
  batch: RecordBatch,
  maxBytes = defaultMaxDecompressedBytes,
): Generator<RecordPreamble> {
  const timestampMs = batch.isLogAppendTime ? batch.maxTimestampMs : undefined
  const baseOffset = batch.baseOffset
  const baseTimestampMs = batch.baseTimestampMs
  for (const reader of recordReaders(batch, maxBytes)) {
    reader.int8()
    const timestampDelta = reader.varlong()
    const offset = baseOffset + reader.varint()
    const hasKey = reader.varint() >= 0
    yield { offset, timestampMs: timestampMs ?? baseTimestampMs + timestampDelta, hasKey }
  }
}

/** A reader for each record's body, its count checked against the header's. */
export function* recordReaders(batch: RecordBatch, maxBytes: number): Generator<VarintReader> {
  const codec: CompressionName | undefined = batch.compression
  if (codec === undefined)
    throw new CorruptRecordError(`compression type ${batch.attributes & 7} does not exist`)
  const bytes = decompress(codec, batch.recordsPayload, maxBytes)
  const count = batch.recordCount
  if (count < 0 || count > bytes.length / minRecordBytes) {
    throw new CorruptRecordError(`${count} records cannot lie in ${bytes.length} bytes`)
  }
  const outer = new VarintReader(bytes)
  for (let index = 0; index < count; index++) {
    const length = outer.varint()
    if (length < 0 || length > outer.end - outer.at) {
      throw new CorruptRecordError(
        `record ${index} of the batch says ${length} bytes, ${outer.end - outer.at} are left`,
      )
    }
    yield new VarintReader(bytes, outer.at, outer.at + length)
    outer.at += length
  }
  if (outer.at !== outer.end) {
    throw new CorruptRecordError(`${outer.end - outer.at} bytes follow the ${count} records of the batch`)
  }
}

function readHeaders(reader: VarintReader): RecordHeader[] {
  const count = reader.varint()
  if (count < 0 || count > (reader.end - reader.at) / 2) {
    throw new CorruptRecordError(`${count} headers cannot lie in ${reader.end - reader.at} bytes`)
  }
  const headers: RecordHeader[] = []
  for (let index = 0; index < count; index++) {
    const key = reader.bytes(reader.varint())
    if (key === null) throw new CorruptRecordError('a record header has no key')
    headers.push({ key: key.toString('utf8'), value: reader.bytes(reader.varint()) })
  }
  return headers
}
