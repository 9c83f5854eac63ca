import { BrokerNode, type NodeListener } from '../../broker/cluster/node.ts'
import { assert } from '../../broker/core/assert.ts'
import type { Clock } from '../../broker/core/clock.ts'
import type { Disk } from '../../broker/core/disk.ts'
import { GroupCoordination } from '../../broker/group-coordination.ts'
import { CloseConnectionError } from '../../broker/handlers/handler.ts'
import { ApiRegistry } from '../../broker/handlers/registry.ts'
import { LogDir } from '../../broker/log/log-dir.ts'
import { ClientQuotas } from '../../broker/security/quota/client-quotas.ts'
import { Dispatcher } from '../../broker/server/dispatch.ts'
import { TransactionCoordination } from '../../broker/transaction-coordination.ts'

const connection = {
  id: 1,
  remoteHost: '127.0.0.1',
  remotePort: 40_000,
  localHost: '127.0.0.1',
  localPort: 9092,
  principal: 'User:ANONYMOUS',
  softwareName: null,
  softwareVersion: null,
  cancelWaiting: undefined,
  sendsFiles: false,
  advertised: ({ host, port }: { host: string; port: number }) => ({ host, port }),
  mute: () => {},
}

/** All loaded before anything runs: loading would take turns of the event loop, which no seed repeats. */
const registry = new ApiRegistry()
await registry.loadAll()

/** A part of the broker threw what nobody may throw, or something outlived its process. */
export type BugReport = (error: unknown) => void

/** What became of a frame: no answer when the process died over it, or hung up. */
export type Reply = Buffer | 'no answer'

type Parts = {
  readonly node: BrokerNode
  readonly groups: GroupCoordination
  readonly transactions: TransactionCoordination
}

/**
 * A node from its start to its end, as `RunningNode` puts it together but for the port, the folder's lock and the
 * sockets. Killed, it does nothing more: no timer of it runs and no call of it reaches the disk.
 */
export class NodeProcess {
  isAlive = true
  /** Where each log ended when it was opened, before the coordinators went on with what they had begun. */
  readonly recoveredEnds = new Map<string, number>()
  #parts: Parts | undefined
  #dispatcher: Dispatcher | undefined
  readonly #disk: Disk
  readonly #clock: Clock
  readonly #config: ReadonlyMap<string, string>
  readonly #reportBug: BugReport
  readonly #unanswered = new Set<(reply: Reply) => void>()

  constructor(
    disk: Disk,
    clockOf: (isAlive: () => boolean) => Clock,
    config: ReadonlyMap<string, string>,
    reportBug: BugReport,
  ) {
    this.#disk = withLifeOf(disk, () => this.isAlive)
    this.#clock = clockOf(() => this.isAlive)
    this.#config = config
    this.#reportBug = reportBug
  }

  get unansweredCount(): number {
    return this.#unanswered.size
  }

  get node(): BrokerNode {
    return this.#parts!.node
  }

  /** What is broken until the node is started again, as DescribeLogDirs and the page tell it. */
  faults(): string[] {
    const ofPartitions = [...this.node.partitions()].flatMap(({ topic, index, state }) =>
      state.status === 'offline' ? [`${topic}-${index}: ${state.reason}`] : [],
    )
    return [...this.node.logDirs().flatMap(({ error }) => error ?? []), ...ofPartitions]
  }

  /** Names of the partitions that are offline, such as `t-0`. */
  offlinePartitions(): string[] {
    const offline: string[] = []
    for (const { topic, index, state } of this.node.partitions())
      if (state.status === 'offline') offline.push(`${topic}-${index}`)
    return offline
  }

  /** Up to where the log of each partition is fsynced. */
  flushedEnds(): Map<string, number> {
    const ends = new Map<string, number>()
    for (const { topic, index, state } of this.#parts?.node.partitions() ?? [])
      if (state.status === 'online') ends.set(`${topic}-${index}`, state.log.recoveryPoint)
    return ends
  }

  /** Throws what `RunningNode.start` throws. */
  async start(): Promise<void> {
    const node = this.#openNode()
    const logError = () => {}
    // A turn of the event loop comes when it likes: here it is a timer, which the seed decides and which dies too.
    const soon = (task: () => void, delayMs: number) => void this.#clock.schedule(delayMs, task)
    const groups = new GroupCoordination(node, () => {}, logError, soon)
    const transactions = new TransactionCoordination(node, groups.coordinator, logError)
    this.#parts = { node, groups, transactions }
    for (const { topic, index, logEndOffset } of node.partitions())
      this.recoveredEnds.set(`${topic}-${index}`, logEndOffset)
    await groups.start()
    await transactions.start()
    node.controller.registerBroker({ nodeId: 0, host: '127.0.0.1', port: 9092, rack: null })
    node.startHousekeeping()
    this.#dispatcher = new Dispatcher({
      quotas: new ClientQuotas({
        quotas: () => node.image.clientQuotas,
        window: () => ({ count: 11, sampleMs: 1000 }),
        mutationWindow: () => ({ count: 11, sampleMs: 1000 }),
        nowMs: () => this.#clock.nowMs(),
      }),
      node,
      coordinators: { groups: groups.coordinator, transactions: transactions.coordinator },
      registry,
      onExchange: () => {},
    })
  }

  /** An orderly end. Throws LogIoError. */
  stop(): void {
    const { node, groups, transactions } = this.#parts!
    node.isClosing = true
    node.purgatory.releaseAll()
    transactions.close()
    groups.close()
    try {
      node.close()
    } finally {
      this.kill()
    }
  }

  kill(): void {
    this.isAlive = false
    for (const answer of [...this.#unanswered]) answer('no answer')
  }

  /** `frame` comes without the length before it, and so does the answer. */
  dispatch(frame: Buffer): Promise<Reply> {
    if (!this.isAlive || !this.#dispatcher) return Promise.resolve('no answer')
    return new Promise((resolve) => {
      const answer = (reply: Reply) => {
        this.#unanswered.delete(answer)
        resolve(this.isAlive ? reply : 'no answer')
      }
      this.#unanswered.add(answer)
      void this.#answer(frame).then(answer, (error: unknown) => {
        answer('no answer')
        if (this.isAlive && !(error instanceof CloseConnectionError)) this.#reportBug(error)
      })
    })
  }

  async #answer(frame: Buffer): Promise<Reply> {
    const reply = await this.#dispatcher!.dispatch(connection, frame)
    if (!reply) return 'no answer'
    const bytes = Buffer.concat(reply.chunks.map(inMemory)).subarray(4)
    reply.whenSent?.()
    return bytes
  }

  #openNode(): BrokerNode {
    const disk = this.#disk
    const logDir = LogDir.open({ path: '/data', disk, clock: this.#clock })
    if (!logDir.metaProperties()) {
      logDir.writeMetaProperties({ clusterId: 'cluster', nodeId: 0, directoryId: 'AAAAAAAAAAAAAAAAAAAAAA' })
    }
    const listener: NodeListener = {
      appended: () => {},
      trimmed: () => {},
      log: () => {},
      partitionOffline: (partition) => {
        this.#parts?.groups.partitionOffline(partition)
        this.#parts?.transactions.partitionOffline(partition)
      },
      metadataChanged: (changes) => {
        this.#parts?.groups.metadataChanged(changes)
        this.#parts?.transactions.metadataChanged(changes)
      },
    }
    const staticConfig = this.#config
    return new BrokerNode({
      nodeId: 0,
      clusterId: 'cluster',
      clock: this.#clock,
      logDir,
      staticConfig,
      listener,
    })
  }
}

/** An answer's chunk: a disk in memory has no files that could be sent from where they are. */
function inMemory(chunk: unknown): Buffer {
  assert(Buffer.isBuffer(chunk), 'the answer holds something else than bytes')
  return chunk
}

/** The disk as a process reaches it, for as long as it lives. */
function withLifeOf(disk: Disk, isAlive: () => boolean): Disk {
  return new Proxy(disk, {
    get(target, name: keyof Disk) {
      const call: unknown = target[name]
      if (typeof call !== 'function') return call
      return (...args: unknown[]): unknown => {
        if (isAlive()) return call.apply(target, args)
        // The kernel closes what is open.
        if (name === 'close') return undefined
        throw Object.assign(new Error('the process is dead'), { code: 'EIO' })
      }
    },
  })
}
