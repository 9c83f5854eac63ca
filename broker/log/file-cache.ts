import { assert } from '../core/assert.ts'
import type { Disk } from '../core/disk.ts'
import { FileRegion } from '../core/file-region.ts'
import { LogIoError } from './log-error.ts'

const closed = -1

/**
 * One file of a log. It is opened (and created) at its first use and closed by the cache when others need the
 * descriptor. Every call throws LogIoError when the disk fails.
 */
export class LogFile {
  readonly #cache: FileCache
  #path: string
  #descriptor = closed
  /** fsyncs under way and regions being sent: the descriptor must stay open. */
  #pins = 0
  #closesWhenUnpinned = false

  constructor(cache: FileCache, path: string) {
    this.#cache = cache
    this.#path = path
  }

  get path(): string {
    return this.#path
  }
  get isOpen(): boolean {
    return this.#descriptor !== closed
  }
  get isPinned(): boolean {
    return this.#pins > 0
  }

  /** Reads up to `length` bytes, fewer only at the end of the file. */
  read(target: Buffer, targetOffset: number, length: number, position: number): number {
    try {
      return this.#cache.disk.read(this.#open(), target, targetOffset, length, position)
    } catch (error) {
      throw this.#failed('read', error)
    }
  }

  writev(chunks: readonly Buffer[], position: number): void {
    try {
      this.#cache.disk.writev(this.#open(), chunks, position)
    } catch (error) {
      throw this.#failed('write', error)
    }
  }

  truncate(sizeBytes: number): void {
    try {
      this.#cache.disk.truncate(this.#open(), sizeBytes)
    } catch (error) {
      throw this.#failed('truncate', error)
    }
  }

  fsync(): void {
    try {
      this.#cache.disk.fsync(this.#open())
    } catch (error) {
      throw this.#failed('fsync', error)
    }
  }

  /** fsync off this thread; the file stays open until it is done. */
  async fsyncLater(): Promise<void> {
    this.#pin()
    try {
      await this.#cache.disk.fsyncLater(this.#open())
    } catch (error) {
      throw this.#failed('fsync', error)
    } finally {
      this.#unpin()
    }
  }

  /** Bytes to be sent from the file; undefined while as many files as may be are held open that way. */
  region(position: number, length: number): FileRegion | undefined {
    if (!this.isPinned && !this.#cache.mayPin) return undefined
    let descriptor: number
    try {
      descriptor = this.#open()
    } catch (error) {
      throw this.#failed('read', error)
    }
    this.#pin()
    const { disk } = this.#cache
    return new FileRegion({ disk, descriptor, unpin: () => this.#unpin() }, position, length)
  }

  #pin(): void {
    if (this.#pins++ === 0) this.#cache.pinnedCount++
  }

  #unpin(): void {
    if (--this.#pins > 0) return
    this.#cache.pinnedCount--
    if (this.#closesWhenUnpinned) this.close()
  }

  readAll(): Buffer {
    try {
      return this.#cache.disk.readFile(this.#path) ?? Buffer.alloc(0)
    } catch (error) {
      throw this.#failed('read', error)
    }
  }

  /** Renames the file; one that was never written has only its new name from then on. */
  renameIfExists(path: string): void {
    this.close()
    try {
      this.#cache.disk.rename(this.#path, path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw this.#failed('rename', error)
    }
    this.#path = path
  }

  unlink(): void {
    this.close()
    try {
      this.#cache.disk.unlink(this.#path)
    } catch (error) {
      throw this.#failed('delete', error)
    }
  }

  close(): void {
    if (this.#descriptor === closed) return
    this.#closesWhenUnpinned = this.isPinned
    if (this.isPinned) return
    const descriptor = this.#descriptor
    this.#descriptor = closed
    this.#cache.forget(this)
    this.#cache.disk.close(descriptor)
  }

  #open(): number {
    if (this.#descriptor === closed) {
      this.#cache.makeRoom()
      this.#descriptor = this.#cache.disk.open(this.#path, 'append')
    }
    this.#closesWhenUnpinned = false
    this.#cache.use(this)
    return this.#descriptor
  }

  #failed(action: string, error: unknown): LogIoError {
    return error instanceof LogIoError ? error : new LogIoError(action, this.#path, error)
  }
}

/** The open files of all logs of a node: at most `maxOpenFiles`, the least recently used closed first. */
export class FileCache {
  readonly disk: Disk
  readonly maxOpenFiles: number
  /** In order of use, the latest last. */
  readonly #open = new Set<LogFile>()
  #latest: LogFile | undefined
  /** Files that must stay open; LogFile counts them. */
  pinnedCount = 0

  constructor(disk: Disk, maxOpenFiles = 512) {
    assert(maxOpenFiles > 0, 'the file cache must hold at least one file')
    this.disk = disk
    this.maxOpenFiles = maxOpenFiles
  }

  get openCount(): number {
    return this.#open.size
  }

  /** Half of the descriptors stay free for those that only read and write. */
  get mayPin(): boolean {
    return this.pinnedCount < this.maxOpenFiles / 2
  }

  file(path: string): LogFile {
    return new LogFile(this, path)
  }

  /** For LogFile: notes that `file` is the latest used. */
  use(file: LogFile): void {
    if (this.#latest === file) return
    this.#latest = file
    this.#open.delete(file)
    this.#open.add(file)
  }

  /** For LogFile. */
  forget(file: LogFile): void {
    this.#open.delete(file)
    if (this.#latest === file) this.#latest = undefined
  }

  /** For LogFile: closes the least recently used file when all descriptors are taken. */
  makeRoom(): void {
    if (this.#open.size < this.maxOpenFiles) return
    for (const file of this.#open) {
      if (file.isPinned) continue
      file.close()
      return
    }
  }

  close(): void {
    for (const file of [...this.#open]) file.close()
  }
}
