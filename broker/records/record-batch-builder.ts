import { assert } from '../core/assert.ts'
import { type CompressionName, compress } from './compression.ts'
import {
  batchField,
  batchHeaderBytes,
  batchOverheadBytes,
  noProducerId,
  noTimestampMs,
  RecordBatch,
  writeInt64,
} from './record-batch.ts'
import { varintBytes, writeVarint } from './varint.ts'

export type NewRecord = {
  key?: Buffer | string | null
  value?: Buffer | string | null
  headers?: readonly { key: string; value: Buffer | string | null }[]
  timestampMs?: number
  /** Distance from the base offset; default: one more than the record before. */
  offsetDelta?: number
}

export type NewRecordBatch = {
  records: readonly NewRecord[]
  baseOffset?: number
  partitionLeaderEpoch?: number
  compression?: CompressionName
  producerId?: number
  producerEpoch?: number
  baseSequence?: number
  isTransactional?: boolean
  isControl?: boolean
  /** Set: the batch is LogAppendTime with this time for all its records. */
  logAppendTimeMs?: number
  /** For records that have none of their own; default -1, no timestamp. */
  timestampMs?: number
}

type PreparedRecord = {
  key: Buffer | null
  value: Buffer | null
  headers: { key: Buffer; value: Buffer | null }[]
  timestampDelta: number
  offsetDelta: number
  bodyBytes: number
}

export const compressionBits: Record<CompressionName, number> = {
  none: 0,
  gzip: 1,
  snappy: 2,
  lz4: 3,
  zstd: 4,
}

/** Encodes one record batch v2. At least one record. */
export function encodeRecordBatch(batch: NewRecordBatch): Buffer {
  assert(batch.records.length > 0, 'a record batch holds at least one record')
  const timestamps = batch.records.map((record) => record.timestampMs ?? batch.timestampMs ?? noTimestampMs)
  const baseTimestampMs = timestamps[0]!
  const prepared: PreparedRecord[] = []
  for (const [index, record] of batch.records.entries()) {
    const offsetDelta = record.offsetDelta ?? (prepared.at(-1)?.offsetDelta ?? -1) + 1
    prepared.push(prepare(record, timestamps[index]! - baseTimestampMs, offsetDelta))
  }
  const codec = batch.compression ?? 'none'
  const plainBytes = prepared.reduce(
    (sum, record) => sum + varintBytes(record.bodyBytes) + record.bodyBytes,
    0,
  )
  if (codec === 'none') {
    const bytes = Buffer.allocUnsafe(batchHeaderBytes + plainBytes)
    writeRecords(bytes, batchHeaderBytes, prepared)
    return withHeader(bytes, batch, prepared, timestamps)
  }
  const plain = Buffer.allocUnsafe(plainBytes)
  writeRecords(plain, 0, prepared)
  const bytes = Buffer.concat([Buffer.allocUnsafe(batchHeaderBytes), compress(codec, plain)])
  return withHeader(bytes, batch, prepared, timestamps)
}

function withHeader(
  bytes: Buffer,
  batch: NewRecordBatch,
  records: readonly PreparedRecord[],
  timestamps: readonly number[],
): Buffer {
  const maxTimestampMs =
    batch.logAppendTimeMs ?? timestamps.reduce((max, each) => Math.max(max, each), noTimestampMs)
  const attributes =
    compressionBits[batch.compression ?? 'none'] |
    (batch.logAppendTimeMs === undefined ? 0 : 0x08) |
    (batch.isTransactional ? 0x10 : 0) |
    (batch.isControl ? 0x20 : 0)
  writeInt64(bytes, batch.baseOffset ?? 0, batchField.baseOffset)
  bytes.writeInt32BE(bytes.length - batchOverheadBytes, batchField.batchLength)
  bytes.writeInt32BE(batch.partitionLeaderEpoch ?? -1, batchField.partitionLeaderEpoch)
  bytes.writeInt8(2, batchField.magic)
  bytes.writeInt16BE(attributes, batchField.attributes)
  bytes.writeInt32BE(records.at(-1)!.offsetDelta, batchField.lastOffsetDelta)
  writeInt64(bytes, timestamps[0]!, batchField.baseTimestamp)
  writeInt64(bytes, maxTimestampMs, batchField.maxTimestamp)
  writeInt64(bytes, batch.producerId ?? noProducerId, batchField.producerId)
  bytes.writeInt16BE(batch.producerEpoch ?? -1, batchField.producerEpoch)
  bytes.writeInt32BE(batch.baseSequence ?? -1, batchField.baseSequence)
  bytes.writeInt32BE(records.length, batchField.recordCount)
  bytes.writeUInt32BE(new RecordBatch(bytes).computeCrc(), batchField.crc)
  return bytes
}

function prepare(record: NewRecord, timestampDelta: number, offsetDelta: number): PreparedRecord {
  const key = toBuffer(record.key)
  const value = toBuffer(record.value)
  const headers = (record.headers ?? []).map((header) => ({
    key: Buffer.from(header.key, 'utf8'),
    value: toBuffer(header.value),
  }))
  let bodyBytes =
    1 + varintBytes(timestampDelta) + varintBytes(offsetDelta) + framedBytes(key) + framedBytes(value)
  bodyBytes += varintBytes(headers.length)
  for (const header of headers) bodyBytes += framedBytes(header.key) + framedBytes(header.value)
  return { key, value, headers, timestampDelta, offsetDelta, bodyBytes }
}

function writeRecords(target: Buffer, start: number, records: readonly PreparedRecord[]): void {
  let at = start
  for (const record of records) {
    at = writeVarint(target, record.bodyBytes, at)
    target[at++] = 0
    at = writeVarint(target, record.timestampDelta, at)
    at = writeVarint(target, record.offsetDelta, at)
    at = writeFramed(target, record.key, at)
    at = writeFramed(target, record.value, at)
    at = writeVarint(target, record.headers.length, at)
    for (const header of record.headers) {
      at = writeFramed(target, header.key, at)
      at = writeFramed(target, header.value, at)
    }
  }
}

function toBuffer(bytes: Buffer | string | null | undefined): Buffer | null {
  if (bytes === null || bytes === undefined) return null
  return typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes
}

function framedBytes(bytes: Buffer | null): number {
  return bytes === null ? 1 : varintBytes(bytes.length) + bytes.length
}

function writeFramed(target: Buffer, bytes: Buffer | null, at: number): number {
  if (bytes === null) return writeVarint(target, -1, at)
  const start = writeVarint(target, bytes.length, at)
  bytes.copy(target, start)
  return start + bytes.length
}
