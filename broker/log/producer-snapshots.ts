import type { Disk } from '../core/disk.ts'
import { replaceFile } from './checkpoint-file.ts'
import { diskCall } from './log-error.ts'
import { decodeProducerSnapshot, encodeProducerSnapshot } from './producer-snapshot.ts'
import type { ProducerState } from './producer-state.ts'
import { segmentPath } from './segment-files.ts'

/** The .snapshot files of one partition, each named after the offset up to which it holds. */
export class ProducerSnapshots {
  readonly #disk: Disk
  readonly #dir: string
  /** Rising. */
  #offsets: number[]

  constructor(disk: Disk, dir: string, offsets: readonly number[]) {
    this.#disk = disk
    this.#dir = dir
    this.#offsets = [...offsets].sort((a, b) => a - b)
  }

  /** Writes the state as it is, unless a snapshot of this offset is there. */
  take(state: ProducerState): void {
    const offset = state.mapEndOffset
    if (offset === 0 || this.#offsets.includes(offset)) return
    const path = segmentPath(this.#dir, offset, 'snapshot')
    replaceFile(this.#disk, path, encodeProducerSnapshot(state.producers()), false)
    this.#offsets = [...this.#offsets.filter((other) => other < offset), offset]
  }

  /** Loads the latest good snapshot at or below `offset` and removes those above; the state's end says how far. */
  restore(state: ProducerState, offset: number, logStartOffset: number): void {
    this.removeFrom(offset + 1)
    for (const found of [...this.#offsets].reverse()) {
      const path = segmentPath(this.#dir, found, 'snapshot')
      const bytes = diskCall('read', path, () => this.#disk.readFile(path))
      const entries = bytes && decodeProducerSnapshot(bytes)
      if (entries) {
        state.load(entries, found)
        return
      }
      this.removeFrom(found)
    }
    state.clear(logStartOffset)
  }

  /** Removes snapshots at `offset` and above. */
  removeFrom(offset: number): void {
    this.#removeWhere((other) => other >= offset)
  }

  /** Keeps those of a segment's start, and the latest: others only cost disk. */
  removeStray(segmentBaseOffsets: ReadonlySet<number>): void {
    const latest = this.#offsets.at(-1)
    this.#removeWhere((offset) => offset !== latest && !segmentBaseOffsets.has(offset))
  }

  #removeWhere(isRemoved: (offset: number) => boolean): void {
    for (const offset of this.#offsets.filter(isRemoved)) {
      const path = segmentPath(this.#dir, offset, 'snapshot')
      diskCall('delete', path, () => this.#disk.unlink(path))
    }
    this.#offsets = this.#offsets.filter((offset) => !isRemoved(offset))
  }
}
