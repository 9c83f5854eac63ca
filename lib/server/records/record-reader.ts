import { compressionsAlgorithmsByBitmask } from '@platformatic/kafka'
import type { Compression } from '../../contract/figures.ts'

/** A record as the log has it; buffers are views, so decode or copy before the next fetch is kept for long. */
export type RawRecord = {
  partition: number
  offset: number
  timestamp: number
  key: Buffer | null
  value: Buffer | null
  headers: { key: string; value: Buffer | null }[]
  batch: BatchHeader
}

export type BatchHeader = {
  baseOffset: number
  lastOffset: number
  compression: Compression
  timestampType: 'CreateTime' | 'LogAppendTime'
  isTransactional: boolean
  isControl: boolean
  producerId: number
  producerEpoch: number
  baseSequence: number
  baseTimestamp: number
  maxTimestamp: number
  recordCount: number
}

export type AbortedTransaction = { producerId: number; firstOffset: number }

/** Record batch v2 (KIP-98): the header is 61 bytes, 12 of which `batchLength` does not count. */
const headerBytes = 61
const lengthOverhead = 12
const codecs: readonly Compression[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
const two32 = 2 ** 32

function int64(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at) * two32 + buffer.readUInt32BE(at + 4)
}

/**
 * Walks the records of one batch, field positions only: nothing is copied or created until it is asked for, so
 * that a search can pass over hundreds of thousands a second.
 */
export class RecordCursor {
  readonly batch: BatchHeader
  readonly partition: number
  offset = -1
  timestamp = -1
  readonly #bytes: Buffer
  #at = 0
  #left: number
  #keyStart = 0
  #keyLength = -1
  #valueStart = 0
  #valueLength = -1
  #headersStart = 0
  #held: RawRecord | undefined

  constructor(batch: BatchHeader, partition: number, bytes: Buffer) {
    this.batch = batch
    this.partition = partition
    this.#bytes = bytes
    this.#left = batch.recordCount
  }

  /** A cursor that stands on one record that was read before. */
  static over(record: RawRecord): RecordCursor {
    const cursor = new RecordCursor({ ...record.batch, recordCount: 0 }, record.partition, Buffer.alloc(0))
    cursor.#held = record
    cursor.offset = record.offset
    cursor.timestamp = record.timestamp
    return cursor
  }

  /** Moves to the next record; false at the end. */
  next(): boolean {
    if (this.#left === 0) return false
    this.#left--
    const length = this.#varint()
    const end = this.#at + length
    this.#at++
    const timestampDelta = this.#varlong()
    this.offset = this.batch.baseOffset + this.#varint()
    this.timestamp =
      this.batch.timestampType === 'LogAppendTime'
        ? this.batch.maxTimestamp
        : this.batch.baseTimestamp + timestampDelta
    this.#keyLength = this.#varint()
    this.#keyStart = this.#at
    this.#at += Math.max(0, this.#keyLength)
    this.#valueLength = this.#varint()
    this.#valueStart = this.#at
    this.#headersStart = this.#valueStart + Math.max(0, this.#valueLength)
    this.#at = end
    return true
  }

  get key(): Buffer | null {
    if (this.#held !== undefined) return this.#held.key
    return this.#keyLength < 0 ? null : this.#bytes.subarray(this.#keyStart, this.#keyStart + this.#keyLength)
  }

  get value(): Buffer | null {
    if (this.#held !== undefined) return this.#held.value
    if (this.#valueLength < 0) return null
    return this.#bytes.subarray(this.#valueStart, this.#valueStart + this.#valueLength)
  }

  /** Key, value and headers with the lengths between them; null on a cursor over a record that was read before. */
  get recordBytes(): Buffer | null {
    if (this.#held !== undefined) return null
    return this.#bytes.subarray(this.#keyStart, this.#at)
  }

  /** All (decompressed) records of the batch, for a test that needs no fields. */
  get batchBytes(): Buffer {
    return this.#bytes
  }

  /** Size of key, value and headers. */
  get size(): number {
    if (this.#held !== undefined) return (this.#held.key?.length ?? 0) + (this.#held.value?.length ?? 0)
    return this.#at - this.#headersStart + Math.max(0, this.#keyLength) + Math.max(0, this.#valueLength)
  }

  get headers(): RawRecord['headers'] {
    if (this.#held !== undefined) return this.#held.headers
    const end = this.#at
    this.#at = this.#headersStart
    const headers: RawRecord['headers'] = []
    for (let left = this.#varint(); left > 0 && this.#at < end; left--) {
      const key = this.#take(this.#varint())?.toString() ?? ''
      headers.push({ key, value: this.#take(this.#varint()) })
    }
    this.#at = end
    return headers
  }

  record(): RawRecord {
    const { partition, offset, timestamp, key, value, headers, batch } = this
    return { partition, offset, timestamp, key, value, headers, batch }
  }

  #take(length: number): Buffer | null {
    if (length < 0) return null
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  #varint(): number {
    let value = 0
    let shift = 0
    let byte: number
    do {
      byte = this.#bytes[this.#at++] ?? 0
      value |= (byte & 0x7f) << shift
      shift += 7
    } while (byte >= 0x80 && shift < 35)
    return (value >>> 1) ^ -(value & 1)
  }

  /** Zigzag; a timestamp's delta is far within what a double holds exactly. */
  #varlong(): number {
    let value = 0
    let scale = 1
    let byte: number
    do {
      byte = this.#bytes[this.#at++] ?? 0
      value += (byte & 0x7f) * scale
      scale *= 128
    } while (byte >= 0x80 && scale < 2 ** 70)
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
}

/** Header of the batch at `at`; undefined where it is cut. Magic 0 and 1 are not read. */
function headerAt(records: Buffer, at: number): { header: BatchHeader; end: number } | undefined {
  if (records.length - at < headerBytes) return undefined
  const end = at + lengthOverhead + records.readInt32BE(at + 8)
  if (end > records.length || end < at + headerBytes) return undefined
  if (records.readInt8(at + 16) !== 2) throw new Error('Only record batches of magic 2 can be read.')
  const attributes = records.readInt16BE(at + 21)
  const baseOffset = int64(records, at)
  const header: BatchHeader = {
    baseOffset,
    lastOffset: baseOffset + records.readInt32BE(at + 23),
    compression: codecs[attributes & 7] ?? 'none',
    timestampType: (attributes & 8) === 0 ? 'CreateTime' : 'LogAppendTime',
    isTransactional: (attributes & 16) !== 0,
    isControl: (attributes & 32) !== 0,
    baseTimestamp: int64(records, at + 27),
    maxTimestamp: int64(records, at + 35),
    producerId: int64(records, at + 43),
    producerEpoch: records.readInt16BE(at + 51),
    baseSequence: records.readInt32BE(at + 53),
    recordCount: records.readInt32BE(at + 57),
  }
  return { header, end }
}

/**
 * Cursors over the data batches of a fetch answer, control batches left out; with `aborted`, also the batches of
 * aborted transactions, as a read_committed consumer does.
 */
export function* cursorsOf(
  records: Buffer,
  partition: number,
  aborted: readonly AbortedTransaction[] = [],
): Generator<RecordCursor> {
  const waiting = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset)
  const abortedProducers = new Set<number>()
  for (let at = 0, found = headerAt(records, 0); found !== undefined; found = headerAt(records, at)) {
    const { header, end } = found
    const body = records.subarray(at + headerBytes, end)
    at = end
    while (waiting.length > 0 && waiting[0]!.firstOffset <= header.lastOffset) {
      abortedProducers.add(waiting.shift()!.producerId)
    }
    if (header.isControl) {
      abortedProducers.delete(header.producerId)
      continue
    }
    if (header.isTransactional && abortedProducers.has(header.producerId)) continue
    yield new RecordCursor(header, partition, decompressed(body, header.compression))
  }
}

/** Offset after the last whole batch; undefined when there is none. */
export function offsetAfter(records: Buffer): number | undefined {
  let last: number | undefined
  for (let at = 0, found = headerAt(records, 0); found !== undefined; found = headerAt(records, at)) {
    last = found.header.lastOffset + 1
    at = found.end
  }
  return last
}

function decompressed(body: Buffer, compression: Compression): Buffer {
  if (compression === 'none') return body
  return compressionsAlgorithmsByBitmask[codecs.indexOf(compression)]!.decompressSync(body)
}
