import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { BrokerNode, type NodeListener } from './cluster/node.ts'
import type { GroupEvent } from './coordinator/group-event.ts'
import type { Clock, Timer } from './core/clock.ts'
import type { Disk } from './core/disk.ts'
import { type FolderLock, lockFolder } from './core/folder-lock.ts'
import { GroupCoordination } from './group-coordination.ts'
import { ApiRegistry } from './handlers/registry.ts'
import { LogDir } from './log/log-dir.ts'
import { ClientQuotas } from './security/quota/client-quotas.ts'
import { type AdvertisedSetting, advertisedAddress, formatAddress } from './server/advertised.ts'
import { Dispatcher, type Exchange } from './server/dispatch.ts'
import { Listener, type ListenerObserver } from './server/listener.ts'
import { TransactionCoordination } from './transaction-coordination.ts'

export type NodeSettings = {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly dataDir: string
  readonly advertised: AdvertisedSetting
  /** Broker configs by Kafka's names, as text. */
  readonly config: ReadonlyMap<string, string>
}

/** Who hears what a node does: all of it at once. */
export type NodeObserver = NodeListener &
  ListenerObserver & { answered(exchange: Exchange): void; group(event: GroupEvent): void }

/** More connections than this are refused, whatever `max.connections` says: each may hold a frame and an answer. */
const maxCapacity = 10_000
/** Of the files that the system allows us, what logs and everything else need. */
const filesKeptForLogs = 1024

/** As many as memory and the system's limit on open files allow; the limit is only known on Linux. */
function connectionCapacity(): number {
  try {
    const openFiles = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    if (openFiles === undefined) return maxCapacity
    return Math.max(64, Math.min(maxCapacity, Number(openFiles) - filesKeptForLogs))
  } catch {
    return maxCapacity
  }
}

/** The coordinators of a node. */
type Coordination = { readonly groups: GroupCoordination; readonly transactions: TransactionCoordination }

/** A node with its port open, its folder locked and its coordinators at work. */
export class RunningNode {
  readonly node: BrokerNode
  readonly listener: Listener
  readonly groups: GroupCoordination
  readonly transactions: TransactionCoordination
  readonly #lock: FolderLock
  readonly #loading: Timer

  private constructor(
    node: BrokerNode,
    coordination: Coordination,
    listener: Listener,
    lock: FolderLock,
    loading: Timer,
  ) {
    this.node = node
    this.groups = coordination.groups
    this.transactions = coordination.transactions
    this.listener = listener
    this.#lock = lock
    this.#loading = loading
  }

  /** Throws FolderLockedError, ListenError, LogIoError, ConfigError: each says to a person what to do. */
  static async start(
    settings: NodeSettings,
    clock: Clock,
    disk: Disk,
    observer: NodeObserver,
  ): Promise<RunningNode> {
    mkdirSync(settings.dataDir, { recursive: true })
    const lock = lockFolder(settings.dataDir)
    let node: BrokerNode | undefined
    let coordination: Coordination | undefined
    let listener: Listener | undefined
    try {
      node = openNode(settings, clock, disk, {
        ...nodeListener(observer),
        partitionOffline: (partition, reason) => {
          coordination?.groups.partitionOffline(partition)
          coordination?.transactions.partitionOffline(partition)
          observer.partitionOffline(partition, reason)
        },
        metadataChanged: (changes) => {
          coordination?.groups.metadataChanged(changes)
          coordination?.transactions.metadataChanged(changes)
          if (changes.some(({ kind }) => kind === 'configChanged')) listener?.limitsChanged()
          observer.metadataChanged(changes)
        },
      })
      coordination = coordinate(node, observer)
      // Groups first: the markers of transactions that were decided before go to their offsets too.
      await coordination.groups.start()
      await coordination.transactions.start()
      const registry = new ApiRegistry()
      listener = await listen(node, coordination, registry, settings, clock, observer)
      const rack = node.config['broker.rack']
      node.controller.registerBroker({ nodeId: node.nodeId, host: settings.host, port: listener.port, rack })
      node.startHousekeeping()
      const loading = registry.loadLater(clock, (reason) => observer.log('error', reason))
      return new RunningNode(node, coordination, listener, lock, loading)
    } catch (error) {
      coordination?.transactions.close()
      coordination?.groups.close()
      node?.close()
      lock.release()
      throw error
    }
  }

  /** Flushes, writes checkpoints, closes all connections, gives the folder back. */
  async close(): Promise<void> {
    this.#loading.cancel()
    this.node.isClosing = true
    this.node.purgatory.releaseAll()
    this.transactions.close()
    this.groups.close()
    await this.listener.close()
    try {
      this.node.close()
    } finally {
      this.#lock.release()
    }
  }
}

/** An observer's methods live on its class: they are passed on one by one. */
function nodeListener(observer: NodeObserver): NodeListener {
  return {
    appended: (partition, records, bytes) => observer.appended(partition, records, bytes),
    trimmed: (partition) => observer.trimmed(partition),
    partitionOffline: (partition, reason) => observer.partitionOffline(partition, reason),
    metadataChanged: (changes) => observer.metadataChanged(changes),
    log: (level, message) => observer.log(level, message),
  }
}

function openNode(settings: NodeSettings, clock: Clock, disk: Disk, listener: NodeListener): BrokerNode {
  const logDir = LogDir.open({ path: settings.dataDir, disk, clock })
  const known = logDir.metaProperties()
  if (known && known.nodeId !== settings.nodeId) {
    throw new Error(
      `The data folder ${settings.dataDir} belongs to node ${known.nodeId}, this is node ${settings.nodeId}.`,
    )
  }
  const clusterId = known?.clusterId ?? randomBytes(16).toString('base64url')
  if (!known)
    logDir.writeMetaProperties({
      clusterId,
      nodeId: settings.nodeId,
      directoryId: randomBytes(16).toString('base64url'),
    })
  return new BrokerNode({
    nodeId: settings.nodeId,
    clusterId,
    clock,
    logDir,
    staticConfig: staticConfigOf(settings),
    listener,
  })
}

/** What was given, and what this node is: DescribeConfigs tells both as set at the start. */
function staticConfigOf(settings: NodeSettings): Map<string, string> {
  const { host, port } = settings.advertised
  const advertised: [string, string][] = host
    ? [['advertised.listeners', `PLAINTEXT://${formatAddress({ host, port: port ?? settings.port })}`]]
    : []
  return new Map([
    ...settings.config,
    ['broker.id', String(settings.nodeId)],
    ['node.id', String(settings.nodeId)],
    ['log.dirs', settings.dataDir],
    ['listeners', `PLAINTEXT://${formatAddress(settings)}`],
    ...advertised,
  ])
}

function coordinate(node: BrokerNode, observer: NodeObserver): Coordination {
  const logError = (message: string) => observer.log('error', message)
  const groups = new GroupCoordination(node, (event) => observer.group(event), logError)
  const transactions = new TransactionCoordination(node, groups.coordinator, logError)
  return { groups, transactions }
}

function listen(
  node: BrokerNode,
  { groups, transactions }: Coordination,
  registry: ApiRegistry,
  settings: NodeSettings,
  clock: Clock,
  observer: NodeObserver,
): Promise<Listener> {
  const quotas = new ClientQuotas({
    quotas: () => node.image.clientQuotas,
    window: () => ({
      count: node.config['quota.window.num'],
      sampleMs: node.config['quota.window.size.seconds'] * 1000,
    }),
    mutationWindow: () => ({
      count: node.config['controller.quota.window.num'],
      sampleMs: node.config['controller.quota.window.size.seconds'] * 1000,
    }),
    nowMs: () => clock.nowMs(),
  })
  const dispatcher = new Dispatcher({
    quotas,
    node,
    coordinator: groups.coordinator,
    transactions: transactions.coordinator,
    registry,
    onExchange: (exchange) => observer.answered(exchange),
  })
  return Listener.listen({
    host: settings.host,
    port: settings.port,
    dispatcher,
    buffers: node.buffers,
    advertise: ({ localHost }, broker) => advertisedAddress(localHost, broker, settings.advertised),
    observer,
    clock,
    capacity: connectionCapacity(),
    holdOffMs: (ip) => quotas.connectionThrottleMs(ip),
    limits: () => ({
      maxConnections: node.config['max.connections'],
      maxConnectionsPerIp: node.config['max.connections.per.ip'],
      maxFrameBytes: node.config['socket.request.max.bytes'],
      sendBufferBytes: node.config['socket.send.buffer.bytes'],
      maxIdleMs: node.config['connections.max.idle.ms'],
    }),
  })
}
