import { assert } from '../core/assert.ts'
import { type CompressionName, compress, decompress } from './compression.ts'
import { recordReaders } from './record.ts'
import {
  attributeBits,
  batchField,
  batchHeaderBytes,
  batchOverheadBytes,
  noTimestampMs,
  RecordBatch,
  writeInt64,
} from './record-batch.ts'
import { compressionBits } from './record-batch-builder.ts'
import { varintBytes, writeVarint } from './varint.ts'

/** A record as it lies in its batch: what a rewrite needs, and the bytes from the key on as they are. */
export type StoredRecord = {
  offset: number
  timestampMs: number
  key: Buffer | null
  hasValue: boolean
  /** Key, value and headers with their lengths, a view. */
  content: Buffer
}

/** Each record of a batch, values and headers unread. Throws CorruptRecordError, DecompressedTooLargeError. */
export function* storedRecordsOf(batch: RecordBatch, maxBytes: number): Generator<StoredRecord> {
  const { baseOffset, baseTimestampMs } = batch
  const logAppendTimeMs = batch.isLogAppendTime ? batch.maxTimestampMs : undefined
  for (const reader of recordReaders(batch, maxBytes)) {
    reader.int8()
    const timestampMs = baseTimestampMs + reader.varlong()
    const offset = baseOffset + reader.varint()
    const from = reader.at
    const key = reader.bytes(reader.varint())
    const hasValue = reader.varint() >= 0
    const content = reader.buffer.subarray(from, reader.end)
    yield { offset, timestampMs: logAppendTimeMs ?? timestampMs, key, hasValue, content }
  }
}

/**
 * The batch with `records` alone, at least one, in its codec. Offsets, sequences and epochs stay, the last offset
 * too (KIP-98: it carries the producer's last sequence). With a delete horizon the base timestamp holds it (KIP-534).
 */
export function withRecords(
  batch: RecordBatch,
  records: readonly StoredRecord[],
  deleteHorizonMs: number | undefined,
): Buffer {
  assert(records.length > 0, 'a batch is rewritten with at least one record')
  const baseTimestampMs = deleteHorizonMs ?? records[0]!.timestampMs
  const payload = compress(batch.compression!, encodeRecords(batch.baseOffset, baseTimestampMs, records))
  const maxTimestampMs = batch.isLogAppendTime
    ? batch.maxTimestampMs
    : records.reduce((max, record) => Math.max(max, record.timestampMs), noTimestampMs)
  const bytes = Buffer.allocUnsafe(batchHeaderBytes + payload.length)
  payload.copy(bytes, batchHeaderBytes)
  const horizonBit = deleteHorizonMs === undefined ? 0 : attributeBits.deleteHorizon
  return withHeaderOf(batch, bytes, {
    attributes: (batch.attributes & ~attributeBits.deleteHorizon) | horizonBit,
    baseTimestampMs,
    maxTimestampMs,
    recordCount: records.length,
  })
}

/**
 * The batch in another codec, its records as they are, once they have proved to be records. Throws
 * CorruptRecordError, DecompressedTooLargeError.
 */
export function withCompression(
  batch: RecordBatch,
  codec: CompressionName,
  level: number | undefined,
  maxBytes: number,
): Buffer {
  for (const _ of storedRecordsOf(batch, maxBytes));
  const payload = compress(codec, decompress(batch.compression!, batch.recordsPayload, maxBytes), level)
  const bytes = Buffer.allocUnsafe(batchHeaderBytes + payload.length)
  payload.copy(bytes, batchHeaderBytes)
  const { attributes, baseTimestampMs, maxTimestampMs, recordCount } = batch
  return withHeaderOf(batch, bytes, {
    attributes: (attributes & ~attributeBits.compression) | compressionBits[codec],
    baseTimestampMs,
    maxTimestampMs,
    recordCount,
  })
}

/** The batch without any record: it only keeps offsets and the producer's last sequence. */
export function withoutRecords(batch: RecordBatch): Buffer {
  const kept = attributeBits.logAppendTime | attributeBits.transactional | attributeBits.control
  return withHeaderOf(batch, Buffer.allocUnsafe(batchHeaderBytes), {
    attributes: batch.attributes & kept,
    baseTimestampMs: noTimestampMs,
    maxTimestampMs: batch.maxTimestampMs,
    recordCount: 0,
  })
}

type NewHeader = {
  attributes: number
  baseTimestampMs: number
  maxTimestampMs: number
  recordCount: number
}

function withHeaderOf(batch: RecordBatch, bytes: Buffer, header: NewHeader): Buffer {
  batch.buffer.copy(bytes, 0, batch.start, batch.start + batchHeaderBytes)
  bytes.writeInt32BE(bytes.length - batchOverheadBytes, batchField.batchLength)
  bytes.writeInt16BE(header.attributes, batchField.attributes)
  writeInt64(bytes, header.baseTimestampMs, batchField.baseTimestamp)
  writeInt64(bytes, header.maxTimestampMs, batchField.maxTimestamp)
  bytes.writeInt32BE(header.recordCount, batchField.recordCount)
  bytes.writeUInt32BE(new RecordBatch(bytes).computeCrc(), batchField.crc)
  return bytes
}

function encodeRecords(
  baseOffset: number,
  baseTimestampMs: number,
  records: readonly StoredRecord[],
): Buffer {
  const bodyBytes = records.map(
    ({ offset, timestampMs, content }) =>
      1 + varintBytes(timestampMs - baseTimestampMs) + varintBytes(offset - baseOffset) + content.length,
  )
  const plain = Buffer.allocUnsafe(bodyBytes.reduce((sum, length) => sum + varintBytes(length) + length, 0))
  let at = 0
  for (const [index, { offset, timestampMs, content }] of records.entries()) {
    at = writeVarint(plain, bodyBytes[index]!, at)
    plain[at++] = 0
    at = writeVarint(plain, timestampMs - baseTimestampMs, at)
    at = writeVarint(plain, offset - baseOffset, at)
    at += content.copy(plain, at)
  }
  return plain
}
