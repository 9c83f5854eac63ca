import { endTransactionMarkerOf } from '../../records/control-record.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { AbortedTransaction } from '../read.ts'

type OngoingAbort = { transaction: AbortedTransaction; hasBatches: boolean }

/**
 * Follows the transactions of a log from batch to batch, in order, and tells what no reader needs (Kafka's
 * CleanedTransactionMetadata): data of aborted transactions, and markers whose transaction has no batch left.
 */
export class CleanedTransactions {
  readonly #committing = new Set<number>()
  readonly #aborting = new Map<number, OngoingAbort>()
  /** By first offset. */
  #waiting: AbortedTransaction[] = []

  /** Makes aborted transactions known before the batches that they begin at. */
  addAborted(transactions: readonly AbortedTransaction[]): void {
    this.#waiting = [...this.#waiting, ...transactions].sort((a, b) => a.firstOffset - b.firstOffset)
  }

  /** Whether the data of this batch was aborted. */
  discardsData(batch: RecordBatch): boolean {
    this.#beginUpTo(batch.lastOffset)
    if (!batch.isTransactional) return false
    const aborting = this.#aborting.get(batch.producerId)
    if (aborting) {
      aborting.hasBatches = true
      return true
    }
    this.#committing.add(batch.producerId)
    return false
  }

  /** Whether the marker's transaction has no batch left; `kept` is the index entry of an abort that still has. */
  discardsMarker(batch: RecordBatch): { discards: boolean; kept?: AbortedTransaction } {
    this.#beginUpTo(batch.lastOffset)
    // An emptied marker was cleaned before.
    if (batch.recordCount === 0) return { discards: true }
    const marker = endTransactionMarkerOf(batch)
    if (marker === undefined) return { discards: false }
    if (marker.type === 'commit') return { discards: !this.#committing.delete(batch.producerId) }
    const aborting = this.#aborting.get(batch.producerId)
    this.#aborting.delete(batch.producerId)
    return aborting?.hasBatches ? { discards: false, kept: aborting.transaction } : { discards: true }
  }

  #beginUpTo(offset: number): void {
    while (this.#waiting.length > 0 && this.#waiting[0]!.firstOffset <= offset) {
      const transaction = this.#waiting.shift()!
      if (!this.#aborting.has(transaction.producerId))
        this.#aborting.set(transaction.producerId, { transaction, hasBatches: false })
    }
  }
}
