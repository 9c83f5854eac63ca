import type { Partition } from '../cluster/partition.ts'
import type { MetadataChange } from '../cluster/replayed-metadata.ts'
import type { GroupEvent } from '../coordinator/group-event.ts'
import type { Clock } from '../core/clock.ts'
import type { AppendEvent, ConnectionDescription, RequestSample } from '../host.ts'
import { errorOf } from '../protocol/error-codes.ts'
import type { NodeObserver } from '../running-node.ts'
import type { Connection } from '../server/connection.ts'
import type { Exchange } from '../server/dispatch.ts'
import { ApiTallies } from './api-figures.ts'
import { ConnectionFigures } from './connection-figures.ts'
import { EventQueue } from './event-queue.ts'
import { firstErrorCode } from './rendered-message.ts'

export type LogSink = (level: 'info' | 'warn' | 'error', message: string) => void

const produceKey = 0
/** Request samples of all connections together, and how many are made a second. */
const maxSamplesKept = 10_000
const minSamplesPerConnection = 5
const maxSamplesPerSecond = 500

/** Sees everything a node does and turns it into figures and events for the host; costs little on the hot path. */
export class NodeTelemetry implements NodeObserver {
  readonly events: EventQueue
  readonly apis = new ApiTallies()
  readonly #nodeId: number
  readonly #clock: Clock
  readonly #log: LogSink
  readonly #connections = new Map<number, ConnectionFigures>()
  #watched: ReadonlySet<string> = new Set()
  #unattributed: AppendEvent[] = []
  #uncounted: Exchange[] = []
  #sampleSecond = 0
  #samplesThisSecond = 0

  constructor(nodeId: number, clock: Clock, log: LogSink) {
    this.#nodeId = nodeId
    this.#clock = clock
    this.#log = log
    this.events = new EventQueue(clock, (id) => this.#connections.get(id)?.describe(clock.nowMs()))
  }

  /** Topics whose every append is told. */
  watchAppends(topics: readonly string[]): void {
    this.#watched = new Set(topics)
  }

  connections(): ConnectionDescription[] {
    const nowMs = this.#clock.nowMs()
    return [...this.#connections.values()].map((figures) => figures.describe(nowMs))
  }

  requests(connectionId: number): readonly RequestSample[] | null {
    return this.#connections.get(connectionId)?.samples() ?? null
  }

  appended(partition: Partition, recordCount: number, sizeBytes: number): void {
    this.events.partitionChanged(partition, recordCount, sizeBytes)
    if (!this.#watched.has(partition.topic)) return
    this.#unattributed.push({
      topic: partition.topic,
      partition: partition.index,
      baseOffset: partition.logEndOffset - recordCount,
      count: recordCount,
      sizeBytes,
      clientId: null,
      connectionId: null,
      atMs: this.#clock.nowMs(),
    })
    if (this.#unattributed.length === 1) queueMicrotask(() => this.#tellAppends(null))
  }

  trimmed(partition: Partition): void {
    this.events.partitionChanged(partition, 0, 0)
  }

  partitionOffline({ topic, index }: Partition, reason: string): void {
    this.events.other({ kind: 'partitionOffline', topic, partition: index, reason })
    this.log('error', `The partition ${topic}-${index} is offline. ${reason}`)
  }

  metadataChanged(changes: readonly MetadataChange[]): void {
    const grown = new Map<string, MetadataChange & { kind: 'partitionChanged' }>()
    const created = new Set<string>()
    for (const change of changes) {
      if (change.kind === 'topicCreated') {
        created.add(change.topic.topicId)
        const { name, topicId, partitions, isInternal } = change.topic
        this.events.other({
          kind: 'topicCreated',
          topic: name,
          topicId,
          partitions: partitions.length,
          isInternal,
        })
      } else if (change.kind === 'topicDeleted') {
        this.events.other({ kind: 'topicDeleted', topic: change.topic.name, topicId: change.topic.topicId })
      } else if (change.kind === 'partitionChanged') grown.set(change.topic.topicId, change)
      else if (change.kind === 'configChanged') {
        const { resourceType, resourceName, name } = change
        this.events.other({ kind: 'configChanged', resourceType, resourceName, names: [name] })
      }
    }
    for (const { topic } of grown.values()) {
      if (created.has(topic.topicId)) continue
      const { name, topicId, partitions } = topic
      this.events.other({ kind: 'partitionsAdded', topic: name, topicId, partitions: partitions.length })
    }
  }

  group(event: GroupEvent): void {
    this.events.group(event)
  }

  log(level: 'info' | 'warn' | 'error', message: string): void {
    this.#log(level, message)
    this.events.other({ kind: 'log', level, message, atMs: this.#clock.nowMs() })
  }

  opened(connection: Connection): void {
    this.#connections.set(connection.id, new ConnectionFigures(this.#nodeId, connection))
    this.events.connectionChanged(connection.id, true)
  }

  closed(connection: Connection): void {
    this.#connections.delete(connection.id)
    this.events.connectionClosed(connection.id)
  }

  /** The figures come after the answers of this turn are on their way: a tenth of the time to a small one. */
  answered(exchange: Exchange): void {
    if (this.#unattributed.length > 0 && exchange.api.key === produceKey) this.#tellAppends(exchange)
    this.#uncounted.push(exchange)
    if (this.#uncounted.length === 1) queueMicrotask(() => this.#countAnswered())
  }

  #countAnswered(): void {
    const exchanges = this.#uncounted
    this.#uncounted = []
    const nowMs = this.#clock.nowMs()
    for (const exchange of exchanges) this.#count(exchange, nowMs)
  }

  #count(exchange: Exchange, nowMs: number): void {
    const { api, connection, latencyMs } = exchange
    const code = firstErrorCode(exchange.response)
    this.apis.add(api.key, api.name, nowMs, latencyMs, code)
    const figures = this.#connections.get(connection.id)
    if (!figures) return
    const isNew = figures.add(exchange, nowMs)
    this.events.connectionChanged(connection.id, isNew)
    if (!figures.wantsSample(api.key, nowMs) || !this.#maySample(nowMs)) return
    const limit = Math.max(minSamplesPerConnection, Math.floor(maxSamplesKept / this.#connections.size))
    figures.addSample(exchange, code === 0 ? null : errorOf(code).name, nowMs, limit)
  }

  /** A produce appends and is answered in one go, so what was appended since is its own. */
  #tellAppends(exchange: Exchange | null): void {
    const appends = this.#unattributed
    this.#unattributed = []
    const clientId = exchange?.clientId ?? null
    const connectionId = exchange?.connection.id ?? null
    for (const append of appends) this.events.appended({ ...append, clientId, connectionId })
  }

  #maySample(nowMs: number): boolean {
    const second = Math.floor(nowMs / 1000)
    if (second !== this.#sampleSecond) {
      this.#sampleSecond = second
      this.#samplesThisSecond = 0
    }
    return this.#samplesThisSecond++ < maxSamplesPerSecond
  }
}
