import { readInt64, writeInt64 } from '../records/record-batch.ts'
import type { LogFile } from './file-cache.ts'
import { IndexFile, lastEntry } from './index-file.ts'

const entryBytes = 12

export type TimestampOffset = { timestampMs: number; offset: number }

/** Kafka's .timeindex: [timestamp i64, relative offset i32]; the greatest timestamp so far, and its batch's last offset. */
export class TimeIndex {
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

  /** Adds an entry unless the last one has this timestamp or a later one. */
  maybeAppend(timestampMs: number, offset: number): void {
    if (timestampMs < 0) return
    const last = this.last()
    if (last && (timestampMs <= last.timestampMs || offset < last.offset)) return
    const { entries, at } = this.#index.nextEntry()
    writeInt64(entries, timestampMs, at)
    entries.writeUInt32BE(offset - this.#baseOffset, at + 8)
  }

  entry(index: number): TimestampOffset {
    const entries = this.#index.entries()
    const at = index * entryBytes
    return { timestampMs: readInt64(entries, at), offset: this.#baseOffset + entries.readUInt32BE(at + 8) }
  }

  last(): TimestampOffset | undefined {
    return this.count === 0 ? undefined : this.entry(this.count - 1)
  }

  /** An offset below which all timestamps are less than `timestampMs`. */
  offsetBelow(timestampMs: number): number {
    const entries = this.#index.entries()
    const found = lastEntry(this.count, (index) => readInt64(entries, index * entryBytes) < timestampMs)
    return found < 0 ? this.#baseOffset : this.entry(found).offset
  }

  /** Whether entries rise: a torn or zero-filled file does not. */
  isPlausible(): boolean {
    if (this.count < 2) return true
    const last = this.entry(this.count - 1)
    const before = this.entry(this.count - 2)
    return last.timestampMs > before.timestampMs && last.offset >= before.offset
  }

  /** Drops entries of offset `offset` and above. */
  truncateTo(offset: number): void {
    const relativeOffset = offset - this.#baseOffset
    const entries = this.#index.entries()
    this.#index.truncateTo(
      lastEntry(this.count, (index) => entries.readUInt32BE(index * entryBytes + 8) < relativeOffset) + 1,
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
