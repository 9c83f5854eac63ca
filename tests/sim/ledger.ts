import { errorOf } from '../../broker/protocol/error-codes.ts'

/** Who may write a value more often than once: whoever sends again without sequence numbers. */
export type Guarantee = 'at least once' | 'exactly once'

/** One record that a producer wanted to have written, and what the node said of it. */
export type Entry = {
  readonly partition: string
  readonly value: string
  readonly key: string | null
  readonly guarantee: Guarantee
  /** Its producer, and where among that one's records to this partition it comes. */
  readonly producer: string
  readonly position: number
  /** Offsets that were acknowledged. */
  readonly offsets: Set<number>
  /** Nobody can say whether it was written: no answer, or the disk failed over it. */
  isUncertain: boolean
}

/** A rule that the node broke, in words. */
export class Violation extends Error {
  override readonly name = 'Violation'
}

/** The answers that leave open whether the records were written. */
const uncertainErrors = new Set(['KAFKA_STORAGE_ERROR'])

/**
 * What the node was asked to keep and what it answered, request by request as they reached it. The checks compare
 * the logs with this and with nothing else.
 */
export class Ledger {
  /** By partition such as `t-0`, then by value. */
  readonly #entries = new Map<string, Map<string, Entry>>()
  readonly #deletedBelow = new Map<string, number>()
  readonly #positions = new Map<string, number>()
  /** By group and partition: every offset that the group may now have; -1 is none. */
  readonly #commits = new Map<string, Set<number>>()
  /** Errors that were answered, for the figures. */
  readonly errors = new Map<string, number>()
  /** Whether a call of the disk has failed in a partition's folder: only then may the partition be offline. */
  readonly #hasFailed: (partition: string) => boolean

  constructor(hasFailed: (partition: string) => boolean) {
    this.#hasFailed = hasFailed
  }

  /** A batch that is about to be sent; every try of it is told to `answered`. */
  newBatch(
    partition: string,
    producer: string,
    guarantee: Guarantee,
    records: readonly { value: string; key: string | null }[],
  ): readonly Entry[] {
    const entries = this.#entries.get(partition) ?? new Map<string, Entry>()
    this.#entries.set(partition, entries)
    const source = `${producer} ${partition}`
    return records.map(({ value, key }) => {
      const position = this.#positions.get(source) ?? 0
      this.#positions.set(source, position + 1)
      const entry: Entry = {
        ...{ partition, value, key, guarantee, producer, position },
        offsets: new Set(),
        isUncertain: false,
      }
      entries.set(value, entry)
      return entry
    })
  }

  /** A try of a batch reached the node (or its death). */
  answered(batch: readonly Entry[], answer: { errorCode: number; baseOffset: number } | 'no answer'): void {
    if (answer !== 'no answer' && answer.errorCode === 0) {
      for (const [index, entry] of batch.entries()) entry.offsets.add(answer.baseOffset + index)
      return
    }
    const error = answer === 'no answer' ? answer : this.partitionError(batch[0]!.partition, answer.errorCode)
    if (answer === 'no answer' || uncertainErrors.has(error))
      for (const entry of batch) entry.isUncertain = true
  }

  /** The name of the error that one partition answered. One whose disk never failed has to serve. */
  partitionError(partition: string, code: number): string {
    const name = this.noteError(code)
    if (name === 'KAFKA_STORAGE_ERROR' && !this.#hasFailed(partition))
      throw new Violation(`${partition} answered ${name}, and no call in its folder has failed`)
    return name
  }

  noteError(code: number): string {
    const { name } = errorOf(code)
    if (name !== 'NONE') this.errors.set(name, (this.errors.get(name) ?? 0) + 1)
    return name
  }

  partitions(): string[] {
    return [...this.#entries.keys()]
  }
  entriesOf(partition: string): Iterable<Entry> {
    return this.#entries.get(partition)?.values() ?? []
  }
  entry(partition: string, value: string): Entry | undefined {
    return this.#entries.get(partition)?.get(value)
  }

  /** Somebody asks that the records of a partition below `offset` go. */
  deletes(partition: string, offset: number): void {
    this.#deletedBelow.set(partition, Math.max(this.deletedBelow(partition), offset))
  }

  /** Where a log may begin at the latest. */
  deletedBelow(partition: string): number {
    return this.#deletedBelow.get(partition) ?? 0
  }

  /** A power cut or damage took the end of an unflushed log: what was acknowledged there is no longer promised. */
  lostFrom(partition: string, endOffset: number): void {
    for (const entry of this.entriesOf(partition)) {
      const lost = [...entry.offsets].filter((offset) => offset >= endOffset)
      for (const offset of lost) entry.offsets.delete(offset)
      if (lost.length > 0) entry.isUncertain = true
    }
  }

  /** An OffsetCommit reached the node (or its death). */
  committed(group: string, partition: string, offset: number, answer: number | 'no answer'): void {
    const possible = this.commitsOf(group, partition)
    const name = answer === 'no answer' ? answer : this.noteError(answer)
    if (name === 'NONE') possible.clear()
    // The coordinator's own log may hold what it could not acknowledge.
    const isUncertain =
      name === 'no answer' || name === 'NOT_COORDINATOR' || name === 'COORDINATOR_NOT_AVAILABLE'
    if (name === 'NONE' || isUncertain) possible.add(offset)
  }

  commitsOf(group: string, partition: string): Set<number> {
    const key = `${group} ${partition}`
    const known = this.#commits.get(key) ?? new Set([-1])
    this.#commits.set(key, known)
    return known
  }

  *commits(): Generator<{ group: string; partition: string; possible: Set<number> }> {
    for (const [key, possible] of this.#commits) {
      const [group, partition] = key.split(' ')
      yield { group: group!, partition: partition!, possible }
    }
  }
}
