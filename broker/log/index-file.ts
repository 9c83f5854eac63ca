import type { LogFile } from './file-cache.ts'

const initialEntries = 64
/** Entries kept back before they are written: an index is rebuilt after a crash, so nothing is lost with them. */
const maxPendingEntries = 512

/**
 * Fixed-size entries in order, appended in memory and written behind: Kafka maps the file instead. The file is
 * read at first use, so that sealed segments cost nothing until someone looks something up in them.
 */
export class IndexFile {
  readonly file: LogFile
  readonly #entryBytes: number
  #entries: Buffer | undefined
  #count = 0
  #writtenCount = 0

  constructor(file: LogFile, entryBytes: number, isNew: boolean) {
    this.file = file
    this.#entryBytes = entryBytes
    if (isNew) this.#entries = Buffer.alloc(0)
  }

  get count(): number {
    this.#loaded()
    return this.#count
  }
  get sizeBytes(): number {
    return this.count * this.#entryBytes
  }

  /** All entries, `count` of them; a view that the next append may replace. */
  entries(): Buffer {
    return this.#loaded()
  }

  /** Room for one more entry at the end; the caller fills it. */
  nextEntry(): { entries: Buffer; at: number } {
    if (this.#count - this.#writtenCount >= maxPendingEntries) this.write()
    let entries = this.#loaded()
    const at = this.#count * this.#entryBytes
    if (at + this.#entryBytes > entries.length) {
      const larger = Buffer.alloc(Math.max(entries.length * 2, initialEntries * this.#entryBytes))
      entries.copy(larger)
      this.#entries = entries = larger
    }
    this.#count++
    return { entries, at }
  }

  /** Keeps the first `count` entries. */
  truncateTo(count: number): void {
    if (count >= this.count) return
    this.#count = count
    if (this.#writtenCount > count) {
      this.file.truncate(count * this.#entryBytes)
      this.#writtenCount = count
    }
  }

  /** Drops all entries, also those that a damaged file may hold, without reading it. */
  reset(): void {
    this.#entries = Buffer.alloc(0)
    this.#count = this.#writtenCount = 0
    this.file.truncate(0)
  }

  /** Writes the entries that are only in memory; creates the file when there are none. */
  write(): void {
    if (this.#entries === undefined) return
    const from = this.#writtenCount * this.#entryBytes
    this.file.writev([this.#entries.subarray(from, this.#count * this.#entryBytes)], from)
    this.#writtenCount = this.#count
  }

  /** Writes, then gives the memory back until the next use. */
  release(): void {
    this.write()
    this.#entries = undefined
    this.file.close()
  }

  #loaded(): Buffer {
    if (this.#entries === undefined) {
      const bytes = this.file.readAll()
      this.#entries = bytes
      this.#count = this.#writtenCount = Math.floor(bytes.length / this.#entryBytes)
    }
    return this.#entries
  }
}

/** The last of `count` entries for which `isAtOrBelow` holds, which must be true first and false after; -1: none. */
export function lastEntry(count: number, isAtOrBelow: (index: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isAtOrBelow(middle)) low = middle + 1
    else high = middle
  }
  return low - 1
}
