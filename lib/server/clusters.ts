import type { Broker } from '../../broker/index.ts'
import type { Cluster } from '../contract/clusters.ts'
import { KafkaClient } from './kafka/kafka-client.ts'
import { KafkaError } from './kafka/kafka-error.ts'
import { HostFeed } from './live/host-feed.ts'
import { LiveState } from './live/live-state.ts'
import { Poller } from './live/poller.ts'
import { SampleStream } from './sample/sample-stream.ts'

export type ClusterSource =
  | { kind: 'embedded'; broker: Broker }
  | { kind: 'external'; bootstrap: readonly string[] }

/** One cluster that the dashboard is open on: its client, its live state, and what keeps that up to date. */
export class ClusterHandle {
  readonly id: string
  readonly source: ClusterSource
  readonly client: KafkaClient
  readonly state: LiveState
  readonly poller: Poller
  readonly sample: SampleStream
  readonly #feed: HostFeed | undefined

  constructor(id: string, source: ClusterSource) {
    this.id = id
    this.source = source
    const hosted = source.kind === 'embedded'
    this.client = new KafkaClient(hosted ? [source.broker.address] : source.bootstrap)
    this.state = new LiveState(hosted ? 'exact' : 'estimate')
    this.sample = new SampleStream(this.client)
    this.poller = new Poller(this.client, this.state, { hosted })
    this.#feed = hosted ? new HostFeed(source.broker.channel, this.state, this.poller) : undefined
  }

  /** Resolves after the first look; a cluster that is away is tried again in the background. */
  async start(): Promise<void> {
    await this.#feed?.start()
    await this.poller.start()
  }

  /** The broker in this process; undefined on an external cluster. */
  get broker(): Broker | undefined {
    return this.source.kind === 'embedded' ? this.source.broker : undefined
  }

  /** Asks the host to tell each append of a topic while somebody looks; returns the way to stop. */
  watchAppends(topic: string): () => void {
    return this.#feed?.watchAppends(topic) ?? (() => {})
  }

  /** Somebody looks at live figures; returns the way to say that it is over. */
  watch(): () => void {
    if (this.state.viewers++ === 0 && this.broker === undefined) this.poller.hurry()
    return () => void this.state.viewers--
  }

  async describe(): Promise<Cluster> {
    const { broker } = this
    const { health, clusterId } = this.state
    const online = health.state === 'online'
    const bootstrapServers = this.client.bootstrap.map(({ host, port }) => `${host}:${port}`)
    return {
      id: this.id,
      name: broker === undefined ? bootstrapServers[0]! : 'Embedded broker',
      kind: this.source.kind,
      bootstrapServers,
      state: health.state,
      problem: health.problem,
      kafkaClusterId: clusterId,
      dataDir: broker?.dataDir ?? null,
      ephemeral: broker?.ephemeral ?? false,
      capabilities: {
        hostEvents: broker !== undefined,
        storage: broker !== undefined,
        connections: broker !== undefined,
        rebalanceSteps: broker !== undefined,
        requestMetrics: broker !== undefined,
        producers: online && (await this.client.supports(61, 0).catch(() => false)),
        consumerProtocol: online && (await this.client.supports(69, 0).catch(() => false)),
        sample: true,
      },
    }
  }

  async close(): Promise<void> {
    this.#feed?.close()
    await this.sample.stop()
    this.poller.close()
    await this.client.close()
  }
}

/** All clusters that the dashboard is open on, the default one first. */
export class Clusters {
  readonly #handles = new Map<string, ClusterHandle>()

  add(source: ClusterSource): ClusterHandle {
    const id = source.kind === 'embedded' ? 'embedded' : slug(source.bootstrap[0] ?? '')
    const handle = new ClusterHandle(id, source)
    this.#handles.set(id, handle)
    return handle
  }

  get(id: string): ClusterHandle {
    const handle = this.#handles.get(id)
    if (handle === undefined) throw new KafkaError('NOT_FOUND', `There is no cluster ${id} here.`)
    return handle
  }

  all(): ClusterHandle[] {
    return [...this.#handles.values()]
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.all().map((handle) => handle.close()))
  }
}

/** `kafka.example:9092` → `kafka-example-9092`. */
function slug(address: string): string {
  return (
    address
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'cluster'
  )
}
