import type { Partition } from '../cluster/partition.ts'
import type { GroupEvent } from '../coordinator/group-event.ts'
import type { Clock, Timer } from '../core/clock.ts'
import type { AppendEvent, ConnectionDescription, EventBatch, HostEvent, PartitionFigures } from '../host.ts'

const flushIntervalMs = 50
const maxAppendsPerBatch = 2000
const maxGroupEventsPerBatch = 2000
const maxOthersPerBatch = 1000
/** A connection's figures are told at most once in so long, unless the client itself changed. */
const connectionIntervalMs = 1000

type Growth = { records: number; bytes: number }

export function partitionFigures(partition: Partition, growth?: Growth): PartitionFigures {
  const { topic, index, logStartOffset, lastStableOffset, highWatermark, logEndOffset } = partition
  return {
    topic,
    partition: index,
    logStartOffset,
    lastStableOffset,
    highWatermark,
    logEndOffset,
    sizeBytes: partition.sizeBytes,
    denseFrom: partition.denseFrom,
    appendedRecords: growth?.records ?? 0,
    appendedBytes: growth?.bytes ?? 0,
  }
}

/**
 * Gathers what happens and hands it on in batches, at most 20 a second. What has a last value (offsets, commits,
 * connections) is kept once; the rest is counted as lost beyond its limit.
 */
export class EventQueue {
  readonly #clock: Clock
  readonly #describe: (connectionId: number) => ConnectionDescription | undefined
  readonly #listeners = new Set<(batch: EventBatch) => void>()
  readonly #grown = new Map<Partition, Growth>()
  readonly #connections = new Map<number, number>()
  readonly #toldAtMs = new Map<number, number>()
  #commits = new Map<string, GroupEvent>()
  #groups: GroupEvent[] = []
  #appends: AppendEvent[] = []
  #others: HostEvent[] = []
  #closed: number[] = []
  #lost = 0
  #sequence = 0
  #timer: Timer | undefined
  #idleTimer: Timer | undefined

  constructor(clock: Clock, describe: (connectionId: number) => ConnectionDescription | undefined) {
    this.#clock = clock
    this.#describe = describe
  }

  /** Number of the last batch. */
  get sequence(): number {
    return this.#sequence
  }

  listen(listener: (batch: EventBatch) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  partitionChanged(partition: Partition, records: number, bytes: number): void {
    const growth = this.#grown.get(partition)
    if (growth) {
      growth.records += records
      growth.bytes += bytes
    } else this.#grown.set(partition, { records, bytes })
    this.#soon()
  }

  appended(append: AppendEvent): void {
    if (this.#appends.length < maxAppendsPerBatch) this.#appends.push(append)
    else this.#lost++
    this.#soon()
  }

  group(event: GroupEvent): void {
    if (event.kind === 'offsetCommitted') {
      this.#commits.set(`${event.groupId}\n${event.topic}\n${event.partition}`, event)
    } else if (this.#groups.length < maxGroupEventsPerBatch) this.#groups.push(event)
    else this.#lost++
    this.#soon()
  }

  /** `isNew`: told in the next batch; else when a second has passed since the last time. */
  connectionChanged(id: number, isNew: boolean): void {
    const dueMs = isNew ? 0 : (this.#toldAtMs.get(id) ?? 0) + connectionIntervalMs
    const planned = this.#connections.get(id)
    if (planned === undefined || planned > dueMs) this.#connections.set(id, dueMs)
    this.#soon()
  }

  connectionClosed(id: number): void {
    this.#connections.delete(id)
    this.#toldAtMs.delete(id)
    this.#closed.push(id)
    this.#soon()
  }

  other(event: HostEvent): void {
    if (this.#others.length < maxOthersPerBatch) this.#others.push(event)
    else this.#lost++
    this.#soon()
  }

  /** Hands on what is left, and is silent from then on. */
  stop(): void {
    this.#timer?.cancel()
    this.#idleTimer?.cancel()
    this.#flush()
    this.#listeners.clear()
  }

  #soon(): void {
    this.#timer ??= this.#clock.schedule(flushIntervalMs, () => this.#run())
    if (this.#idleTimer) {
      this.#idleTimer.cancel()
      this.#idleTimer = undefined
    }
  }

  /** When only connections are due, and later, nothing wakes up before. */
  #run(): void {
    this.#timer = undefined
    this.#flush()
    if (this.#connections.size === 0 || this.#timer) return
    this.#idleTimer = this.#clock.schedule(connectionIntervalMs, () => {
      this.#idleTimer = undefined
      this.#run()
    })
  }

  #flush(): void {
    const nowMs = this.#clock.nowMs()
    const events = this.#take(nowMs)
    if (events.length === 0 && this.#lost === 0) return
    const batch = { sequence: ++this.#sequence, atMs: nowMs, lost: this.#lost, events }
    this.#lost = 0
    for (const listener of this.#listeners) listener(batch)
  }

  #take(nowMs: number): HostEvent[] {
    const events: HostEvent[] = this.#others
    this.#others = []
    const connections = this.#dueConnections(nowMs)
    if (connections.length > 0) events.push({ kind: 'connections', connections })
    if (this.#closed.length > 0) events.push({ kind: 'connectionsClosed', ids: this.#closed })
    const figures = [...this.#grown].map(([partition, growth]) => partitionFigures(partition, growth))
    if (figures.length > 0) events.push({ kind: 'partitions', figures })
    if (this.#appends.length > 0) events.push({ kind: 'appends', appends: this.#appends })
    const groups = [...this.#groups, ...this.#commits.values()]
    if (groups.length > 0) events.push({ kind: 'groups', events: groups })
    this.#closed = []
    this.#grown.clear()
    this.#appends = []
    this.#groups = []
    this.#commits = new Map()
    return events
  }

  #dueConnections(nowMs: number): ConnectionDescription[] {
    const due: ConnectionDescription[] = []
    for (const [id, dueMs] of this.#connections) {
      if (dueMs > nowMs) continue
      this.#connections.delete(id)
      const description = this.#describe(id)
      if (!description) continue
      this.#toldAtMs.set(id, nowMs)
      due.push(description)
      // Its rate falls by itself once it is silent, and that has to be told too.
      if (description.requestsPerSecond > 0) this.#connections.set(id, nowMs + connectionIntervalMs)
    }
    return due
  }
}
