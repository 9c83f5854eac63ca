import type { Disk } from '../core/disk.ts'
import { decodeCheckpoint, encodeCheckpoint, replaceFile } from './checkpoint-file.ts'

export type EpochEntry = { leaderEpoch: number; startOffset: number }

/** Which leader epoch began at which offset (KIP-101), kept in Kafka's leader-epoch-checkpoint. */
export class LeaderEpochCache {
  readonly #disk: Disk
  readonly #path: string
  #entries: EpochEntry[] = []
  /** The file was there and made no sense: the log's batches must be read for their epochs. */
  readonly isDamaged: boolean

  /** `exists`: whether the folder holds the file, so that an empty partition costs no look. */
  constructor(disk: Disk, path: string, exists: boolean) {
    this.#disk = disk
    this.#path = path
    const bytes = exists ? disk.readFile(path) : undefined
    const lines = bytes && decodeCheckpoint(bytes)
    this.isDamaged = bytes !== undefined && lines === undefined
    for (const [leaderEpoch, startOffset] of lines ?? []) {
      this.#entries.push({ leaderEpoch: Number(leaderEpoch), startOffset: Number(startOffset) })
    }
  }

  get entries(): readonly EpochEntry[] {
    return this.#entries
  }
  /** -1: none yet. */
  get latestEpoch(): number {
    return this.#entries.at(-1)?.leaderEpoch ?? -1
  }

  /** Notes that `leaderEpoch` begins at `startOffset`, if it is newer than the latest; entries it contradicts go. */
  assign(leaderEpoch: number, startOffset: number): void {
    if (leaderEpoch < 0 || leaderEpoch <= this.latestEpoch) return
    this.#entries = this.#entries.filter((entry) => entry.startOffset < startOffset)
    this.#entries.push({ leaderEpoch, startOffset })
    this.#write()
  }

  /** The last epoch at or below the one asked for, and where it ends; -1 and -1 when there is none. */
  endOffsetFor(leaderEpoch: number, logEndOffset: number): { leaderEpoch: number; endOffset: number } {
    const isUnknown = leaderEpoch === -1 || this.#entries.length === 0 || leaderEpoch > this.latestEpoch
    if (isUnknown) return { leaderEpoch: -1, endOffset: -1 }
    if (leaderEpoch === this.latestEpoch) return { leaderEpoch, endOffset: logEndOffset }
    const next = this.#entries.findIndex((entry) => entry.leaderEpoch > leaderEpoch)
    const endOffset = this.#entries[next]!.startOffset
    return { leaderEpoch: next === 0 ? leaderEpoch : this.#entries[next - 1]!.leaderEpoch, endOffset }
  }

  /** The epoch that wrote `offset`; -1 when unknown. */
  epochAt(offset: number): number {
    return this.#entries.findLast((entry) => entry.startOffset <= offset)?.leaderEpoch ?? -1
  }

  /** The log now ends at `endOffset`. */
  truncateFromEnd(endOffset: number): void {
    const kept = this.#entries.filter((entry) => entry.startOffset < endOffset)
    if (kept.length === this.#entries.length) return
    this.#entries = kept
    this.#write()
  }

  /** The log now starts at `startOffset`: the epoch that covers it begins there. */
  truncateFromStart(startOffset: number): void {
    const covering = this.#entries.findLastIndex((entry) => entry.startOffset <= startOffset)
    if (covering < 0 || (covering === 0 && this.#entries[0]!.startOffset === startOffset)) return
    const rest = this.#entries.slice(covering + 1)
    this.#entries = [{ leaderEpoch: this.#entries[covering]!.leaderEpoch, startOffset }, ...rest]
    this.#write()
  }

  clear(): void {
    if (this.#entries.length === 0) return
    this.#entries = []
    this.#write()
  }

  #write(): void {
    const lines = this.#entries.map((entry) => `${entry.leaderEpoch} ${entry.startOffset}`)
    // Not fsynced: what a crash of the machine may take of it, the batches hold as well.
    replaceFile(this.#disk, this.#path, encodeCheckpoint(lines), false)
  }
}
