/** A frame whose length prefix is negative or above the limit: the connection cannot go on. */
export class FrameSizeError extends Error {
  override readonly name = 'FrameSizeError'
  readonly code = 'FRAME_SIZE'
  readonly size: number
  readonly maxFrameBytes: number

  constructor(size: number, maxFrameBytes: number) {
    const what = `a frame of ${size} bytes, where 0 to ${maxFrameBytes} are allowed (socket.request.max.bytes)`
    const language = otherLanguageOf(size)
    super(language === undefined ? what : `${what}; it looks like ${language}`)
    this.size = size
    this.maxFrameBytes = maxFrameBytes
  }
}

/** What a client speaks whose first four bytes, taken for a length, are `size`: people mix up ports and listeners. */
function otherLanguageOf(size: number): string | undefined {
  const bytes = Buffer.alloc(prefixBytes)
  bytes.writeInt32BE(size)
  if (/^(GET |HEAD|POST|PUT |OPTI|DELE)$/.test(bytes.toString('latin1'))) {
    return 'HTTP: this port speaks Kafka, the dashboard has another'
  }
  // A handshake record of TLS 1.x.
  if (bytes[0] === 0x16 && bytes[1] === 0x03)
    return 'TLS: this port speaks plaintext, set security.protocol=PLAINTEXT'
  return undefined
}

const prefixBytes = 4
/** A frame up to this size gets its memory at once; a bigger one gets it as its bytes really arrive. */
const trustedBytes = 4 * 1024 * 1024

/**
 * Cuts a stream of socket chunks into frames (a four-byte length, then that many bytes). A frame inside
 * one chunk is a view on it; one that spans chunks is copied once (beyond 4 MiB, at most twice more).
 */
export class FrameSplitter {
  private readonly maxFrameBytes: number
  private readonly prefix = Buffer.alloc(prefixBytes)
  private prefixFilled = 0
  private size = 0
  /** The frame that is under way, once its length is known. */
  private partial: Buffer | undefined
  private filled = 0

  constructor(maxFrameBytes: number) {
    this.maxFrameBytes = maxFrameBytes
  }

  /** The bytes of an unfinished frame that are held here. */
  get bufferedBytes(): number {
    return this.partial ? this.filled + prefixBytes : this.prefixFilled
  }

  /** Takes one chunk and returns the frames that it completes. Throws FrameSizeError, and is dead after it. */
  push(chunk: Buffer): Buffer[] {
    const frames: Buffer[] = []
    let at = 0
    while (at < chunk.length) {
      at = this.partial ? this.fill(chunk, at, frames) : this.begin(chunk, at, frames)
    }
    return frames
  }

  /** Reads a length prefix, and the frame too where the chunk holds all of it. */
  private begin(chunk: Buffer, start: number, frames: Buffer[]): number {
    let at = start
    while (this.prefixFilled < prefixBytes) {
      if (at === chunk.length) return at
      this.prefix[this.prefixFilled++] = chunk[at++]!
    }
    this.prefixFilled = 0
    this.size = this.prefix.readInt32BE(0)
    if (this.size < 0 || this.size > this.maxFrameBytes)
      throw new FrameSizeError(this.size, this.maxFrameBytes)
    const end = at + this.size
    if (end <= chunk.length) {
      frames.push(chunk.subarray(at, end))
      return end
    }
    this.partial = Buffer.allocUnsafe(Math.min(this.size, trustedBytes))
    this.filled = 0
    return at
  }

  private fill(chunk: Buffer, at: number, frames: Buffer[]): number {
    const count = Math.min(this.size - this.filled, chunk.length - at)
    const partial = this.roomFor(count)
    chunk.copy(partial, this.filled, at, at + count)
    this.filled += count
    if (this.filled === this.size) {
      frames.push(partial)
      this.partial = undefined
    }
    return at + count
  }

  /** Doubles the memory, so that the copying stays linear and a length alone allocates little. */
  private roomFor(count: number): Buffer {
    const partial = this.partial!
    const needed = this.filled + count
    if (needed <= partial.length) return partial
    const larger = Buffer.allocUnsafe(Math.min(this.size, Math.max(needed, partial.length * 2)))
    partial.copy(larger, 0, 0, this.filled)
    this.partial = larger
    return larger
  }
}
