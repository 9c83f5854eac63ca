/**
 * What a classic group's members tell each other inside JoinGroup and SyncGroup (Kafka's consumer protocol,
 * ConsumerProtocolSubscription and ConsumerProtocolAssignment): only the fields that the page shows. Other
 * protocol types (connect, …) put something else there, so nothing is trusted.
 */

/** Topics that a member subscribes to. */
export function subscribedTopics(metadata: Buffer): string[] {
  return readOr([], () => {
    const reader = new Fields(metadata)
    reader.int16()
    return reader.array(() => reader.string())
  })
}

/** Partitions that a member was given. */
export function assignedPartitions(assignment: Buffer): { topic: string; partitions: number[] }[] {
  return readOr([], () => {
    const reader = new Fields(assignment)
    reader.int16()
    return reader.array(() => ({ topic: reader.string(), partitions: reader.array(() => reader.int32()) }))
  })
}

class Fields {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  int16(): number {
    this.#at += 2
    return this.#bytes.readInt16BE(this.#at - 2)
  }

  int32(): number {
    this.#at += 4
    return this.#bytes.readInt32BE(this.#at - 4)
  }

  string(): string {
    const length = this.int16()
    if (length < 0 || this.#at + length > this.#bytes.length) throw new RangeError('string goes past the end')
    this.#at += length
    return this.#bytes.toString('utf8', this.#at - length, this.#at)
  }

  array<T>(item: () => T): T[] {
    const count = this.int32()
    // An item takes two bytes at least.
    if (count < 0 || count * 2 > this.#bytes.length) throw new RangeError('array goes past the end')
    return Array.from({ length: count }, item)
  }
}

function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return otherwise
    throw error
  }
}
