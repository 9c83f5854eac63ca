import { readInt64, writeInt64 } from '../records/record-batch.ts'
import type { LogFile } from './file-cache.ts'
import type { AbortedTransaction } from './read.ts'

const entryBytes = 34
const version = 0

/**
 * Kafka's .txnindex: [version i16, producer id i64, first, last and last stable offset i64], one entry an aborted
 * transaction, in the order of the abort markers. The file exists only where there is one.
 */
export class TransactionIndex {
  readonly file: LogFile
  #transactions: AbortedTransaction[] | undefined

  constructor(file: LogFile, exists: boolean) {
    this.file = file
    if (!exists) this.#transactions = []
  }

  all(): readonly AbortedTransaction[] {
    this.#transactions ??= decode(this.file.readAll())
    return this.#transactions
  }

  /** Written at once: unlike the other indexes, it cannot be rebuilt from this segment alone. */
  append(transaction: AbortedTransaction): void {
    const position = this.all().length * entryBytes
    this.file.writev([encode(transaction)], position)
    this.#transactions!.push(transaction)
  }

  /** Drops transactions that were aborted at `offset` or above. */
  truncateTo(offset: number): void {
    const kept = this.all().filter((transaction) => transaction.lastOffset < offset)
    if (kept.length === this.all().length) return
    this.file.truncate(kept.length * entryBytes)
    this.#transactions = kept
  }

  reset(): void {
    if (this.#transactions?.length !== 0) this.file.truncate(0)
    this.#transactions = []
  }
}

function encode(transaction: AbortedTransaction): Buffer {
  const bytes = Buffer.alloc(entryBytes)
  bytes.writeInt16BE(version, 0)
  writeInt64(bytes, transaction.producerId, 2)
  writeInt64(bytes, transaction.firstOffset, 10)
  writeInt64(bytes, transaction.lastOffset, 18)
  writeInt64(bytes, transaction.lastStableOffset, 26)
  return bytes
}

function decode(bytes: Buffer): AbortedTransaction[] {
  const transactions: AbortedTransaction[] = []
  for (let at = 0; at + entryBytes <= bytes.length; at += entryBytes) {
    transactions.push({
      producerId: readInt64(bytes, at + 2),
      firstOffset: readInt64(bytes, at + 10),
      lastOffset: readInt64(bytes, at + 18),
      lastStableOffset: readInt64(bytes, at + 26),
    })
  }
  return transactions
}
