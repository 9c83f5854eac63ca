import type { Precision } from '../../contract/figures.ts'
import type { Append } from '../../contract/live.ts'
import { EventRing } from './event-ring.ts'
import { OffsetClock } from './offset-clock.ts'
import { Rate } from './rate.ts'
import { Series } from './series.ts'

/** Batches that the lanes can still catch up with. */
const keptAppends = 2_000

/** What is known of a partition now. `version` is that of the last change (see `LiveState.version`). */
export class PartitionState {
  readonly partition: number
  version = 0
  leader = -1
  leaderEpoch = -1
  replicas: number[] = []
  isr: number[] = []
  offlineReplicas: number[] = []
  logStartOffset = 0
  highWatermark = 0
  logEndOffset: number | null = null
  lastStableOffset: number | null = null
  sizeBytes: number | null = null
  /** From here on each offset is a record; only the embedded broker says, elsewhere no offset is known to be one. */
  denseFrom: number
  problem: string | null = null
  recordsPerSecond = 0
  bytesPerSecond: number | null = null
  /** False until offsets were told once: the first ones are no records that arrived. */
  known = false
  records: Rate | null = null
  bytes: Rate | null = null
  history: Series | null = null
  readonly clock = new OffsetClock()

  constructor(partition: number, denseFrom: number) {
    this.partition = partition
    this.denseFrom = denseFrom
  }

  /** Whether the offsets from `offset` on are as many records, or an estimate of them. */
  precisionFrom(offset: number): Precision {
    return this.denseFrom <= Math.max(offset, this.logStartOffset) ? 'exact' : 'estimate'
  }

  /** Of the number of records. */
  get precision(): Precision {
    return this.precisionFrom(this.logStartOffset)
  }

  /** Takes what arrived into the rates; idle partitions have no meters, for there may be 40,000. */
  arrived(records: number, bytes: number | null, nowMs: number): void {
    if (records > 0) {
      this.records ??= new Rate(nowMs)
      this.records.add(records, nowMs)
    }
    if (bytes !== null && bytes > 0) {
      this.bytes ??= new Rate(nowMs)
      this.bytes.add(bytes, nowMs)
    }
  }

  /** Renews the rates; whether they changed. */
  settle(nowMs: number): boolean {
    const recordsPerSecond = this.records?.perSecond(nowMs) ?? 0
    const bytesPerSecond = this.bytes === null ? this.bytesPerSecond : this.bytes.perSecond(nowMs)
    const changed = recordsPerSecond !== this.recordsPerSecond || bytesPerSecond !== this.bytesPerSecond
    this.recordsPerSecond = recordsPerSecond
    this.bytesPerSecond = bytesPerSecond
    return changed
  }

  /** Notes the rate in the history of partitions that ever moved. */
  sample(nowMs: number): void {
    if (this.records === null) return
    this.history ??= new Series()
    this.history.set(nowMs, this.recordsPerSecond)
  }
}

export class TopicState {
  readonly name: string
  topicId: string | null = null
  internal = false
  partitions: PartitionState[] = []
  /** Of the last change of any figure. */
  version = 0
  /** Of the last change of the number of partitions. */
  shapeVersion = 0
  recordsPerSecond = 0
  cleanupPolicy: string | null = null
  history: Series | null = null
  readonly appends = new EventRing<Append>(keptAppends)

  constructor(name: string) {
    this.name = name
  }

  /** Of the number of records: exact where that of each partition is. */
  get precision(): Precision {
    return this.partitions.every(({ precision }) => precision === 'exact') ? 'exact' : 'estimate'
  }

  /** Offsets between log start and high watermark. */
  get records(): number {
    return this.partitions.reduce((sum, p) => sum + p.highWatermark - p.logStartOffset, 0)
  }

  get sizeBytes(): number | null {
    let sum = 0
    for (const { sizeBytes } of this.partitions) {
      if (sizeBytes === null) return null
      sum += sizeBytes
    }
    return sum
  }

  settle(): void {
    this.recordsPerSecond = this.partitions.reduce((sum, p) => sum + p.recordsPerSecond, 0)
  }

  sample(nowMs: number): void {
    if (this.history === null && this.recordsPerSecond === 0) return
    this.history ??= new Series()
    this.history.set(nowMs, this.recordsPerSecond)
  }
}
