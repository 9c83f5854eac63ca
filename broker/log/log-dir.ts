import { join } from 'node:path'
import type { Clock } from '../core/clock.ts'
import { nodeCrypto } from '../core/crypto.ts'
import type { Disk } from '../core/disk.ts'
import {
  parsePartitionDir,
  readOffsetCheckpoint,
  replaceFile,
  writeOffsetCheckpoint,
} from './checkpoint-file.ts'
import { FileCache } from './file-cache.ts'
import { Log } from './log.ts'
import type { LogConfig } from './log-config.ts'
import { diskCall, LogIoError } from './log-error.ts'
import {
  type MetaProperties,
  readMetaProperties,
  readTopicId,
  writeMetaProperties,
  writeTopicId,
} from './properties-file.ts'
import { SpaceReserve } from './space-reserve.ts'

export type LogDirOptions = {
  /** The data folder of one node. */
  path: string
  disk: Disk
  clock: Clock
  /** At most so many files open at a time; default 512. */
  maxOpenFiles?: number
}

export type LogDirEntry = { topic: string; partition: number; topicId: string | undefined }

const cleanShutdownFile = '.kafka_cleanshutdown'
const recoveryPointFile = 'recovery-point-offset-checkpoint'
const logStartFile = 'log-start-offset-checkpoint'
const highWatermarkFile = 'replication-offset-checkpoint'
const cleanerFile = 'cleaner-offset-checkpoint'
const metaPropertiesFile = 'meta.properties'
const partitionMetadataFile = 'partition.metadata'
const reserveFile = '.space-reserve'

/**
 * A node's data folder (Kafka's LogManager): knows the partitions in it and how the last shutdown went, opens and
 * deletes logs, writes the checkpoint files. Locking the folder is the caller's (core/folder-lock.ts).
 */
export class LogDir {
  readonly path: string
  /** The last broker here closed everything: logs are opened without a scan. */
  readonly hadCleanShutdown: boolean
  /** Space held back for when the disk is full. */
  readonly reserve: SpaceReserve
  readonly #disk: Disk
  readonly #clock: Clock
  readonly #fileCache: FileCache
  readonly #logs = new Map<string, Log>()
  /** Folders that were here at open and whose logs have not been opened since: what the files say of them holds. */
  readonly #untouched: Set<string>
  /** Logs that could not be opened: nobody has looked at them since, and what is known of them is kept. */
  readonly #unopened = new Set<string>()
  readonly #recoveryPoints: ReadonlyMap<string, number>
  readonly #logStartOffsets: ReadonlyMap<string, number>
  readonly #highWatermarks: ReadonlyMap<string, number>
  readonly #cleanedOffsets: Map<string, number>

  private constructor(options: LogDirOptions) {
    const { path, disk } = options
    this.path = path
    this.reserve = new SpaceReserve(disk, path, join(path, reserveFile))
    this.#disk = disk
    this.#clock = options.clock
    this.#fileCache = new FileCache(disk, options.maxOpenFiles)
    const entries = diskCall('open', path, () => {
      disk.mkdir(path)
      return disk.readdir(path)
    })
    const names = new Set(entries.map((entry) => entry.name))
    for (const name of names) if (name.endsWith('-delete')) this.#removeTree(join(path, name))
    this.#untouched = new Set(entries.filter((entry) => entry.isDirectory).map((entry) => entry.name))
    this.hadCleanShutdown = names.has(cleanShutdownFile)
    this.#recoveryPoints = readOffsetCheckpoint(disk, join(path, recoveryPointFile))
    this.#logStartOffsets = readOffsetCheckpoint(disk, join(path, logStartFile))
    this.#highWatermarks = readOffsetCheckpoint(disk, join(path, highWatermarkFile))
    this.#cleanedOffsets = readOffsetCheckpoint(disk, join(path, cleanerFile))
    // From here on a crash is a crash, whatever is opened.
    const marker = join(path, cleanShutdownFile)
    diskCall('delete', marker, () => {
      disk.unlink(marker)
      if (this.hadCleanShutdown) disk.fsyncDirectory(path)
    })
  }

  /** Opens the folder, making it when absent. Throws LogIoError. */
  static open(options: LogDirOptions): LogDir {
    return new LogDir(options)
  }

  /** Files of all logs that are open now. */
  get openFileCount(): number {
    return this.#fileCache.openCount
  }

  /** Which cluster and node the folder belongs to; undefined for a new folder. */
  metaProperties(): MetaProperties | undefined {
    return readMetaProperties(this.#disk, join(this.path, metaPropertiesFile))
  }
  writeMetaProperties(properties: MetaProperties): void {
    writeMetaProperties(this.#disk, join(this.path, metaPropertiesFile), properties, this.#clock.nowMs())
  }

  /** The partition folders found at open whose logs have not been opened yet. */
  entries(): LogDirEntry[] {
    return [...this.#untouched].flatMap((name) => {
      const parsed = parsePartitionDir(name)
      if (!parsed || name.endsWith('-delete')) return []
      return [{ ...parsed, topicId: this.#topicIdOf(name) }]
    })
  }

  /** Opens the partition's log, making its folder (with partition.metadata) when new. Throws LogIoError, LogCorruptError. */
  openLog(
    topic: string,
    partition: number,
    topicId: string,
    config: LogConfig,
    { mayHoldMarkers = true } = {},
  ): Log {
    const name = partitionDir(topic, partition)
    const dir = join(this.path, name)
    const isUntouched = this.#untouched.delete(name)
    const before = this.#logs.get(name)
    before?.abandon()
    this.#logs.delete(name)
    if (!isUntouched && before === undefined) this.#cleanedOffsets.delete(name)
    if (!isUntouched) this.#makePartitionDir(dir, topicId)
    this.#unopened.add(name)
    const log = Log.open({
      dir,
      topic,
      partition,
      config,
      disk: this.#disk,
      clock: this.#clock,
      fileCache: this.#fileCache,
      recoveryPoint: isUntouched ? (this.#recoveryPoints.get(name) ?? 0) : (before?.recoveryPoint ?? 0),
      logStartOffset: isUntouched ? (this.#logStartOffsets.get(name) ?? 0) : (before?.logStartOffset ?? 0),
      hadCleanShutdown: isUntouched && this.hadCleanShutdown,
      wasCleaned: this.#cleanedOffsets.has(name),
      mayHoldMarkers,
    })
    this.#unopened.delete(name)
    this.#logs.set(name, log)
    return log
  }

  log(topic: string, partition: number): Log | undefined {
    return this.#logs.get(partitionDir(topic, partition))
  }

  /** Closes the log and frees its disk; the folder is renamed first, so that a crash leaves no half of it. */
  deleteLog(topic: string, partition: number): void {
    const name = partitionDir(topic, partition)
    this.#logs.get(name)?.abandon()
    this.#logs.delete(name)
    this.#untouched.delete(name)
    this.#unopened.delete(name)
    this.#cleanedOffsets.delete(name)
    const dir = join(this.path, name)
    if (diskCall('stat', dir, () => this.#disk.stat(dir)) === undefined) return
    const doomed = join(
      this.path,
      `${topic.slice(0, 150)}-${partition}.${nodeCrypto().randomBytes(16).toString('hex')}-delete`,
    )
    diskCall('rename', dir, () => this.#disk.rename(dir, doomed))
    this.#removeTree(doomed)
  }

  /** Writes recovery-point-, log-start- and replication-offset-checkpoint. */
  checkpoint(highWatermarks: ReadonlyMap<Log, number>): void {
    const recoveryPoints = this.#ofUnopened(this.#recoveryPoints)
    const named = this.#ofUnopened(this.#highWatermarks)
    for (const [name, log] of this.#logs) {
      recoveryPoints.set(name, log.recoveryPoint)
      const highWatermark = highWatermarks.get(log)
      if (highWatermark !== undefined) named.set(name, highWatermark)
    }
    this.#writeCheckpoint(recoveryPointFile, recoveryPoints)
    this.checkpointLogStartOffsets()
    this.#writeCheckpoint(highWatermarkFile, named)
  }

  /** After DeleteRecords: what was deleted stays deleted when the process dies. */
  checkpointLogStartOffsets(): void {
    const moved = this.#ofUnopened(this.#logStartOffsets)
    for (const [name, log] of this.#logs)
      if (log.logStartOffset > log.firstSegmentOffset) moved.set(name, log.logStartOffset)
    this.#writeCheckpoint(logStartFile, moved)
  }

  #ofUnopened(offsets: ReadonlyMap<string, number>): Map<string, number> {
    return new Map([...offsets].filter(([name]) => this.#unopened.has(name)))
  }

  /** Up to where the cleaner has come; undefined: it never was here. */
  cleanedOffset(topic: string, partition: number): number | undefined {
    return this.#cleanedOffsets.get(partitionDir(topic, partition))
  }

  /** Not fsynced: where a crash loses it, the same is cleaned again. */
  checkpointCleanedOffset(topic: string, partition: number, offset: number): void {
    this.#cleanedOffsets.set(partitionDir(topic, partition), offset)
    writeOffsetCheckpoint(this.#disk, join(this.path, cleanerFile), this.#cleanedOffsets, false)
  }

  /** High watermark of the last checkpoint, 0 when unknown. */
  checkpointedHighWatermark(topic: string, partition: number): number {
    return this.#highWatermarks.get(partitionDir(topic, partition)) ?? 0
  }

  freeBytes(): number {
    return diskCall('ask the free space of', this.path, () => this.#disk.freeBytes(this.path))
  }

  totalBytes(): number {
    return diskCall('ask the size of', this.path, () => this.#disk.totalBytes(this.path))
  }

  /** Flushes all logs, writes the checkpoints and, when no log failed, the clean-shutdown marker. */
  close(highWatermarks: ReadonlyMap<Log, number>): void {
    let failure: unknown
    // What was not opened may be half recovered.
    let isClean = this.#unopened.size === 0
    for (const log of this.#logs.values()) {
      try {
        log.close()
      } catch (error) {
        failure ??= error
      }
      if (log.failure) isClean = false
    }
    this.#fileCache.close()
    if (failure) throw failure
    this.checkpoint(highWatermarks)
    // As Kafka writes it; the broker epoch is KRaft's, and ours has none before there are several nodes.
    if (isClean)
      replaceFile(
        this.#disk,
        join(this.path, cleanShutdownFile),
        Buffer.from('{"version":0,"brokerEpoch":-1}'),
      )
  }

  /** Closes all files and leaves everything as it is: what a crash of the process does. */
  abandon(): void {
    for (const log of this.#logs.values()) log.abandon()
    this.#fileCache.close()
  }

  /** A file that cannot be read makes this one partition's id unknown, no more: opening it will tell why. */
  #topicIdOf(name: string): string | undefined {
    try {
      return readTopicId(this.#disk, join(this.path, name, partitionMetadataFile))
    } catch (error) {
      if (error instanceof LogIoError) return undefined
      throw error
    }
  }

  #makePartitionDir(dir: string, topicId: string): void {
    diskCall('make', dir, () => this.#disk.mkdir(dir))
    writeTopicId(this.#disk, join(dir, partitionMetadataFile), topicId)
  }

  #writeCheckpoint(file: string, offsets: ReadonlyMap<string, number>): void {
    writeOffsetCheckpoint(this.#disk, join(this.path, file), offsets)
  }

  #removeTree(path: string): void {
    diskCall('delete', path, () => this.#disk.removeTree(path))
  }
}

/** Name of a partition's folder. */
export function partitionDir(topic: string, partition: number): string {
  return `${topic}-${partition}`
}
