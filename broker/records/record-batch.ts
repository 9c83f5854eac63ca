import type { CompressionName } from './compression.ts'
import { crc32c } from './crc32c.ts'

/**
 * Record batch v2 on the wire and on disk (KIP-98): baseOffset i64, batchLength i32, partitionLeaderEpoch i32,
 * magic i8, crc u32, attributes i16, lastOffsetDelta i32, baseTimestamp i64, maxTimestamp i64, producerId i64,
 * producerEpoch i16, baseSequence i32, recordCount i32, records. The CRC-32C covers attributes to the end.
 */
export const batchField = {
  baseOffset: 0,
  batchLength: 8,
  partitionLeaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
  records: 61,
} as const

/** Bytes before the records. */
export const batchHeaderBytes = 61
/** Bytes of baseOffset and batchLength, which batchLength does not count. */
export const batchOverheadBytes = 12
export const noProducerId = -1
export const noTimestampMs = -1

export const attributeBits = {
  compression: 0x07,
  logAppendTime: 0x08,
  transactional: 0x10,
  control: 0x20,
  deleteHorizon: 0x40,
}
const codecs: readonly (CompressionName | undefined)[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
const two32 = 2 ** 32

/** Reads a signed 64-bit integer as a number: exact within ±2^53, far cheaper than a bigint. */
export function readInt64(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at) * two32 + buffer.readUInt32BE(at + 4)
}

/** Writes a safe integer as a signed 64-bit one. */
export function writeInt64(buffer: Buffer, value: number, at: number): void {
  const high = Math.floor(value / two32)
  buffer.writeInt32BE(high, at)
  buffer.writeUInt32BE(value - high * two32, at + 4)
}

/** A view on one batch inside `buffer`, starting at `start`: it copies nothing and reads fields on demand. */
export class RecordBatch {
  readonly buffer: Buffer
  readonly start: number

  constructor(buffer: Buffer, start = 0) {
    this.buffer = buffer
    this.start = start
  }

  get baseOffset(): number {
    return readInt64(this.buffer, this.start + batchField.baseOffset)
  }
  get lastOffset(): number {
    return this.baseOffset + this.lastOffsetDelta
  }
  get nextOffset(): number {
    return this.lastOffset + 1
  }
  /** Bytes of the whole batch, header included. */
  get sizeBytes(): number {
    return this.buffer.readInt32BE(this.start + batchField.batchLength) + batchOverheadBytes
  }
  get partitionLeaderEpoch(): number {
    return this.buffer.readInt32BE(this.start + batchField.partitionLeaderEpoch)
  }
  get magic(): number {
    return this.buffer.readInt8(this.start + batchField.magic)
  }
  get crc(): number {
    return this.buffer.readUInt32BE(this.start + batchField.crc)
  }
  get attributes(): number {
    return this.buffer.readInt16BE(this.start + batchField.attributes)
  }
  get lastOffsetDelta(): number {
    return this.buffer.readInt32BE(this.start + batchField.lastOffsetDelta)
  }
  get baseTimestampMs(): number {
    return readInt64(this.buffer, this.start + batchField.baseTimestamp)
  }
  get maxTimestampMs(): number {
    return readInt64(this.buffer, this.start + batchField.maxTimestamp)
  }
  get producerId(): number {
    return readInt64(this.buffer, this.start + batchField.producerId)
  }
  get producerEpoch(): number {
    return this.buffer.readInt16BE(this.start + batchField.producerEpoch)
  }
  get baseSequence(): number {
    return this.buffer.readInt32BE(this.start + batchField.baseSequence)
  }
  /** Sequence of the last record; sequences go on with 0 after 2^31-1. */
  get lastSequence(): number {
    return this.baseSequence < 0 ? -1 : sequenceAfter(this.baseSequence, this.lastOffsetDelta)
  }
  get recordCount(): number {
    return this.buffer.readInt32BE(this.start + batchField.recordCount)
  }
  /** undefined: the three bits name no codec that Kafka has. */
  get compression(): CompressionName | undefined {
    return codecs[this.attributes & attributeBits.compression]
  }
  get isLogAppendTime(): boolean {
    return (this.attributes & attributeBits.logAppendTime) !== 0
  }
  get isTransactional(): boolean {
    return (this.attributes & attributeBits.transactional) !== 0
  }
  get isControl(): boolean {
    return (this.attributes & attributeBits.control) !== 0
  }
  get hasDeleteHorizon(): boolean {
    return (this.attributes & attributeBits.deleteHorizon) !== 0
  }
  get hasProducerId(): boolean {
    return this.producerId !== noProducerId
  }
  /** The records as they lie in the batch, compressed where the batch is. */
  get recordsPayload(): Buffer {
    return this.buffer.subarray(this.start + batchHeaderBytes, this.start + this.sizeBytes)
  }

  computeCrc(): number {
    return crc32c(this.buffer.subarray(this.start + batchField.attributes, this.start + this.sizeBytes))
  }
  hasValidCrc(): boolean {
    return this.crc === this.computeCrc()
  }

  /** In place; base offset and leader epoch lie outside the CRC. */
  setBaseOffset(offset: number): void {
    writeInt64(this.buffer, offset, this.start + batchField.baseOffset)
  }
  setPartitionLeaderEpoch(leaderEpoch: number): void {
    this.buffer.writeInt32BE(leaderEpoch, this.start + batchField.partitionLeaderEpoch)
  }
  /** Takes the LogAppendTime mark off, so that each record keeps its own time, and renews the CRC. */
  clearLogAppendTime(): void {
    this.buffer.writeInt16BE(
      this.attributes & ~attributeBits.logAppendTime,
      this.start + batchField.attributes,
    )
    this.buffer.writeUInt32BE(this.computeCrc(), this.start + batchField.crc)
  }
  /** Marks the batch LogAppendTime with `timestampMs` for all its records, and renews the CRC. */
  setLogAppendTime(timestampMs: number): void {
    this.buffer.writeInt16BE(
      this.attributes | attributeBits.logAppendTime,
      this.start + batchField.attributes,
    )
    writeInt64(this.buffer, timestampMs, this.start + batchField.maxTimestamp)
    this.buffer.writeUInt32BE(this.computeCrc(), this.start + batchField.crc)
  }
}

/** The sequence `count` after `sequence`: 0 follows 2^31-1. */
export function sequenceAfter(sequence: number, count: number): number {
  const next = sequence + count
  return next > 0x7fffffff ? next - 0x80000000 : next
}

export type BatchFault = { reason: 'cut' | 'length' | 'magic' | 'crc'; at: number; message: string }

/** Whether the bytes, if they are a batch, may be one of a transaction: a look at one bit, before all others. */
export function mayBeTransactional(bytes: Buffer): boolean {
  const low = bytes[batchField.attributes + 1]
  return low !== undefined && (low & attributeBits.transactional) !== 0
}

/**
 * Whether a whole, plausible batch starts at `at`: undefined when it does. A batch that goes past `end` is `cut`;
 * `end` may lie beyond the buffer, which then holds 17 bytes from `at` on at least. The CRC is not computed here.
 */
export function batchFaultAt(buffer: Buffer, at: number, end = buffer.length): BatchFault | undefined {
  const bytesLeft = end - at
  if (bytesLeft <= batchField.magic) {
    return { reason: 'cut', at, message: `${bytesLeft} bytes are left, too few for a batch header` }
  }
  const sizeBytes = buffer.readInt32BE(at + batchField.batchLength) + batchOverheadBytes
  if (sizeBytes < batchHeaderBytes) {
    return { reason: 'length', at, message: `a batch length of ${sizeBytes} bytes is less than a header` }
  }
  const magic = buffer.readInt8(at + batchField.magic)
  if (magic !== 2) return { reason: 'magic', at, message: `record batch magic ${magic}, only 2 is stored` }
  if (sizeBytes > bytesLeft) {
    return { reason: 'cut', at, message: `the batch says ${sizeBytes} bytes, ${bytesLeft} are there` }
  }
  return undefined
}

/** Each whole batch of a records buffer, without looking at CRCs; a cut last batch ends the iteration. */
export function* batchesOf(records: Buffer): Generator<RecordBatch> {
  for (let at = 0; batchFaultAt(records, at) === undefined; ) {
    const batch = new RecordBatch(records, at)
    yield batch
    at += batch.sizeBytes
  }
}
