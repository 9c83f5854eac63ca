import { DecodeError } from './errors.ts'

/** The zero uuid in Kafka's text form: "no topic id". */
export const zeroUuid = 'AAAAAAAAAAAAAAAAAAAAAA'

/**
 * How many array elements one message may hold. It bounds memory: two bytes of a frame can stand for an
 * object of sixty, so the frame limit alone does not.
 */
const maxElements = 1_000_000

const twoTo32 = 2 ** 32
const shortStringBytes = 24

/** Reads big-endian values off one buffer; every read checks its bounds and throws DecodeError. */
export class Reader {
  readonly buffer: Buffer
  offset: number
  private limit: number
  private elements = 0

  constructor(buffer: Buffer, offset = 0) {
    this.buffer = buffer
    this.offset = offset
    this.limit = buffer.length
  }

  get remaining(): number {
    return this.limit - this.offset
  }

  /** Moves past `size` bytes and returns where they begin. */
  take(size: number): number {
    const start = this.offset
    if (size > this.limit - start) {
      throw new DecodeError(`${size} bytes needed, ${this.limit - start} left`, start)
    }
    this.offset = start + size
    return start
  }

  int8(): number {
    return (this.buffer[this.take(1)]! << 24) >> 24
  }

  uint8(): number {
    return this.buffer[this.take(1)]!
  }

  int16(): number {
    return (this.uint16() << 16) >> 16
  }

  uint16(): number {
    const at = this.take(2)
    return (this.buffer[at]! << 8) | this.buffer[at + 1]!
  }

  int32(): number {
    const at = this.take(4)
    const buffer = this.buffer
    return (buffer[at]! << 24) | (buffer[at + 1]! << 16) | (buffer[at + 2]! << 8) | buffer[at + 3]!
  }

  uint32(): number {
    return this.int32() >>> 0
  }

  /**
   * What lies beyond 2^53 becomes the greatest (or least) safe integer: no offset, time or producer id is so far out,
   * and the greatest 64-bit integer, which stands for "no limit", is written back as such by `Writer`.
   */
  int64(): number {
    const high = this.int32()
    const low = this.int32() >>> 0
    const value = high * twoTo32 + low
    if (Number.isSafeInteger(value)) return value
    return value > 0 ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER
  }

  float64(): number {
    return this.buffer.readDoubleBE(this.take(8))
  }

  /** A base-128 number of at most 32 bits. */
  unsignedVarint(): number {
    const start = this.offset
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.uint8()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) {
        if (value > 0xffffffff) break
        return value
      }
    }
    throw new DecodeError('the varint is longer than 32 bits', start)
  }

  uuid(): string {
    const at = this.take(16)
    const buffer = this.buffer
    let isZero = true
    for (let index = at; isZero && index < at + 16; index++) isZero = buffer[index] === 0
    return isZero ? zeroUuid : buffer.toString('base64url', at, at + 16)
  }

  string(size: number): string {
    const at = this.take(size)
    const buffer = this.buffer
    if (size > shortStringBytes) return buffer.toString('utf8', at, at + size)
    let text = ''
    for (let index = at; index < at + size; index++) {
      const byte = buffer[index]!
      if (byte >= 0x80) return buffer.toString('utf8', at, at + size)
      text += String.fromCharCode(byte)
    }
    return text
  }

  /** A view, no copy. */
  bytes(size: number): Buffer {
    const at = this.take(size)
    return this.buffer.subarray(at, at + size)
  }

  /** Checks an array's count against the bytes left and the message's budget before anyone allocates. */
  checkCount(count: number, minElementBytes: number): void {
    if (count * minElementBytes > this.remaining) {
      throw new DecodeError(
        `an array of ${count} does not fit in the ${this.remaining} bytes left`,
        this.offset,
      )
    }
    this.elements += count
    if (this.elements > maxElements) {
      throw new DecodeError(`more than ${maxElements} array elements in one message`, this.offset)
    }
  }

  /** Runs `read` on the next `size` bytes; it must consume them exactly. */
  within<Value>(size: number, read: (reader: Reader) => Value): Value {
    const start = this.take(size)
    const outer = this.limit
    this.offset = start
    this.limit = start + size
    const value = read(this)
    if (this.offset !== this.limit) {
      throw new DecodeError(`${this.limit - this.offset} bytes too many in a tagged field`, this.offset)
    }
    this.limit = outer
    return value
  }
}
