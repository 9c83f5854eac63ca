import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { BrokerNode, type NodeListener } from './cluster/node.ts'
import type { Clock } from './core/clock.ts'
import type { Disk } from './core/disk.ts'
import { type FolderLock, lockFolder } from './core/folder-lock.ts'
import { registry } from './handlers/registry.ts'
import { LogDir } from './log/log-dir.ts'
import { type AdvertisedSetting, advertisedAddress } from './server/advertised.ts'
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
export type NodeObserver = NodeListener & ListenerObserver & { answered(exchange: Exchange): void }

/** More connections than this are refused: each may hold a frame and an answer in memory. */
const maxConnections = 10_000

/** A node with its port open, its folder locked and its coordinator at work. */
export class RunningNode {
  readonly node: BrokerNode
  readonly listener: Listener
  readonly #lock: FolderLock

  private constructor(node: BrokerNode, listener: Listener, lock: FolderLock) {
    this.node = node
    this.listener = listener
    this.#lock = lock
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
    try {
      node = openNode(settings, clock, disk, observer)
      const listener = await listen(node, settings, clock, observer)
      const rack = node.config['broker.rack']
      node.controller.registerBroker({ nodeId: node.nodeId, host: settings.host, port: listener.port, rack })
      node.startHousekeeping()
      return new RunningNode(node, listener, lock)
    } catch (error) {
      node?.close()
      lock.release()
      throw error
    }
  }

  /** Flushes, writes checkpoints, closes all connections, gives the folder back. */
  async close(): Promise<void> {
    this.node.isClosing = true
    this.node.purgatory.releaseAll()
    await this.listener.close()
    try {
      this.node.close()
    } finally {
      this.#lock.release()
    }
  }
}

function openNode(settings: NodeSettings, clock: Clock, disk: Disk, observer: NodeObserver): BrokerNode {
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
  const staticConfig = new Map([
    ['node.id', String(settings.nodeId)],
    ['log.dirs', settings.dataDir],
    ...settings.config,
  ])
  return new BrokerNode({
    nodeId: settings.nodeId,
    clusterId,
    clock,
    logDir,
    staticConfig,
    listener: observer,
  })
}

function listen(
  node: BrokerNode,
  settings: NodeSettings,
  clock: Clock,
  observer: NodeObserver,
): Promise<Listener> {
  const dispatcher = new Dispatcher({ node, registry, onExchange: (exchange) => observer.answered(exchange) })
  return Listener.listen({
    host: settings.host,
    port: settings.port,
    dispatcher,
    advertise: ({ localHost }, broker) => advertisedAddress(localHost, broker, settings.advertised),
    observer,
    clock,
    maxConnections,
    limits: () => ({
      maxFrameBytes: node.config['socket.request.max.bytes'],
      maxIdleMs: node.config['connections.max.idle.ms'],
    }),
  })
}
