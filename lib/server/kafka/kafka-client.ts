import {
  apiVersionsV3,
  Connection,
  ConnectionPool,
  findCoordinatorV4,
  metadataV12,
} from '@platformatic/kafka'
import { version } from '../version.ts'
import { check, KafkaError, unreachable, withErrorCodes } from './kafka-error.ts'
import { topicIdText } from './topic-id.ts'

export type PartitionMetadata = metadataV12.MetadataResponsePartition

export type KafkaNode = { nodeId: number; host: string; port: number; rack: string | null }

export type TopicMetadata = {
  name: string
  topicId: string
  internal: boolean
  errorCode: number
  partitions: PartitionMetadata[]
}

export type ClusterMetadata = {
  clusterId: string | null
  controllerId: number
  nodes: Map<number, KafkaNode>
  topics: Map<string, TopicMetadata>
}

export type ApiRange = { apiKey: number; name: string; minVersion: number; maxVersion: number }

/** Every connection of ours carries it, so that /clients can tell them from the user's. */
export const dashboardClientId = 'millrace-dashboard'

const connectionOptions = { connectTimeout: 5_000, requestTimeout: 20_000, maxInflights: 64 }
const groupKeyType = 0

/**
 * The dashboard's way to one cluster: connections by node, metadata and coordinators. Calls at fixed versions
 * that every Kafka since 3.1 answers; error codes stay in the responses (see `withErrorCodes`).
 */
export class KafkaClient {
  readonly bootstrap: readonly { host: string; port: number }[]
  readonly #pool: ConnectionPool
  readonly #dedicated = new Set<Connection>()
  readonly #coordinators = new Map<string, number>()
  #nodes = new Map<number, KafkaNode>()
  #apis: ApiRange[] | undefined

  constructor(bootstrap: readonly string[]) {
    this.bootstrap = bootstrap.map(parseAddress)
    this.#pool = new ConnectionPool(dashboardClientId, connectionOptions)
    // A connection that breaks between requests must not take the process with it.
    this.#pool.on('connect', ({ connection }) => connection.on('error', () => {}))
  }

  /** A connection to any broker that answers, preferring those that the metadata named. */
  async any(): Promise<Connection> {
    const known = [...this.#nodes.values()].map(({ host, port }) => ({ host, port }))
    try {
      return await this.#pool.getFirstAvailable([...this.bootstrap, ...known])
    } catch (error) {
      throw unreachable(error)
    }
  }

  async node(nodeId: number): Promise<Connection> {
    try {
      return await this.#pool.get(await this.#address(nodeId))
    } catch (error) {
      throw error instanceof KafkaError ? error : unreachable(error)
    }
  }

  /** A connection of the caller's own, for long polls that would hold up others' requests. */
  async dedicated(nodeId: number): Promise<Connection> {
    const { host, port } = await this.#address(nodeId)
    const connection = new Connection(dashboardClientId, connectionOptions)
    connection.on('error', () => this.#dedicated.delete(connection))
    connection.on('close', () => this.#dedicated.delete(connection))
    try {
      await connection.connect(host, port)
    } catch (error) {
      throw unreachable(error)
    }
    this.#dedicated.add(connection)
    return connection
  }

  /** Fresh metadata of the named topics, of none (`[]`), or of all (null). Never creates a topic. */
  async metadata(topics: readonly string[] | null): Promise<ClusterMetadata> {
    const names = topics === null ? null : [...topics]
    const response = await withErrorCodes(metadataV12.api.async(await this.any(), names, false, false))
    const nodes = response.brokers.map(({ nodeId, host, port, rack }) => ({
      nodeId,
      host,
      port,
      rack: rack ?? null,
    }))
    this.#nodes = new Map(nodes.map((node) => [node.nodeId, node]))
    const described = response.topics.map((topic) => ({
      name: topic.name ?? '',
      topicId: topicIdText(topic.topicId),
      internal: topic.isInternal,
      errorCode: topic.errorCode,
      partitions: topic.partitions.sort((a, b) => a.partitionIndex - b.partitionIndex),
    }))
    return {
      clusterId: response.clusterId ?? null,
      controllerId: response.controllerId,
      nodes: this.#nodes,
      topics: new Map(described.map((topic) => [topic.name, topic])),
    }
  }

  /** Metadata of one topic; throws UNKNOWN_TOPIC_OR_PARTITION. */
  async topic(name: string): Promise<TopicMetadata> {
    const topic = (await this.metadata([name])).topics.get(name)
    if (topic === undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION')
    check(topic.errorCode, topic.errorCode === 3 ? `There is no topic ${name}.` : null)
    return topic
  }

  /** APIs and versions of the cluster, asked once a connection state. */
  async apis(): Promise<ApiRange[]> {
    if (this.#apis !== undefined) return this.#apis
    const answer = apiVersionsV3.api.async(await this.any(), 'millrace', version)
    this.#apis = (await withErrorCodes(answer)).apiKeys
    return this.#apis
  }

  async supports(apiKey: number, version: number): Promise<boolean> {
    const range = (await this.apis()).find((api) => api.apiKey === apiKey)
    return range !== undefined && range.minVersion <= version && version <= range.maxVersion
  }

  /** Node that coordinates each group; groups without one are left out. */
  async coordinators(groupIds: readonly string[]): Promise<Map<string, number>> {
    const missing = groupIds.filter((groupId) => !this.#coordinators.has(groupId))
    if (missing.length > 0) {
      const answer = findCoordinatorV4.api.async(await this.any(), groupKeyType, missing)
      for (const found of (await withErrorCodes(answer)).coordinators) {
        if (found.errorCode === 0) this.#coordinators.set(found.key, found.nodeId)
      }
    }
    return new Map(
      groupIds.flatMap((groupId) => {
        const nodeId = this.#coordinators.get(groupId)
        return nodeId === undefined ? [] : [[groupId, nodeId] as const]
      }),
    )
  }

  /** Connection to a group's coordinator; throws COORDINATOR_NOT_AVAILABLE. */
  async coordinator(groupId: string): Promise<Connection> {
    const nodeId = (await this.coordinators([groupId])).get(groupId)
    if (nodeId === undefined) throw new KafkaError('COORDINATOR_NOT_AVAILABLE')
    return this.node(nodeId)
  }

  /** After NOT_COORDINATOR, or when a node is gone. */
  forgetCoordinator(groupId?: string): void {
    if (groupId === undefined) this.#coordinators.clear()
    else this.#coordinators.delete(groupId)
  }

  /** After the cluster was away: it may come back as another version. */
  forgetAll(): void {
    this.#apis = undefined
    this.#coordinators.clear()
  }

  async close(): Promise<void> {
    await Promise.allSettled([
      this.#pool.close(),
      ...[...this.#dedicated].map((connection) => connection.close()),
    ])
  }

  async #address(nodeId: number): Promise<KafkaNode> {
    if (!this.#nodes.has(nodeId)) await this.metadata([])
    const node = this.#nodes.get(nodeId)
    if (node === undefined)
      throw new KafkaError('BROKER_NOT_AVAILABLE', `Broker ${nodeId} is not in the cluster.`)
    return node
  }
}

function parseAddress(text: string): { host: string; port: number } {
  const match = /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(text.trim())
  if (match === null) throw new KafkaError('INVALID_REQUEST', `${text} is not host:port.`)
  return { host: match[1]!, port: Number(match[2] ?? 9092) }
}
