import type { Chunk, FileRegion } from '../core/file-region.ts'
import { EncodeError } from './errors.ts'
import { zeroUuid } from './reader.ts'

const firstChunkBytes = 512
const maxChunkBytes = 64 * 1024
/** Buffers from this size on are handed on as they are; below, copying is cheaper than one more iovec. */
const copyBelowBytes = 512
const shortStringLength = 48
const twoTo32 = 2 ** 32

/**
 * Writes big-endian values into a list of chunks for writev. Big buffers become chunks of their own and
 * are never copied, so they must not change until the socket has taken them.
 */
export class Writer {
  private readonly done: Chunk[] = []
  private doneBytes = 0
  private chunk = Buffer.allocUnsafe(firstChunkBytes)
  private chunkStart = 0
  private offset = 0
  private nextChunkBytes = firstChunkBytes

  /** All bytes written so far. */
  get length(): number {
    return this.doneBytes + this.offset - this.chunkStart
  }

  /** The bytes written, in order. Nothing may be written afterwards. */
  chunks(): Chunk[] {
    this.closeChunk()
    return this.done
  }

  /** As `chunks`, of a message that leaves nothing in files. */
  buffers(): Buffer[] {
    return this.chunks().map((chunk) => {
      if (Buffer.isBuffer(chunk)) return chunk
      throw new EncodeError('a region of a file, where all bytes must be in memory')
    })
  }

  /** Puts the size of all that follows into the first four bytes, which were written as a placeholder. */
  frame(): void {
    const first = this.done[0]
    const target = Buffer.isBuffer(first) ? first : this.chunk
    target.writeInt32BE(this.length - 4, 0)
  }

  int8(value: number): void {
    this.need(1)
    this.chunk[this.offset++] = value
  }

  int16(value: number): void {
    this.need(2)
    this.chunk[this.offset++] = value >>> 8
    this.chunk[this.offset++] = value
  }

  int32(value: number): void {
    this.need(4)
    const chunk = this.chunk
    const at = this.offset
    chunk[at] = value >>> 24
    chunk[at + 1] = value >>> 16
    chunk[at + 2] = value >>> 8
    chunk[at + 3] = value
    this.offset = at + 4
  }

  int64(value: number): void {
    if (value === Number.MAX_SAFE_INTEGER) {
      this.int32(0x7fffffff)
      this.int32(-1)
      return
    }
    const high = Math.floor(value / twoTo32)
    this.int32(high)
    this.int32(value - high * twoTo32)
  }

  float64(value: number): void {
    this.need(8)
    this.offset = this.chunk.writeDoubleBE(value, this.offset)
  }

  unsignedVarint(value: number): void {
    this.need(5)
    let rest = value
    while (rest > 0x7f) {
      this.chunk[this.offset++] = (rest & 0x7f) | 0x80
      rest = Math.floor(rest / 128)
    }
    this.chunk[this.offset++] = rest
  }

  uuid(value: string): void {
    this.need(16)
    const at = this.offset
    if (value === zeroUuid) this.chunk.fill(0, at, at + 16)
    else if (this.chunk.write(value, at, 16, 'base64url') !== 16) {
      throw new EncodeError(`'${value}' is not a uuid in base64url`)
    }
    this.offset = at + 16
  }

  /** `prefix` is called with the size in bytes before the text is written. */
  string(value: string, prefix: (writer: Writer, size: number) => void): void {
    if (value.length <= shortStringLength && isAscii(value)) {
      prefix(this, value.length)
      this.need(value.length)
      for (let index = 0; index < value.length; index++) this.chunk[this.offset++] = value.charCodeAt(index)
      return
    }
    const size = Buffer.byteLength(value)
    prefix(this, size)
    this.need(size)
    this.offset += this.chunk.write(value, this.offset, size, 'utf8')
  }

  bytes(value: Buffer): void {
    if (value.length < copyBelowBytes) {
      this.need(value.length)
      this.chunk.set(value, this.offset)
      this.offset += value.length
      return
    }
    this.push(value)
  }

  /** Bytes that stay in their file: whoever sends the chunks takes them from there. */
  region(value: FileRegion): void {
    this.push(value)
  }

  /** Appends what another writer wrote. */
  append(chunks: readonly Chunk[]): void {
    for (const chunk of chunks) Buffer.isBuffer(chunk) ? this.bytes(chunk) : this.region(chunk)
  }

  private push(value: Chunk): void {
    this.closeChunk()
    this.done.push(value)
    this.doneBytes += value.length
  }

  /** The rest of the chunk stays in use for what comes after. */
  private closeChunk(): void {
    if (this.offset === this.chunkStart) return
    this.done.push(this.chunk.subarray(this.chunkStart, this.offset))
    this.doneBytes += this.offset - this.chunkStart
    this.chunkStart = this.offset
  }

  private need(size: number): void {
    if (this.offset + size <= this.chunk.length) return
    this.closeChunk()
    this.nextChunkBytes = Math.min(this.nextChunkBytes * 2, maxChunkBytes)
    this.chunk = Buffer.allocUnsafe(Math.max(size, this.nextChunkBytes))
    this.chunkStart = 0
    this.offset = 0
  }
}

function isAscii(value: string): boolean {
  for (let index = 0; index < value.length; index++) if (value.charCodeAt(index) >= 0x80) return false
  return true
}
