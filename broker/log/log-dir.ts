import type { Clock } from '../core/clock.ts'
import type { Disk } from '../core/disk.ts'
import type { Log } from './log.ts'
import type { LogConfig } from './log-config.ts'

export type LogDirOptions = {
  /** The data folder of one node. */
  path: string
  disk: Disk
  clock: Clock
  /** At most so many files open at a time; default 512. */
  maxOpenFiles?: number
}

export type LogDirEntry = { topic: string; partition: number; topicId: string | undefined }

/**
 * A node's data folder (Kafka's LogManager): locks it, knows the partitions in it and how the last shutdown
 * went, opens and deletes logs, writes the checkpoint files.
 */
export type LogDir = {
  readonly path: string
  readonly hadCleanShutdown: boolean
  /** The partition folders found at open. */
  entries(): LogDirEntry[]
  /** Opens the partition's log, creating its folder (with partition.metadata) when new. */
  openLog(topic: string, partition: number, topicId: string, config: LogConfig): Log
  log(topic: string, partition: number): Log | undefined
  /** Closes the log and frees its disk; the folder is renamed first, so that a crash leaves no half. */
  deleteLog(topic: string, partition: number): void
  /** Writes recovery-point-, log-start- and replication-offset-checkpoint. */
  checkpoint(highWatermarks: ReadonlyMap<Log, number>): void
  /** High watermark of the last checkpoint, 0 when unknown. */
  checkpointedHighWatermark(topic: string, partition: number): number
  freeBytes(): number
  /** Flushes all logs, writes checkpoints and the clean-shutdown marker, releases the lock. */
  close(highWatermarks: ReadonlyMap<Log, number>): void
}
