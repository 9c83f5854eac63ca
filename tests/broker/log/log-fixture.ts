import { ManualClock } from '../../../broker/core/clock.ts'
import type { Disk } from '../../../broker/core/disk.ts'
import { MemoryDisk } from '../../../broker/core/memory-disk.ts'
import type { AppendOrigin, AppendSuccess } from '../../../broker/log/append.ts'
import { FileCache } from '../../../broker/log/file-cache.ts'
import { Log } from '../../../broker/log/log.ts'
import { defaultLogConfig, type LogConfig } from '../../../broker/log/log-config.ts'
import type { LogOptions } from '../../../broker/log/log-options.ts'
import { batchesOf, RecordBatch } from '../../../broker/records/record-batch.ts'
import { encodeRecordBatch, type NewRecordBatch } from '../../../broker/records/record-batch-builder.ts'

export const startMs = 1_700_000_000_000

/** A log on a disk in memory, with a clock that stands still. */
export class LogFixture {
  disk: MemoryDisk
  readonly clock = new ManualClock(startMs)
  config: LogConfig
  log: Log

  constructor(config: Partial<LogConfig> = {}, disk = new MemoryDisk()) {
    this.disk = disk
    this.config = { ...defaultLogConfig, ...config }
    this.log = this.open()
  }

  open(options: Partial<LogOptions> = {}): Log {
    return openLog(this.disk, this.clock, this.config, options)
  }

  /** Closes cleanly and opens again. */
  reopen(): Log {
    const { logStartOffset, recoveryPoint } = this.log
    this.log.close()
    this.log = this.open({ hadCleanShutdown: true, logStartOffset, recoveryPoint })
    return this.log
  }

  /** What kill -9 does: nothing is written any more, the page cache stays. */
  kill(recoveryPoint = 0): Log {
    const { logStartOffset } = this.log
    this.log.abandon()
    this.log = this.open({ recoveryPoint, logStartOffset })
    return this.log
  }

  append(batch: NewRecordBatch | number, origin: AppendOrigin = 'client', leaderEpoch = 0): AppendSuccess {
    const result = this.log.append(encodeRecordBatch(typeof batch === 'number' ? values(batch) : batch), {
      origin,
      leaderEpoch,
    })
    if (!result.ok) throw new Error(`${result.error}: ${result.message}`)
    return result
  }
}

export function openLog(
  disk: Disk,
  clock: ManualClock,
  config: LogConfig,
  options: Partial<LogOptions> = {},
): Log {
  const fileCache = new FileCache(disk, 8)
  return Log.open({
    dir: '/data/t-0',
    topic: 't',
    partition: 0,
    config,
    disk,
    clock,
    fileCache,
    random: () => 0,
    ...options,
  })
}

/** A batch of `count` records of 100 bytes. */
export function values(count: number, timestampMs = startMs): NewRecordBatch {
  return { records: Array.from({ length: count }, () => ({ value: 'x'.repeat(100), timestampMs })) }
}

/** All batches from `offset` on, read in pieces of `maxBytes`. */
export function readAll(log: Log, offset = log.logStartOffset, maxBytes = 4096): RecordBatch[] {
  const found: RecordBatch[] = []
  for (let next = offset; next < log.logEndOffset; ) {
    const result = log.read({ offset: next, maxBytes, minOneBatch: true })
    if (!result.ok) throw new Error(result.message)
    const batches = [...batchesOf(result.records)]
    if (batches.length === 0) throw new Error(`nothing to read at offset ${next}`)
    found.push(
      ...batches.map(
        (batch) => new RecordBatch(batch.buffer.subarray(batch.start, batch.start + batch.sizeBytes)),
      ),
    )
    next = result.nextOffset
  }
  return found
}
