import { mkdirSync, readFileSync } from 'node:fs'
import { BrokerNode, type NodeListener } from './cluster/node.ts'
import { Coordination } from './coordination.ts'
import type { GroupEvent } from './coordinator/group-event.ts'
import type { Clock, Timer } from './core/clock.ts'
import { nodeCrypto } from './core/crypto.ts'
import type { Disk } from './core/disk.ts'
import { type FolderLock, lockFolder } from './core/folder-lock.ts'
import { ApiRegistry } from './handlers/registry.ts'
import { LogDir } from './log/log-dir.ts'
import { ClientQuotas } from './security/quota/client-quotas.ts'
import { type AdvertisedSetting, advertisedAddress, formatAddress } from './server/advertised.ts'
import { Dispatcher, type Exchange } from './server/dispatch.ts'
import { Listener, type ListenerObserver } from './server/listener.ts'

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

/** A node with its port open, its folder locked and its coordinators at work. */
export class RunningNode {
  readonly node: BrokerNode
  readonly listener: Listener
  readonly coordination: Coordination
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
    this.coordination = coordination
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
          coordination?.partitionOffline(partition)
          observer.partitionOffline(partition, reason)
        },
        metadataChanged: (changes) => {
          coordination?.metadataChanged(changes)
          if (changes.some(({ kind }) => kind === 'configChanged')) listener?.limitsChanged()
          observer.metadataChanged(changes)
        },
      })
      const coordinators = coordinate(node, observer)
      coordination = coordinators
      if (coordinators.isNeeded) await coordinators.start()
      const registry = new ApiRegistry({ prepare: () => coordinators.start() })
      listener = await listen(node, coordination, registry, settings, clock, observer)
      const rack = node.config['broker.rack']
      node.controller.registerBroker({ nodeId: node.nodeId, host: settings.host, port: listener.port, rack })
      node.startHousekeeping()
      const loading = registry.loadLater(clock, (reason) => observer.log('error', reason))
      return new RunningNode(node, coordination, listener, lock, loading)
    } catch (error) {
      coordination?.close()
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
    this.coordination.close()
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
  const clusterId = known?.clusterId ?? newUuid()
  if (!known)
    logDir.writeMetaProperties({
      clusterId,
      nodeId: settings.nodeId,
      directoryId: newUuid(),
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

/** A random id in Kafka's text form. */
function newUuid(): string {
  return nodeCrypto().randomBytes(16).toString('base64url')
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
  return new Coordination(
    node,
    (event) => observer.group(event),
    (message) => observer.log('error', message),
  )
}

function listen(
  node: BrokerNode,
  coordination: Coordination,
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
    coordinators: coordination,
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
