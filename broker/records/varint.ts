import { CorruptRecordError } from './corrupt-record-error.ts'

const two28 = 2 ** 28

/** Reads zig-zag varints, and what they frame, one after the other; running past the end is a CorruptRecordError. */
export class VarintReader {
  readonly buffer: Buffer
  at: number
  readonly end: number

  constructor(buffer: Buffer, at = 0, end = buffer.length) {
    this.buffer = buffer
    this.at = at
    this.end = end
  }

  int8(): number {
    if (this.at >= this.end)
      throw new CorruptRecordError(`the records end within a record, at byte ${this.at}`)
    return this.buffer.readInt8(this.at++)
  }

  /** A zig-zag varint of at most five bytes. */
  varint(): number {
    let raw = 0
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = this.#byte()
      raw |= (byte & 0x7f) << shift
      if (byte < 0x80) return (raw >>> 1) ^ -(raw & 1)
    }
    throw new CorruptRecordError(`a varint of more than five bytes ends at byte ${this.at}`)
  }

  /** A zig-zag varint of at most ten bytes; beyond ±2^53 it is taken as corrupt. */
  varlong(): number {
    let low = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte()
      low |= (byte & 0x7f) << shift
      if (byte < 0x80) return (low >>> 1) ^ -(low & 1)
    }
    let high = 0
    for (let scale = 1; scale <= 2 ** 35; scale *= 128) {
      const byte = this.#byte()
      high += (byte & 0x7f) * scale
      if (byte < 0x80) return zigZagDecoded(high * two28 + low)
    }
    throw new CorruptRecordError(`a varlong of more than ten bytes ends at byte ${this.at}`)
  }

  /** `length` bytes as a view; null for a negative length. */
  bytes(length: number): Buffer | null {
    if (length < 0) return null
    const from = this.at
    if (length > this.end - from) {
      throw new CorruptRecordError(`a length of ${length} at byte ${from} goes past the end of the records`)
    }
    this.at = from + length
    return this.buffer.subarray(from, this.at)
  }

  #byte(): number {
    if (this.at >= this.end)
      throw new CorruptRecordError(`the records end within a varint, at byte ${this.at}`)
    return this.buffer[this.at++]!
  }
}

function zigZagDecoded(raw: number): number {
  const value = raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2
  if (!Number.isSafeInteger(value)) throw new CorruptRecordError('a varlong lies beyond ±2^53')
  return value
}

/** Bytes that `writeVarint` takes for `value`. */
export function varintBytes(value: number): number {
  let raw = zigZagEncoded(value)
  let count = 1
  for (; raw >= 128; count++) raw = Math.floor(raw / 128)
  return count
}

/** Writes `value`, a safe integer, as a zig-zag varint; returns the position after it. */
export function writeVarint(target: Buffer, value: number, at: number): number {
  let raw = zigZagEncoded(value)
  let position = at
  for (; raw >= 128; raw = Math.floor(raw / 128)) target[position++] = (raw % 128) | 0x80
  target[position++] = raw
  return position
}

function zigZagEncoded(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1
}
