import type { BufferPool } from '../core/buffer-pool.ts'
import { FrameSizeError } from '../protocol/frame.ts'

/** One request as it came, and how to give its memory back once nobody looks at it; then it may be used again. */
export type ReceivedFrame = { readonly bytes: Buffer; readonly release: (() => void) | undefined }

const prefixBytes = 4
/** The length and the API key: with them it is known where the frame goes. */
const headBytes = 6
const produceKey = 0
/** A frame gets this much at once, and as much as its connection has sent whole frames of; more as bytes arrive. */
const leastTrustedBytes = 64 * 1024
const mostTrustedBytes = 4 * 1024 * 1024
/** Room behind a big frame for the head of the next, so that one system call reads one frame of many. */
const overrunBytes = 4 * 1024
/** From this size on a frame is read into memory of its own, not by way of the shared buffer. */
const directBytes = 16 * 1024

type Partial = {
  buffer: Buffer
  filled: number
  readonly size: number
  /** What it takes in the end, if that is not too much to ask for. */
  readonly neededBytes: number
  readonly isPooled: boolean
}

/**
 * Tells the socket where to read to, so that a big frame comes from the kernel to its place without a copy: only
 * the bytes that came along with the frame before it move once more. Between frames it is `shared`, one buffer
 * for all connections, since its bytes are dealt with before anyone else reads. Produce frames take memory of the
 * pool: their records are written to the log when they are answered, while coordinators keep what they are sent.
 */
export class FrameReceiver {
  readonly #maxFrameBytes: number
  readonly #pool: BufferPool
  readonly #shared: Buffer
  readonly #head = Buffer.alloc(headBytes)
  #headFilled = 0
  #partial: Partial | undefined
  #trustedBytes = leastTrustedBytes
  #fault: FrameSizeError | undefined

  constructor(maxFrameBytes: number, pool: BufferPool, shared: Buffer) {
    this.#maxFrameBytes = maxFrameBytes
    this.#pool = pool
    this.#shared = shared
  }

  /** Why no frame can begin behind the last one; nothing is taken any more. */
  get fault(): FrameSizeError | undefined {
    return this.#fault
  }

  /** Where the next bytes go; after each read `received` comes before the next `room`. */
  room(): Buffer {
    const partial = this.#partial
    if (!partial || partial.size < directBytes) return this.#shared
    this.#grow(partial)
    return partial.buffer.subarray(partial.filled)
  }

  /** Takes the first `count` bytes of `room`, the buffer of the last call; returns the frames they complete. */
  received(room: Buffer, count: number): ReceivedFrame[] {
    const frames: ReceivedFrame[] = []
    let start = 0
    if (room !== this.#shared && this.#partial) {
      const partial = this.#partial
      start = Math.min(count, partial.size - partial.filled)
      this.#advance(partial, start, frames)
    }
    this.#takeUntilFault(room, start, count, frames)
    // Whoever releases the frame gives away the bytes behind it too: they were copied above.
    return frames
  }

  /** As `room` and `received`, for bytes that lie elsewhere. */
  push(chunk: Buffer): ReceivedFrame[] {
    const frames: ReceivedFrame[] = []
    this.#takeUntilFault(chunk, 0, chunk.length, frames)
    return frames
  }

  #takeUntilFault(bytes: Buffer, start: number, end: number, frames: ReceivedFrame[]): void {
    if (this.#fault) return
    try {
      this.#take(bytes, start, end, frames)
    } catch (error) {
      if (!(error instanceof FrameSizeError)) throw error
      this.#fault = error
    }
  }

  #take(bytes: Buffer, start: number, end: number, frames: ReceivedFrame[]): void {
    let at = start
    while (at < end) {
      if (!this.#partial && this.#headFilled === 0) {
        const next = this.#takeWhole(bytes, at, end, frames)
        if (next > at) {
          at = next
          continue
        }
      }
      if (!this.#partial) at = this.#begin(bytes, at, end, frames)
      const partial = this.#partial
      if (!partial) continue
      this.#grow(partial)
      const own = Math.min(end - at, partial.size - partial.filled, partial.buffer.length - partial.filled)
      bytes.copy(partial.buffer, partial.filled, at, at + own)
      this.#advance(partial, own, frames)
      at += own
    }
  }

  /** Takes a small frame that is there as a whole, as most are; returns where it ends, or `at` where there is none. */
  #takeWhole(bytes: Buffer, at: number, end: number, frames: ReceivedFrame[]): number {
    if (end - at < headBytes) return at
    const size = this.#checked(bytes.readInt32BE(at))
    const next = at + prefixBytes + size
    if (next > end || size >= directBytes) return at
    const own = Buffer.allocUnsafe(size)
    bytes.copy(own, 0, at + prefixBytes, next)
    frames.push({ bytes: own, release: undefined })
    return next
  }

  /** Reads the head of a frame, byte by byte where it is cut, and finds memory for the rest. */
  #begin(bytes: Buffer, start: number, end: number, frames: ReceivedFrame[]): number {
    let at = start
    while (this.#headFilled < headBytes && at < end) {
      this.#head[this.#headFilled++] = bytes[at++]!
      if (this.#headFilled === prefixBytes && this.#sizeOfNext() < headBytes - prefixBytes) break
    }
    if (this.#headFilled < prefixBytes) return at
    const size = this.#sizeOfNext()
    const isTiny = size < headBytes - prefixBytes
    if (!isTiny && this.#headFilled < headBytes) return at
    const isPooled = !isTiny && size >= directBytes && this.#head.readInt16BE(prefixBytes) === produceKey
    const neededBytes = size + (size >= directBytes ? overrunBytes : 0)
    const firstBytes = Math.min(neededBytes, this.#trustedBytes)
    const buffer = isPooled ? this.#pool.take(firstBytes) : Buffer.allocUnsafe(firstBytes)
    const partial = { buffer, filled: 0, size, neededBytes, isPooled }
    this.#partial = partial
    this.#head.copy(buffer, 0, prefixBytes, this.#headFilled)
    const filled = this.#headFilled - prefixBytes
    this.#headFilled = 0
    this.#advance(partial, filled, frames)
    return at
  }

  #sizeOfNext(): number {
    return this.#checked(this.#head.readInt32BE(0))
  }

  #checked(size: number): number {
    if (size < 0 || size > this.#maxFrameBytes) throw new FrameSizeError(size, this.#maxFrameBytes)
    return size
  }

  #advance(partial: Partial, count: number, frames: ReceivedFrame[]): void {
    partial.filled += count
    if (partial.filled < partial.size) return
    const { buffer, size, isPooled } = partial
    this.#partial = undefined
    if (size > this.#trustedBytes - overrunBytes)
      this.#trustedBytes = Math.min(size + overrunBytes, mostTrustedBytes)
    frames.push({
      bytes: buffer.subarray(0, size),
      release: isPooled ? () => this.#pool.give(buffer) : undefined,
    })
  }

  /** Doubles the memory of a frame that announced more than is trusted, so that a length alone allocates little. */
  #grow(partial: Partial): void {
    const { buffer, filled, neededBytes, isPooled } = partial
    if (filled < buffer.length) return
    const sizeBytes = Math.min(neededBytes, buffer.length * 2)
    const larger = isPooled ? this.#pool.take(sizeBytes) : Buffer.allocUnsafeSlow(sizeBytes)
    buffer.copy(larger, 0, 0, filled)
    partial.buffer = larger
    if (isPooled) this.#pool.give(buffer)
  }
}
