import type { Disk } from '../core/disk.ts'

/** Open files of all logs of a node, the least recently used closed first. */
export type FileCache = {
  readonly disk: Disk
  readonly openCount: number
  /** A descriptor for `path`, opened (and created) where needed. Valid until the next call. */
  descriptor(path: string): number
  /** Closes `path` where open, before a rename or removal. */
  release(path: string): void
  close(): void
}
