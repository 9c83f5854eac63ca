import type { Clock } from '../../../../broker/core/clock.ts'
import { LogCleaner } from '../../../../broker/log/cleaner/log-cleaner.ts'
import type { Log } from '../../../../broker/log/log.ts'
import { endTransactionMarkerOf } from '../../../../broker/records/control-record.ts'
import { type KafkaRecord, recordsOf } from '../../../../broker/records/record.ts'
import type { LogFixture } from '../log-fixture.ts'
import { readAll } from '../log-fixture.ts'

/** A cleaner on one log whose pauses take no time, with the offset checkpoint that a data folder would keep. */
export class CleanerFixture {
  readonly fixture: LogFixture
  cleanedOffset: number | undefined
  dedupeBufferBytes = 1024 * 1024
  failures: Error[] = []

  constructor(fixture: LogFixture) {
    this.fixture = fixture
  }

  /** Cleans all that is worth it; `everything`: whatever the dirty ratio. */
  async clean(): Promise<boolean> {
    return this.cleaner().cleanAll()
  }

  cleaner(): LogCleaner {
    return new LogCleaner({
      clock: withoutPauses(this.fixture.clock),
      config: () => ({
        isEnabled: true,
        backoffMs: 15_000,
        dedupeBufferBytes: this.dedupeBufferBytes,
        loadFactor: 0.9,
        maxBytesPerSecond: Number.POSITIVE_INFINITY,
      }),
      logs: () => [{ log: this.fixture.log, highWatermark: this.fixture.log.logEndOffset }],
      cleanedOffset: () => this.cleanedOffset,
      checkpoint: (_, offset) => {
        this.cleanedOffset = offset
      },
      onCleaned: () => {},
      onFailed: (_, error) => this.failures.push(error),
    })
  }
}

function withoutPauses(clock: Clock): Clock {
  return {
    nowMs: () => clock.nowMs(),
    elapsedMs: () => clock.elapsedMs(),
    schedule: (_, task) => {
      let isCancelled = false
      queueMicrotask(() => {
        if (!isCancelled) task()
      })
      return {
        cancel: () => {
          isCancelled = true
        },
      }
    },
  }
}

/** What a read_committed consumer gets, as Java's does it: markers end what the abort list began. */
export function readCommitted(log: Log): KafkaRecord[] {
  const end = log.lastStableOffset(log.logEndOffset)
  const waiting = [...log.abortedTransactions(log.logStartOffset, end)].sort(
    (a, b) => a.firstOffset - b.firstOffset,
  )
  const aborting = new Set<number>()
  const records: KafkaRecord[] = []
  for (const batch of readAll(log)) {
    if (batch.baseOffset >= end) break
    while (waiting.length > 0 && waiting[0]!.firstOffset <= batch.lastOffset)
      aborting.add(waiting.shift()!.producerId)
    if (batch.isControl) {
      if (endTransactionMarkerOf(batch)?.type === 'abort') aborting.delete(batch.producerId)
    } else if (!(batch.isTransactional && aborting.has(batch.producerId))) records.push(...recordsOf(batch))
  }
  return records
}

/** Key and value of each record, as text. */
export function texts(records: Iterable<KafkaRecord>): string[] {
  return [...records].map(({ offset, key, value }) => `${offset} ${key}=${value}`)
}
