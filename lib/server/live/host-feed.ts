import type { EventBatch, HostChannel, HostEvent, PartitionFigures } from '../../../broker/host.ts'
import { dashboardClientId } from '../kafka/kafka-client.ts'
import { isFurther } from './client-views.ts'
import { applyGroupEvent } from './host-group-events.ts'
import { type LiveState, partitionsText } from './live-state.ts'
import type { Poller } from './poller.ts'

/** Rebalances come in bursts: members are described once they settle. */
const describeDelayMs = 100
const maxWatchedTopics = 20

/** Feeds a `LiveState` from the embedded broker's events: exact, and there within a twentieth of a second. */
export class HostFeed {
  readonly #channel: HostChannel
  readonly #state: LiveState
  readonly #poller: Poller
  readonly #watched = new Map<string, number>()
  readonly #toDescribe = new Set<string>()
  readonly #toRefresh = new Set<string>()
  #describing: NodeJS.Timeout | undefined
  #refreshing: NodeJS.Timeout | undefined
  #stop: () => void = () => {}
  #closed = false

  constructor(channel: HostChannel, state: LiveState, poller: Poller) {
    this.#channel = channel
    this.#state = state
    this.#poller = poller
  }

  async start(): Promise<void> {
    this.#stop = this.#channel.onEvents((batch) => this.#apply(batch))
    await this.#poller.refreshMetadata()
    await this.#resync()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#describing)
    clearTimeout(this.#refreshing)
    this.#stop()
  }

  watchAppends(topic: string): () => void {
    this.#watched.set(topic, (this.#watched.get(topic) ?? 0) + 1)
    this.#tellWatched()
    let stopped = false
    return () => {
      if (stopped) return
      stopped = true
      const left = (this.#watched.get(topic) ?? 1) - 1
      if (left > 0) this.#watched.set(topic, left)
      else this.#watched.delete(topic)
      this.#tellWatched()
    }
  }

  #tellWatched(): void {
    const topics = [...this.#watched.keys()].slice(-maxWatchedTopics)
    void this.#ask(() => this.#channel.ask('watchAppends', { topics }))
  }

  /** Everything anew, after events were lost. */
  async #resync(): Promise<void> {
    const snapshot = await this.#channel.ask('snapshot', {})
    const now = this.#state.now()
    for (const figures of snapshot.partitions) applyFigures(this.#state, figures, now)
    for (const connection of snapshot.connections) this.#putConnection(connection, true)
    const present = new Set(snapshot.connections.map(({ id }) => id))
    for (const id of [...this.#state.connections.keys()]) if (!present.has(id)) this.#dropConnection(id)
    for (const { topic, partition, reason } of snapshot.offline) this.#setProblem(topic, partition, reason)
  }

  #apply(batch: EventBatch): void {
    for (const event of batch.events) this.#applyEvent(event, batch.atMs)
    if (batch.lost > 0) void this.#ask(() => this.#resync())
  }

  #applyEvent(event: HostEvent, atMs: number): void {
    const state = this.#state
    switch (event.kind) {
      case 'partitions':
        for (const figures of event.figures) applyFigures(state, figures, atMs)
        return
      case 'appends':
        for (const { topic, partition, baseOffset, count, sizeBytes, atMs: at } of event.appends) {
          state.topics.get(topic)?.appends.push({ partition, baseOffset, count, sizeBytes, at })
        }
        state.touch()
        return
      case 'groups':
        for (const groupEvent of event.events) {
          if (applyGroupEvent(state, groupEvent)) this.#describeSoon(groupEvent.groupId)
        }
        return
      case 'connections':
        for (const connection of event.connections) this.#putConnection(connection, false)
        this.#sumConnections()
        return
      case 'connectionsClosed':
        for (const id of event.ids) this.#dropConnection(id)
        this.#sumConnections()
        return
      case 'topicCreated':
        state.topic(event.topic).topicId = event.topicId
        state.topic(event.topic).internal = event.isInternal
        this.#begin(event.topic, event.partitions)
        if (!event.isInternal)
          state.note('topicCreated', event.topic, `Created with ${partitionsText(event.partitions)}`, atMs)
        this.#refreshSoon(event.topic)
        return
      case 'topicDeleted':
        state.removeTopic(event.topic)
        state.note('topicDeleted', event.topic, 'Topic deleted', atMs)
        return
      case 'partitionsAdded':
        this.#begin(event.topic, event.partitions)
        state.note('partitionsAdded', event.topic, `Now has ${partitionsText(event.partitions)}`, atMs)
        this.#refreshSoon(event.topic)
        return
      case 'partitionOffline':
        this.#setProblem(event.topic, event.partition, event.reason)
        state.note('partitionOffline', `${event.topic}-${event.partition}`, event.reason, atMs)
        return
      case 'partitionOnline':
        this.#setProblem(event.topic, event.partition, null)
        return
      case 'configChanged':
        this.#forgetPolicy(event.resourceName)
        return
      case 'log':
        return
    }
  }

  #forgetPolicy(name: string): void {
    const topic = this.#state.topics.get(name)
    if (topic !== undefined) topic.cleanupPolicy = null
  }

  /** New partitions are empty; the broker tells figures only of those that change. */
  #begin(name: string, partitions: number): void {
    const topic = this.#state.topic(name)
    this.#state.partition(topic, partitions - 1)
    for (const partition of topic.partitions) {
      if (partition.known) continue
      partition.known = true
      partition.logEndOffset = partition.lastStableOffset = partition.sizeBytes = 0
      topic.version = partition.version = this.#state.touch()
    }
  }

  #putConnection(connection: ConnectionOf, quiet: boolean): void {
    const state = this.#state
    const known = state.connections.get(connection.id)
    state.connections.set(connection.id, connection)
    state.connectionVersions.set(connection.id, state.touch())
    if (connection.clientId !== dashboardClientId) {
      state.bytesOutRate.add(connection.bytesOut - (known?.bytesOut ?? 0), state.now())
    }
    const named = connection.clientId !== null && known?.clientId == null
    if (quiet || !named || connection.clientId === dashboardClientId) return
    if (isFurther(state, connection)) return
    const software = [connection.softwareName, connection.softwareVersion].filter(Boolean).join(' ')
    const text = software ? `Connected with ${software}` : `Connected from ${connection.remoteHost}`
    state.note('clientConnected', connection.clientId!, text)
  }

  #dropConnection(id: number): void {
    const state = this.#state
    const known = state.connections.get(id)
    if (known === undefined) return
    state.connections.delete(id)
    state.connectionVersions.delete(id)
    state.closedConnections.push(id)
    state.touch()
    if (known.clientId === null || known.clientId === dashboardClientId) return
    if (isFurther(state, known)) return
    state.note('clientDisconnected', known.clientId, 'Disconnected')
  }

  #sumConnections(): void {
    let requestsPerSecond = 0
    for (const connection of this.#state.connections.values())
      requestsPerSecond += connection.requestsPerSecond
    this.#state.requestsPerSecond = Math.round(requestsPerSecond * 10) / 10
  }

  #setProblem(topicName: string, index: number, problem: string | null): void {
    const topic = this.#state.topics.get(topicName)
    const partition = topic?.partitions[index]
    if (topic === undefined || partition === undefined || partition.problem === problem) return
    partition.problem = problem
    topic.version = partition.version = this.#state.touch()
  }

  #describeSoon(groupId: string): void {
    this.#toDescribe.add(groupId)
    this.#describing ??= setTimeout(() => {
      this.#describing = undefined
      const groups = [...this.#toDescribe].flatMap((id) => this.#state.groups.get(id) ?? [])
      this.#toDescribe.clear()
      void this.#ask(() => this.#poller.refreshDescriptions(groups))
    }, describeDelayMs)
  }

  /** Leaders and replicas come with metadata; a thousand new topics are one question. */
  #refreshSoon(topic: string): void {
    this.#toRefresh.add(topic)
    this.#refreshing ??= setTimeout(() => {
      this.#refreshing = undefined
      const topics = [...this.#toRefresh]
      this.#toRefresh.clear()
      void this.#ask(() => this.#poller.refreshTopics(topics))
    }, describeDelayMs)
  }

  /** The next poll makes up for what fails here. */
  async #ask(question: () => Promise<unknown>): Promise<void> {
    try {
      await question()
    } catch (error) {
      if (!this.#closed && this.#state.health.state === 'online') console.error('host feed:', error)
    }
  }
}

type ConnectionOf = Extract<HostEvent, { kind: 'connections' }>['connections'][number]

function applyFigures(state: LiveState, figures: PartitionFigures, atMs: number): void {
  const { topic, partition, appendedRecords, appendedBytes, ...offsets } = figures
  const known = state.topics.get(topic)
  if (known === undefined) return
  state.partition(known, partition)
  state.applyOffsets(
    topic,
    partition,
    { ...offsets, arrivedRecords: appendedRecords, arrivedBytes: appendedBytes },
    atMs,
  )
}
