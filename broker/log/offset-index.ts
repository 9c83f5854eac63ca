import type { LogFile } from './file-cache.ts'
import { IndexFile, lastEntry } from './index-file.ts'

const entryBytes = 8

export type OffsetPosition = { offset: number; position: number }

/** Kafka's .index: [relative offset i32, position i32], a batch's last offset and where the batch starts. */
export class OffsetIndex {
  readonly #baseOffset: number
  readonly #index: IndexFile

  constructor(file: LogFile, baseOffset: number, isNew: boolean) {
    this.#baseOffset = baseOffset
    this.#index = new IndexFile(file, entryBytes, isNew)
  }

  get file(): LogFile {
    return this.#index.file
  }
  get count(): number {
    return this.#index.count
  }
  get sizeBytes(): number {
    return this.#index.sizeBytes
  }

  append(offset: number, position: number): void {
    const { entries, at } = this.#index.nextEntry()
    entries.writeUInt32BE(offset - this.#baseOffset, at)
    entries.writeUInt32BE(position, at + 4)
  }

  entry(index: number): OffsetPosition {
    const entries = this.#index.entries()
    const at = index * entryBytes
    return { offset: this.#baseOffset + entries.readUInt32BE(at), position: entries.readUInt32BE(at + 4) }
  }

  /** The last entry at or below `offset`; the segment's start when there is none. */
  lookup(offset: number): OffsetPosition {
    const relativeOffset = offset - this.#baseOffset
    const entries = this.#index.entries()
    const found = lastEntry(this.count, (index) => entries.readUInt32BE(index * entryBytes) <= relativeOffset)
    return found < 0 ? { offset: this.#baseOffset, position: 0 } : this.entry(found)
  }

  /** The last entry at or before `position` whose offset is at or below `offset`; undefined when there is none. */
  lookupPosition(position: number, offset: number): OffsetPosition | undefined {
    const relativeOffset = offset - this.#baseOffset
    const entries = this.#index.entries()
    const found = lastEntry(this.count, (index) => {
      const at = index * entryBytes
      return entries.readUInt32BE(at + 4) <= position && entries.readUInt32BE(at) <= relativeOffset
    })
    return found < 0 ? undefined : this.entry(found)
  }

  /** Whether entries rise and point into a log of `logBytes`: a torn or zero-filled file does not. */
  isPlausible(logBytes: number): boolean {
    if (this.count === 0) return true
    const last = this.entry(this.count - 1)
    const before = this.count > 1 ? this.entry(this.count - 2) : undefined
    if (last.position >= logBytes) return false
    return before === undefined || (last.offset > before.offset && last.position > before.position)
  }

  /** Drops entries at `offset` and above. */
  truncateTo(offset: number): void {
    const relativeOffset = offset - this.#baseOffset
    const entries = this.#index.entries()
    this.#index.truncateTo(
      lastEntry(this.count, (index) => entries.readUInt32BE(index * entryBytes) < relativeOffset) + 1,
    )
  }

  reset(): void {
    this.#index.reset()
  }
  write(): void {
    this.#index.write()
  }
  release(): void {
    this.#index.release()
  }
}
