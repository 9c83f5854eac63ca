import type { Clock } from '../core/clock.ts'
import type { Disk } from '../core/disk.ts'
import type { FileCache } from './file-cache.ts'
import type { LogConfig } from './log-config.ts'

export type LogOptions = {
  /** The partition's own folder, `<topic>-<partition>`; made when absent. */
  dir: string
  topic: string
  partition: number
  config: LogConfig
  disk: Disk
  clock: Clock
  fileCache: FileCache
  /** Offset up to which the disk is known to hold everything (recovery-point-offset-checkpoint); default 0. */
  recoveryPoint?: number
  /** From log-start-offset-checkpoint; default: the first segment's base offset. */
  logStartOffset?: number
  /** The broker shut down cleanly: nothing is scanned. Default false. */
  hadCleanShutdown?: boolean
  /** The cleaner was here: offsets may be missing, whatever the topic's policy is now. Default false. */
  wasCleaned?: boolean
  /** Whether markers of transactions may lie in what is found: nobody looks for them at open. Default true. */
  mayHoldMarkers?: boolean
  /** For segment.jitter.ms: a number in [0, 1). Default Math.random. */
  random?: () => number
}
