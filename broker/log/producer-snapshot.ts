import { crc32c } from '../records/crc32c.ts'
import { readInt64, writeInt64 } from '../records/record-batch.ts'
import { noSequence, type ProducerEntry } from './producer-entry.ts'

const version = 1
const entriesAt = 6
const headerBytes = 10
const entryBytes = 46

/**
 * Kafka's .snapshot: [version i16, CRC-32C u32 of what follows, entry count i32], then each producer's id i64,
 * epoch i16, last sequence i32, last offset i64, offset delta i32, timestamp i64, coordinator epoch i32 and
 * the first offset of its open transaction i64. Only the last batch is kept.
 */
export function encodeProducerSnapshot(entries: readonly ProducerEntry[]): Buffer {
  const bytes = Buffer.alloc(headerBytes + entries.length * entryBytes)
  bytes.writeInt16BE(version, 0)
  bytes.writeInt32BE(entries.length, entriesAt)
  for (const [index, entry] of entries.entries()) {
    const at = headerBytes + index * entryBytes
    const last = entry.batches.at(-1)
    writeInt64(bytes, entry.producerId, at)
    bytes.writeInt16BE(entry.producerEpoch, at + 8)
    bytes.writeInt32BE(last?.lastSequence ?? noSequence, at + 10)
    writeInt64(bytes, last?.lastOffset ?? -1, at + 14)
    bytes.writeInt32BE(last?.offsetDelta ?? 0, at + 22)
    writeInt64(bytes, entry.lastTimestampMs, at + 26)
    bytes.writeInt32BE(entry.coordinatorEpoch, at + 34)
    writeInt64(bytes, entry.currentTransactionStartOffset, at + 38)
  }
  bytes.writeUInt32BE(crc32c(bytes.subarray(entriesAt)), 2)
  return bytes
}

/** The producers of a snapshot; undefined when it is damaged or of another version. */
export function decodeProducerSnapshot(bytes: Buffer): ProducerEntry[] | undefined {
  if (bytes.length < headerBytes || bytes.readInt16BE(0) !== version) return undefined
  const count = bytes.readInt32BE(entriesAt)
  if (count < 0 || bytes.length !== headerBytes + count * entryBytes) return undefined
  if (bytes.readUInt32BE(2) !== crc32c(bytes.subarray(entriesAt))) return undefined
  return Array.from({ length: count }, (_, index) => decodeEntry(bytes, headerBytes + index * entryBytes))
}

function decodeEntry(bytes: Buffer, at: number): ProducerEntry {
  const lastSequence = bytes.readInt32BE(at + 10)
  const lastOffset = readInt64(bytes, at + 14)
  const timestampMs = readInt64(bytes, at + 26)
  return {
    producerId: readInt64(bytes, at),
    producerEpoch: bytes.readInt16BE(at + 8),
    coordinatorEpoch: bytes.readInt32BE(at + 34),
    lastTimestampMs: timestampMs,
    lastAppendMs: timestampMs,
    batches:
      lastOffset >= 0
        ? [{ lastSequence, lastOffset, offsetDelta: bytes.readInt32BE(at + 22), timestampMs }]
        : [],
    currentTransactionStartOffset: readInt64(bytes, at + 38),
  }
}
