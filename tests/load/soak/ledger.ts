/** What the broker said that it keeps: checked against what it gives back at the end. */
type AckedBatch = {
  readonly baseOffset: number
  readonly count: number
  readonly producer: string
  /** The number of its first record; the others follow. */
  readonly first: number
}

export type TransactionOutcome = 'open' | 'committed' | 'aborted'

/** The value of a record: who wrote it and its number, filled up to its size. */
export function markedValue(producer: string, number: number, sizeBytes: number): string {
  return `${producer}:${number}:`.padEnd(sizeBytes, 'x')
}

/** Producer and number of a value, as `markedValue` wrote them. */
export function idOf(value: Buffer | null): string {
  const text = value?.toString('latin1', 0, 64) ?? ''
  return text.split(':', 2).join(':')
}

/** Acknowledged records by partition, the newest value of each key, and what became of transactions. */
export class Ledger {
  readonly acked = new Map<string, AckedBatch[]>()
  /** Topic-partition → key → the number acknowledged last. */
  readonly newest = new Map<string, Map<string, number>>()
  /** Ids of records written in transactions → what became of their transaction. */
  readonly transactional = new Map<string, { outcome: TransactionOutcome }>()
  /** Partitions whose producers are idempotent: nothing may be there twice. */
  readonly exact = new Set<string>()

  ack(topic: string, partition: number, batch: AckedBatch): void {
    const name = `${topic}-${partition}`
    const batches = this.acked.get(name)
    if (batches) batches.push(batch)
    else this.acked.set(name, [batch])
  }

  ackKey(topic: string, partition: number, key: string, number: number): void {
    const name = `${topic}-${partition}`
    const keys = this.newest.get(name) ?? new Map<string, number>()
    this.newest.set(name, keys.set(key, number))
  }
}
