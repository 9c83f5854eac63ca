import { assert } from './assert.ts'

const smallestBytes = 64 * 1024
const largestBytes = 4 * 1024 * 1024
const maxFreeBytes = 32 * 1024 * 1024
/** Pieces below get memory of their own: a few bytes must not keep a whole buffer while a slow reader takes them. */
const smallestPieceBytes = 16 * 1024

/** Memory of so many bytes, their values arbitrary. */
export type Allocate = (sizeBytes: number) => Buffer

export const allocateFresh: Allocate = (sizeBytes) => Buffer.allocUnsafeSlow(sizeBytes)

/**
 * Big buffers that are used again and again. Fresh ones cost as much as the copying they are for: the kernel maps
 * and clears their pages, and V8 collects all garbage for every few dozen megabytes of them (a quarter of the
 * broker's processor time before). Nobody has to give a buffer back: one that is lost is collected as any other.
 */
export class BufferPool {
  readonly #free = new Map<number, Buffer[]>()
  readonly #maxFreeBytes: number
  #freeBytes = 0

  constructor(maxFree = maxFreeBytes) {
    this.#maxFreeBytes = maxFree
  }

  /** Bytes that lie here unused; at most what the pool was made with. */
  get freeBytes(): number {
    return this.#freeBytes
  }

  /** A buffer of at least `minBytes`, its bytes arbitrary; all of it is the caller's until given back. */
  take(minBytes: number): Buffer {
    if (minBytes > largestBytes) return Buffer.allocUnsafeSlow(minBytes)
    const sizeBytes = Math.max(smallestBytes, 2 ** Math.ceil(Math.log2(minBytes)))
    const buffer = this.#free.get(sizeBytes)?.pop()
    if (!buffer) return Buffer.allocUnsafeSlow(sizeBytes)
    this.#freeBytes -= sizeBytes
    return buffer
  }

  /** Takes back the very buffer that `take` gave, once, when nobody will read or write it any more. */
  give(buffer: Buffer): void {
    const sizeBytes = buffer.length
    if (sizeBytes > largestBytes) return
    assert(sizeBytes === buffer.buffer.byteLength, 'a pool takes back whole buffers')
    const free = this.#free.get(sizeBytes)
    if (free) free.push(buffer)
    else this.#free.set(sizeBytes, [buffer])
    this.#freeBytes += sizeBytes
    while (this.#freeBytes > this.#maxFreeBytes) this.#dropOne()
  }

  /** Of the size that holds most, so that one kind of load does not keep another's out. */
  #dropOne(): void {
    let most: Buffer[] = []
    for (const free of this.#free.values()) if (bytesOf(free) > bytesOf(most)) most = free
    this.#freeBytes -= most.shift()!.length
  }
}

const bytesOf = (buffers: readonly Buffer[]) => buffers.length * (buffers[0]?.length ?? 0)

/** Pieces cut from a pool's buffers, one after the other; the buffers all go back together. */
export class PooledBytes {
  readonly #pool: BufferPool
  #buffers: Buffer[] = []
  #used = 0

  constructor(pool: BufferPool) {
    this.#pool = pool
  }

  /** `size` bytes, arbitrary; valid until `release`. */
  take(size: number): Buffer {
    if (size < smallestPieceBytes) return Buffer.allocUnsafe(size)
    let buffer = this.#buffers.at(-1)
    if (!buffer || buffer.length - this.#used < size) {
      buffer = this.#pool.take(size)
      this.#buffers.push(buffer)
      this.#used = 0
    }
    const piece = buffer.subarray(this.#used, this.#used + size)
    this.#used += size
    return piece
  }

  /** Gives everything back; what was taken must not be touched any more. A second call does nothing. */
  release(): void {
    for (const buffer of this.#buffers) this.#pool.give(buffer)
    this.#buffers = []
  }
}
