import { join } from 'node:path'
import type { DirectoryEntry } from '../core/disk.ts'
import { batchHeaderBytes, type RecordBatch } from '../records/record-batch.ts'
import { scanBatches } from './batch-scanner.ts'
import { recoverSwaps } from './cleaner/swap-recovery.ts'
import { LeaderEpochCache } from './leader-epoch-cache.ts'
import { diskCall, LogCorruptError } from './log-error.ts'
import type { LogOptions } from './log-options.ts'
import { LogSegment } from './log-segment.ts'
import { ProducerSnapshots } from './producer-snapshots.ts'
import { ProducerState } from './producer-state.ts'
import { parseSegmentFile } from './segment-files.ts'

const leaderEpochFile = 'leader-epoch-checkpoint'
/** Stands in the folder while indexes below the recovery point are made anew: found at open, none can be trusted. */
const rebuildingFile = '.rebuilding'

export type LoadedLog = {
  /** Rising by base offset, at least one. */
  segments: LogSegment[]
  logStartOffset: number
  logEndOffset: number
  recoveryPoint: number
  truncatedBytes: number
  epochs: LeaderEpochCache
  producers: ProducerState
  snapshots: ProducerSnapshots
}

/**
 * Opens what a partition's folder holds: after a clean shutdown by the ends of its indexes alone, else by reading
 * every batch from the recovery point on. One readdir, and nothing more for an empty partition.
 */
export function loadLog(options: LogOptions): LoadedLog {
  const { disk, dir } = options
  const entries = readOrCreate(options)
  const names = new Set(entries.map((entry) => entry.name))
  recoverSwaps(disk, dir, names)
  const epochs = diskCall('read', join(dir, leaderEpochFile), () => {
    return new LeaderEpochCache(disk, join(dir, leaderEpochFile), names.has(leaderEpochFile))
  })
  const segments = findSegments(options, names)
  const wasRebuilding = names.has(rebuildingFile)
  const isTrusted = !wasRebuilding && (options.hadCleanShutdown ?? false)
  const knownRecoveryPoint = wasRebuilding ? 0 : (options.recoveryPoint ?? 0)
  const trust = { isTrusted, recoveryPoint: knownRecoveryPoint }
  const recovery = recoverSegments(options, segments, names, trust, epochs)
  const last = segments.at(-1)
  const foundEnd = last ? (recovery.endOffset ?? reloadOrRecover(options, last, epochs, recovery)) : 0
  const logStartOffset = Math.max(options.logStartOffset ?? 0, segments[0]?.baseOffset ?? 0)
  const logEndOffset = Math.max(foundEnd, logStartOffset)
  if (logStartOffset > foundEnd) for (const segment of segments.splice(0)) unlinkAll(segment)
  if (segments.length === 0) segments.push(newSegment(options, logEndOffset))

  epochs.truncateFromEnd(logEndOffset)
  epochs.truncateFromStart(logStartOffset)
  const snapshotOffsets = [...names].map(parseSegmentFile).filter((file) => file?.kind === 'snapshot')
  const snapshots = new ProducerSnapshots(
    disk,
    dir,
    snapshotOffsets.map((file) => file!.baseOffset),
  )
  const producers = new ProducerState()
  const restoreTo = Math.min(recovery.firstScannedOffset ?? logEndOffset, logEndOffset)
  restoreProducers(
    { segments, producers, snapshots, logStartOffset, logEndOffset },
    restoreTo,
    options.clock.nowMs(),
  )
  flushRebuilt(recovery)
  if (names.has(rebuildingFile)) markRebuilt(options)
  if (snapshotOffsets.length > 1)
    snapshots.removeStray(new Set(segments.map((segment) => segment.baseOffset)))
  const recoveryPoint = Math.min(
    isTrusted ? logEndOffset : knownRecoveryPoint,
    logEndOffset,
    ...recovery.rebuilt.filter((each) => !each.wasFlushed).map((each) => each.segment.baseOffset),
  )
  const { truncatedBytes } = recovery
  return {
    segments,
    logStartOffset,
    logEndOffset,
    recoveryPoint,
    truncatedBytes,
    epochs,
    producers,
    snapshots,
  }
}

/** A segment without files yet. */
export function newSegment(options: LogOptions, baseOffset: number): LogSegment {
  const { dir, fileCache, clock } = options
  return new LogSegment({ dir, baseOffset, fileCache, nowMs: clock.nowMs() })
}

/** A segment beside the log, for the cleaner to fill; as old as what it is made of. */
export function newCleanedSegment(options: LogOptions, baseOffset: number, createdMs: number): LogSegment {
  const { dir, fileCache } = options
  return new LogSegment({ dir, baseOffset, fileCache, nowMs: createdMs, suffix: '.cleaned' })
}

export type ProducerReplay = Pick<
  LoadedLog,
  'producers' | 'snapshots' | 'logStartOffset' | 'logEndOffset'
> & {
  segments: readonly LogSegment[]
}

/** Producers from the latest snapshot at or below `offset`, then from the batches up to the log's end. */
export function restoreProducers(log: ProducerReplay, offset: number, nowMs: number): void {
  const { segments, producers, snapshots, logEndOffset } = log
  snapshots.restore(producers, offset, log.logStartOffset)
  for (const [index, segment] of segments.entries()) {
    const from = producers.mapEndOffset
    const segmentEnd = segments[index + 1]?.baseOffset ?? logEndOffset
    if (segmentEnd <= from) continue
    for (const { batch, position } of segment.scan(segment.offsetIndex.lookup(from).position)) {
      if (batch.baseOffset < from || !batch.hasProducerId) continue
      const whole = batch.isControl ? segment.wholeBatch(position, batch.sizeBytes) : batch
      for (const completed of producers.replay(whole, nowMs)) {
        if (!completed.isAborted) continue
        const isKnown = segment.transactionIndex
          .all()
          .some((known) => known.lastOffset === completed.lastOffset)
        if (!isKnown) segment.transactionIndex.append(completed)
      }
    }
  }
  producers.mapEndOffset = logEndOffset
}

function readOrCreate({ disk, dir }: LogOptions): DirectoryEntry[] {
  return diskCall('list', dir, () => {
    try {
      return disk.readdir(dir)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      disk.mkdir(dir)
      return []
    }
  })
}

function findSegments(options: LogOptions, names: ReadonlySet<string>): LogSegment[] {
  const { disk, dir, fileCache, clock } = options
  const segments: LogSegment[] = []
  for (const name of names) {
    const file = parseSegmentFile(name)
    if (file?.kind !== 'log') continue
    const stat = diskCall('stat', join(dir, name), () => disk.stat(join(dir, name)))
    const hasTransactionIndex = names.has(name.replace(/\.log$/, '.txnindex'))
    const foundBytes = stat?.sizeBytes ?? 0
    const { baseOffset } = file
    segments.push(
      new LogSegment({
        dir,
        baseOffset,
        fileCache,
        nowMs: stat?.modifiedMs ?? clock.nowMs(),
        foundBytes,
        hasTransactionIndex,
      }),
    )
  }
  return segments.sort((a, b) => a.baseOffset - b.baseOffset)
}

type Recovery = {
  endOffset: number | undefined
  firstScannedOffset: number | undefined
  truncatedBytes: number
  /** Their indexes were made anew. */
  rebuilt: { segment: LogSegment; wasFlushed: boolean }[]
}

function recoverSegments(
  options: LogOptions,
  segments: LogSegment[],
  names: Set<string>,
  { isTrusted, recoveryPoint }: { isTrusted: boolean; recoveryPoint: number },
  epochs: LeaderEpochCache,
): Recovery {
  const recovery: Recovery = {
    endOffset: undefined,
    firstScannedOffset: undefined,
    truncatedBytes: 0,
    rebuilt: [],
  }
  for (let index = 0; index < segments.length; index++) {
    const segment = segments[index]!
    const later = segments.slice(index + 1)
    const isUnflushed = !isTrusted && (later.length === 0 || later[0]!.baseOffset > recoveryPoint)
    const isGood = !epochs.isDamaged && hasGoodIndexes(segment, names, later.length === 0)
    if (!isUnflushed && isGood) continue
    recovery.firstScannedOffset ??= segment.baseOffset
    recovery.rebuilt.push({ segment, wasFlushed: !isUnflushed })
    if (!isUnflushed && !names.has(rebuildingFile)) markRebuilding(options, names)
    const scan = recoverSegment(options, segment, later, epochs)
    recovery.truncatedBytes += scan.truncatedBytes
    if (scan.isEnd) for (const empty of segments.splice(index + 1)) unlinkAll(empty)
    recovery.endOffset = scan.isEnd ? scan.endOffset : undefined
  }
  return recovery
}

function markRebuilding({ disk, dir }: LogOptions, names: Set<string>): void {
  const path = join(dir, rebuildingFile)
  diskCall('write', path, () => {
    disk.close(disk.open(path, 'write'))
    disk.fsyncDirectory(dir)
  })
  names.add(rebuildingFile)
}

function markRebuilt({ disk, dir }: LogOptions): void {
  const path = join(dir, rebuildingFile)
  diskCall('delete', path, () => disk.unlink(path))
}

/**
 * A later crash must not find indexes half-written below the recovery point, where nobody would look at them again.
 * Those above are flushed with their segment; but the index of aborted transactions decides what a reader sees.
 */
function flushRebuilt({ rebuilt }: Recovery): void {
  for (const { segment, wasFlushed } of rebuilt) {
    if (wasFlushed) segment.flush()
    else if (segment.transactionIndex.all().length > 0) segment.transactionIndex.file.fsync()
  }
}

/** The clean shutdown may have lied: a tail that makes no sense is recovered after all. */
function reloadOrRecover(
  options: LogOptions,
  segment: LogSegment,
  epochs: LeaderEpochCache,
  recovery: Recovery,
): number {
  try {
    return segment.reloadTail()
  } catch (error) {
    if (!(error instanceof LogCorruptError)) throw error
    const { endOffset, truncatedBytes } = recoverSegment(options, segment, [], epochs)
    recovery.firstScannedOffset ??= segment.baseOffset
    recovery.truncatedBytes += truncatedBytes
    return endOffset
  }
}

/** Sealed segments are only asked whether their indexes exist; the active one's must also make sense. */
function hasGoodIndexes(segment: LogSegment, names: ReadonlySet<string>, isActive: boolean): boolean {
  if (segment.sizeBytes === 0) return true
  const base = String(segment.baseOffset).padStart(20, '0')
  if (!names.has(`${base}.index`) || !names.has(`${base}.timeindex`)) return false
  return !isActive || (segment.offsetIndex.isPlausible(segment.sizeBytes) && segment.timeIndex.isPlausible())
}

type SegmentScan = { endOffset: number; goodBytes: number; found: string }

/**
 * Reads every batch, rebuilds the indexes, and cuts the log after its last good batch (`isEnd`). Where later
 * segments hold records nothing is cut: then it is no torn tail, and a person must decide.
 */
function recoverSegment(
  options: LogOptions,
  segment: LogSegment,
  later: readonly LogSegment[],
  epochs: LeaderEpochCache,
): { endOffset: number; truncatedBytes: number; isEnd: boolean } {
  const next = later[0]
  const { endOffset, goodBytes, found } = scanSegment(options, segment, next, epochs)
  const mayHaveGaps = options.config.cleanupPolicy.includes('compact') || options.wasCleaned
  const hasGap = next !== undefined && endOffset < next.baseOffset && !mayHaveGaps
  const isCut = goodBytes < segment.sizeBytes && !isUnusedRoom(segment, goodBytes, endOffset, next)
  const isBroken = isCut || hasGap
  if (isBroken && later.some((other) => other.sizeBytes > 0)) {
    throw corruptMiddle(
      segment,
      goodBytes,
      found || `the records from offset ${endOffset} on are missing`,
      next!,
    )
  }
  const truncatedBytes = segment.sizeBytes - goodBytes
  if (truncatedBytes > 0) {
    segment.log.truncate(goodBytes)
    // A power cut must not bring back what was cut off, below what is written from now on.
    segment.log.fsync()
    segment.sizeBytes = goodBytes
  }
  const isEnd = next === undefined || isBroken
  if (!isEnd) segment.seal()
  return { endOffset, truncatedBytes, isEnd }
}

/** Zeros behind the last record that belongs here: room that was preallocated and is not yet given back. */
function isUnusedRoom(
  segment: LogSegment,
  goodBytes: number,
  endOffset: number,
  next: LogSegment | undefined,
): boolean {
  if (next === undefined || endOffset !== next.baseOffset) return false
  const header = Buffer.alloc(Math.min(batchHeaderBytes, segment.sizeBytes - goodBytes))
  segment.log.read(header, 0, header.length, goodBytes)
  return header.every((byte) => byte === 0)
}

function scanSegment(
  options: LogOptions,
  segment: LogSegment,
  next: LogSegment | undefined,
  epochs: LeaderEpochCache,
): SegmentScan {
  segment.resetIndexes()
  let endOffset = segment.baseOffset
  let goodBytes = 0
  const scan = scanBatches(segment.log, 0, segment.sizeBytes, 'whole')
  for (let step = scan.next(); ; step = scan.next()) {
    if (step.done) return { endOffset, goodBytes, found: step.value?.message ?? '' }
    const { batch, position } = step.value
    const found = batchFault(batch, endOffset, next)
    if (found) return { endOffset, goodBytes, found }
    segment.index(batch, position, options.config.indexIntervalBytes)
    epochs.assign(batch.partitionLeaderEpoch, batch.baseOffset)
    endOffset = batch.nextOffset
    goodBytes = position + batch.sizeBytes
  }
}

function batchFault(batch: RecordBatch, endOffset: number, next: LogSegment | undefined): string | undefined {
  if (batch.baseOffset < endOffset) return `offset ${batch.baseOffset} comes after ${endOffset - 1}`
  if (next && batch.lastOffset >= next.baseOffset)
    return `offset ${batch.lastOffset} belongs to the next segment`
  return batch.hasValidCrc() ? undefined : `the batch of offset ${batch.baseOffset} has a wrong CRC`
}

function corruptMiddle(
  segment: LogSegment,
  position: number,
  found: string,
  next: LogSegment,
): LogCorruptError {
  return new LogCorruptError(
    segment.log.path,
    position,
    found,
    `Later segments hold records, so nothing is cut off. Restore the file from a copy; or, to go on without the records from here on, move this segment and those from ${next.log.path} on away, and restart the broker.`,
  )
}

function unlinkAll(segment: LogSegment): void {
  for (const file of segment.files()) file.unlink()
}
