import fs from 'node:fs'
import type { Socket } from 'node:net'
import type { BufferPool } from '../core/buffer-pool.ts'
import { type Chunk, FileRegion } from '../core/file-region.ts'
import { withoutMapping } from './admission.ts'
import type { DirectSend } from './direct-send.ts'

export type OutboxOptions = {
  readonly socket: Socket
  readonly buffers: BufferPool
  /** Asked at the first region; undefined: regions are read and written. */
  readonly directSend: () => DirectSend | undefined
  /** What the system may hold for a slow reader, set at the first region; below 1: as much as it likes. */
  readonly sendBufferBytes: number
  /** Less is waiting than before. */
  readonly onProgress: () => void
  /** A region could not be read: the answer cannot be completed. */
  readonly onFault: (error: unknown) => void
}

type Item = { readonly chunk: Chunk; readonly whenSent: (() => void) | undefined }

/** What is read into memory at once where regions cannot be sent directly. */
const readBytes = 1024 * 1024
/** Up to this size an answer that goes alone does not go through Node's streams, which take as long as the system call. */
const smallBytes = 16 * 1024
/** What is read to learn from Node's own write when a full socket takes bytes again. */
const probeBytes = 16 * 1024

/**
 * What one connection still has to send, in order. Buffers go to Node's socket; regions of files go past it, straight
 * from the file, and so do the bytes right before them. Each way has to wait until the other is through. What a full
 * socket did not take goes on with an ordinary write, whose callback says when there is room again.
 */
export class Outbox {
  readonly #options: OutboxOptions
  readonly #socket: Socket
  #items: Item[] = []
  #queuedBytes = 0
  /** How much of the head is sent already. */
  #headSent = 0
  #sentDirectly = 0
  /** A piece of the head is on its way through Node; its callback goes on. */
  #isWriting = false
  #isClosed = false
  #isPrepared = false
  #whenEmpty: (() => void) | undefined

  constructor(options: OutboxOptions) {
    this.#options = options
    this.#socket = options.socket
  }

  /** Bytes that the kernel has not taken yet. */
  get unsentBytes(): number {
    return this.#queuedBytes + this.#socket.writableLength
  }

  /** Bytes given to the kernel so far. */
  get sentBytes(): number {
    return this.#socket.bytesWritten - this.#socket.writableLength + this.#sentDirectly
  }

  /** Adds an answer, which `flush` sends. `whenSent` is called when the kernel has its last byte, not after an error. */
  add(chunks: readonly Chunk[], whenSent: (() => void) | undefined): void {
    const last = chunks.length - 1
    for (let index = 0; index <= last; index++) {
      const chunk = chunks[index]!
      if (this.#isClosed) releaseRegion(chunk)
      else {
        this.#queuedBytes += chunk.length
        this.#items.push({ chunk, whenSent: index === last ? whenSent : undefined })
      }
    }
  }

  /** Sends as much as can be sent now; the rest follows by itself. */
  flush(): void {
    if (this.#isWriting) return
    let done = this.#writeAlone() ? 1 : 0
    while (done < this.#items.length && !this.#isClosed) {
      const { chunk, whenSent } = this.#items[done]!
      const isRegion = chunk instanceof FileRegion
      if (!isRegion && !(this.#items[done + 1]?.chunk instanceof FileRegion)) {
        done = this.#writeBuffers(done)
        continue
      }
      // What Node holds back must be through before bytes go past it; its last write calls back.
      if (this.#socket.writableLength > 0) break
      if (!(isRegion ? this.#sendRegion(chunk) : this.#sendHead(chunk))) break
      this.#headSent = 0
      whenSent?.()
      done++
    }
    if (this.#isClosed) return
    this.#items = done === this.#items.length ? [] : this.#items.slice(done)
    if (this.#items.length === 0) this.#whenEmpty?.()
  }

  /** Calls back as soon as nothing is left that Node has not got. */
  whenEmpty(callback: () => void): void {
    if (this.#items.length === 0) callback()
    else this.#whenEmpty = callback
  }

  /** Drops what is left. */
  close(): void {
    this.#isClosed = true
    for (const { chunk } of this.#items) releaseRegion(chunk)
    this.#items = []
    this.#queuedBytes = 0
  }

  /** Gives the kernel the one small answer that there is; true when it has taken all of it. */
  #writeAlone(): boolean {
    const [item] = this.#items
    if (this.#items.length !== 1 || !Buffer.isBuffer(item?.chunk) || item.chunk.length > smallBytes)
      return false
    const descriptor = this.#socket.writableLength > 0 ? undefined : descriptorOf(this.#socket)
    if (descriptor === undefined || this.#headSent > 0 || this.#isClosed) return false
    const { chunk, whenSent } = item
    const count = writtenAtOnce(descriptor, chunk)
    this.#queuedBytes -= count
    this.#sentDirectly += count
    if (count < chunk.length) {
      this.#items = [{ chunk: chunk.subarray(count), whenSent }]
      return false
    }
    whenSent?.()
    return true
  }

  /** Writes the buffers from `from` on that no region follows upon; returns where they end. */
  #writeBuffers(from: number): number {
    let end = from
    if (this.#items.length > from + 1) this.#socket.cork()
    for (let item = this.#items[end]; item && Buffer.isBuffer(item.chunk); item = this.#items[++end]) {
      if (this.#items[end + 1]?.chunk instanceof FileRegion) break
      const { chunk, whenSent } = item
      this.#queuedBytes -= chunk.length
      const isLast = end + 1 === this.#items.length || this.#items[end + 2]?.chunk instanceof FileRegion
      // After an error the kernel may still hold the bytes: then their memory is left to the garbage collector.
      if (whenSent || isLast) this.#socket.write(chunk, (error) => error ?? this.#written(whenSent))
      else this.#socket.write(chunk)
    }
    this.#socket.uncork()
    return end
  }

  #written(whenSent: (() => void) | undefined): void {
    whenSent?.()
    this.#proceed()
  }

  #proceed(): void {
    if (this.#isClosed) return
    if (this.#items.length > 0) this.flush()
    this.#options.onProgress()
  }

  /** Sends the bytes right before a region; true when all are through. */
  #sendHead(bytes: Buffer): boolean {
    if (this.#headSent === bytes.length) return true
    const direct = this.#options.directSend()
    const descriptor = direct && descriptorOf(this.#socket)
    if (descriptor !== undefined) this.#prepare(direct!, descriptor)
    const count = descriptor === undefined ? 0 : direct!.head(descriptor, bytes)
    this.#advance(count)
    this.#sentDirectly += count
    if (count === bytes.length) return true
    this.#write(bytes.subarray(count))
    return false
  }

  #prepare(direct: DirectSend, descriptor: number): void {
    if (this.#isPrepared) return
    this.#isPrepared = true
    const { sendBufferBytes } = this.#options
    if (sendBufferBytes >= 1) direct.setSendBuffer(descriptor, sendBufferBytes)
    // Pacing (BBR) spares a network and its queues; here there is none, and it costs a timer for every 64 KiB.
    const peer = withoutMapping(this.#socket.remoteAddress)
    if (peer === '::1' || peer.startsWith('127.')) direct.dropPacing(descriptor)
  }

  /** Sends from the region at the head until it is through (true) or the socket is full. */
  #sendRegion(region: FileRegion): boolean {
    const direct = this.#options.directSend()
    while (this.#headSent < region.length) {
      const descriptor = direct && descriptorOf(this.#socket)
      const count = descriptor === undefined ? 0 : direct!.file(descriptor, region, this.#headSent)
      if (count === 0) {
        this.#readAndWrite(region, direct ? probeBytes : readBytes)
        return false
      }
      this.#advance(count)
      this.#sentDirectly += count
    }
    region.release()
    return true
  }

  #readAndWrite(region: FileRegion, maxBytes: number): void {
    const { buffers, onFault } = this.#options
    const length = Math.min(maxBytes, region.length - this.#headSent)
    const buffer = buffers.take(length)
    const piece = buffer.subarray(0, length)
    try {
      region.read(piece, this.#headSent)
    } catch (error) {
      buffers.give(buffer)
      onFault(error)
      return
    }
    this.#write(piece, () => buffers.give(buffer))
  }

  /** Writes a piece of the head through Node and goes on when the kernel has it. */
  #write(piece: Buffer, whenTaken?: () => void): void {
    this.#advance(piece.length)
    this.#isWriting = true
    this.#socket.write(piece, (error) => {
      this.#isWriting = false
      if (error) return
      whenTaken?.()
      this.#proceed()
    })
  }

  #advance(count: number): void {
    this.#headSent += count
    this.#queuedBytes -= count
  }
}

/** How many of the bytes the kernel took: none where the socket is full or broken, which Node's own write finds out. */
function writtenAtOnce(descriptor: number, bytes: Buffer): number {
  try {
    return fs.writeSync(descriptor, bytes)
  } catch {
    return 0
  }
}

function releaseRegion(chunk: Chunk): void {
  if (chunk instanceof FileRegion) chunk.release()
}

/** The socket's descriptor, which Node keeps to itself; undefined once it is closed. */
function descriptorOf(socket: Socket): number | undefined {
  const { fd } = (socket as unknown as { _handle: { fd?: number } | null })._handle ?? {}
  return fd !== undefined && fd >= 0 && !socket.destroyed ? fd : undefined
}
