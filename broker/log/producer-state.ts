import { endTransactionMarkerOf } from '../records/control-record.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import type { AppendOrigin } from './append.ts'
import {
  appendDataBatch,
  appendMarker,
  type BatchPlace,
  type CompletedTransaction,
  type ProducerFault,
} from './producer-append.ts'
import {
  type BatchMetadata,
  duplicateOf,
  emptyProducerEntry,
  isInOpenTransaction,
  type ProducerEntry,
} from './producer-entry.ts'

/** What a checked append will make of the producers, once its bytes are written. */
export type StagedProducers = {
  entries: Map<number, ProducerEntry>
  completed: CompletedTransaction[]
}

/** All producers of one partition: duplicates, sequences, open transactions (Kafka's ProducerStateManager). */
export class ProducerState {
  readonly #entries = new Map<number, ProducerEntry>()
  /** First offset of each open transaction → its producer; in order of offsets, as they were begun. */
  readonly #openTransactions = new Map<number, number>()
  /** Ended, but their marker may still be above the high watermark. */
  #undecided: CompletedTransaction[] = []
  /** Everything below is in the state. */
  mapEndOffset = 0

  get producerCount(): number {
    return this.#entries.size
  }

  /** All producers, ids rising. */
  producers(): ProducerEntry[] {
    return [...this.#entries.values()].sort((a, b) => a.producerId - b.producerId)
  }

  producer(producerId: number): ProducerEntry | undefined {
    return this.#entries.get(producerId)
  }

  /** The earlier append of this batch, when a retry sends it again. */
  duplicateOf(batch: RecordBatch): BatchMetadata | undefined {
    const entry = this.#entries.get(batch.producerId)
    return entry && duplicateOf(entry, batch.producerEpoch, batch.baseSequence, batch.lastSequence)
  }

  /** Checks the batches of one append, whose offsets are assigned, in order; the first fault refuses them all. */
  stageAll(
    batches: readonly RecordBatch[],
    origin: AppendOrigin,
    nowMs: number,
  ): StagedProducers | ProducerFault {
    const staged: StagedProducers = { entries: new Map(), completed: [] }
    for (const batch of batches) {
      if (!batch.hasProducerId) continue
      const { baseOffset: firstOffset, lastOffset } = batch
      const fault = this.stage(staged, batch, { origin, firstOffset, lastOffset, nowMs })
      if (fault) return fault
    }
    return staged
  }

  /** Checks one batch after those already staged; stages it when it may be appended. */
  stage(staged: StagedProducers, batch: RecordBatch, place: BatchPlace): ProducerFault | undefined {
    const producerId = batch.producerId
    const entry =
      staged.entries.get(producerId) ?? this.#entries.get(producerId) ?? emptyProducerEntry(producerId)
    const marker = batch.isControl ? endTransactionMarkerOf(batch) : undefined
    if (batch.isControl && marker === undefined) return undefined
    const step = marker ? appendMarker(entry, batch, marker, place) : appendDataBatch(entry, batch, place)
    if ('error' in step) return step
    staged.entries.set(producerId, step.entry)
    if (step.completed) staged.completed.push(step.completed)
    return undefined
  }

  /** Takes over what was staged; returns each completed transaction with the last stable offset behind it. */
  commit(staged: StagedProducers): (CompletedTransaction & { lastStableOffset: number })[] {
    for (const [producerId, entry] of staged.entries) {
      const before = this.#entries.get(producerId)
      this.#entries.set(producerId, entry)
      if (
        isInOpenTransaction(entry) &&
        entry.currentTransactionStartOffset !== before?.currentTransactionStartOffset
      ) {
        this.#openTransactions.set(entry.currentTransactionStartOffset, producerId)
      }
    }
    return staged.completed.map((completed) => {
      this.#openTransactions.delete(completed.firstOffset)
      this.#undecided.push(completed)
      return { ...completed, lastStableOffset: this.#firstOpenOffset() ?? completed.lastOffset + 1 }
    })
  }

  /** Replays a batch that is already in the log; what would have been refused is taken as it stands. */
  replay(batch: RecordBatch, nowMs: number): (CompletedTransaction & { lastStableOffset: number })[] {
    if (!batch.hasProducerId) return []
    const staged: StagedProducers = { entries: new Map(), completed: [] }
    const origin: AppendOrigin = 'replication'
    this.stage(staged, batch, { origin, firstOffset: batch.baseOffset, lastOffset: batch.lastOffset, nowMs })
    return this.commit(staged)
  }

  /** First offset that is not yet decided: of an open transaction, or of one whose marker is not replicated. */
  firstUnstableOffset(highWatermark: number): number | undefined {
    if (this.#undecided.length > 0) {
      this.#undecided = this.#undecided.filter((transaction) => transaction.lastOffset >= highWatermark)
    }
    const open = this.#firstOpenOffset()
    if (this.#undecided.length === 0) return open
    return this.#undecided.reduce(
      (first, each) => Math.min(first, each.firstOffset),
      open ?? Number.MAX_SAFE_INTEGER,
    )
  }

  /** Forgets producers idle for so long that have no open transaction; returns how many. */
  removeExpired(nowMs: number, expirationMs: number): number {
    const before = this.#entries.size
    for (const [producerId, entry] of this.#entries) {
      const lastMs = Math.max(entry.lastTimestampMs, entry.lastAppendMs)
      if (!isInOpenTransaction(entry) && nowMs - lastMs >= expirationMs) this.#entries.delete(producerId)
    }
    return before - this.#entries.size
  }

  /** Starts over from a snapshot's producers at `offset`. */
  load(entries: readonly ProducerEntry[], offset: number): void {
    this.clear(offset)
    const open: ProducerEntry[] = []
    for (const entry of entries) {
      this.#entries.set(entry.producerId, entry)
      if (isInOpenTransaction(entry)) open.push(entry)
    }
    open.sort((a, b) => a.currentTransactionStartOffset - b.currentTransactionStartOffset)
    for (const entry of open)
      this.#openTransactions.set(entry.currentTransactionStartOffset, entry.producerId)
  }

  clear(offset: number): void {
    this.#entries.clear()
    this.#openTransactions.clear()
    this.#undecided = []
    this.mapEndOffset = offset
  }

  #firstOpenOffset(): number | undefined {
    for (const offset of this.#openTransactions.keys()) return offset
    return undefined
  }
}
