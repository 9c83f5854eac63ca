import { BrokerNode, type NodeListener } from '../../../broker/cluster/node.ts'
import type { MetadataChange } from '../../../broker/cluster/replayed-metadata.ts'
import { ManualClock } from '../../../broker/core/clock.ts'
import { MemoryDisk } from '../../../broker/core/memory-disk.ts'
import { GroupCoordination } from '../../../broker/group-coordination.ts'
import type { ClientConnection } from '../../../broker/handlers/client-connection.ts'
import type { HandlerContext } from '../../../broker/handlers/handler.ts'
import { offeredApis } from '../../../broker/handlers/offered-apis.ts'
import { ApiRegistry } from '../../../broker/handlers/registry.ts'
import { LogDir } from '../../../broker/log/log-dir.ts'
import { decode, encode } from '../../../broker/protocol/codec.ts'
import type { DecodedShape, EncodableShape, Message, Shape } from '../../../broker/protocol/fields.ts'
import { unlimitedMutations } from '../../../broker/security/quota/controller-mutations.ts'
import { TransactionCoordination } from '../../../broker/transaction-coordination.ts'

/** All loaded beforehand: a request reaches its handler before `ask` returns. */
const apis = await new ApiRegistry().loadAll()

const silent: NodeListener = {
  appended: () => {},
  trimmed: () => {},
  partitionOffline: () => {},
  metadataChanged: () => {},
  log: () => {},
}

const connection: ClientConnection = {
  id: 1,
  remoteHost: '127.0.0.1',
  remotePort: 40_000,
  localHost: '127.0.0.1',
  localPort: 9092,
  principal: 'User:ANONYMOUS',
  sendsFiles: false,
  softwareName: null,
  softwareVersion: null,
  cancelWaiting: undefined,
  advertised: ({ host, port }) => ({ host, port }),
}

/** A node without a port, on a disk in memory, whose clock stands still. */
export class NodeFixture {
  readonly disk: MemoryDisk
  readonly clock = new ManualClock(Date.UTC(2026, 0, 1))
  readonly #config: ReadonlyMap<string, string>
  node: BrokerNode
  groups!: GroupCoordination
  transactions!: TransactionCoordination
  /** What the coordinators complained of. */
  readonly complaints: string[] = []

  constructor(config: Record<string, string> = {}, disk = new MemoryDisk()) {
    this.disk = disk
    this.#config = new Map(Object.entries(config))
    this.node = this.#open()
  }

  #open(): BrokerNode {
    this.disk.mkdir('/data')
    const node = new BrokerNode({
      nodeId: 0,
      clusterId: 'cluster',
      clock: this.clock,
      logDir: LogDir.open({ path: '/data', disk: this.disk, clock: this.clock }),
      staticConfig: this.#config,
      listener: { ...silent, metadataChanged: (changes) => this.#metadataChanged(changes) },
    })
    const complain = (message: string) => this.complaints.push(message)
    this.groups = new GroupCoordination(node, () => {}, complain)
    this.transactions = new TransactionCoordination(node, this.groups.coordinator, complain)
    node.controller.registerBroker({ nodeId: 0, host: '127.0.0.1', port: 9092, rack: null })
    return node
  }

  #metadataChanged(changes: readonly MetadataChange[]): void {
    this.groups?.metadataChanged(changes)
    this.transactions?.metadataChanged(changes)
  }

  /** Reads in what the coordinators have written before. */
  async startCoordinators(): Promise<void> {
    await this.groups.start()
    await this.transactions.start()
  }

  /** Closes the node and opens it again from its files; the coordinators are still to be started. */
  restart(): void {
    this.#stop()
    this.node.close()
    this.node = this.#open()
  }

  /** Opens the files again as they lie on the disk at this moment, as after kill -9. */
  crash(): void {
    this.#stop()
    this.node = this.#open()
  }

  #stop(): void {
    this.transactions.close()
    this.groups.close()
  }

  /** Sends a request through codec and handler as a connection would, and gives the decoded answer. */
  async ask<Request extends Shape, Response extends Shape>(
    request: Message<Request>,
    response: Message<Response>,
    version: number,
    body: EncodableShape<Request>,
  ): Promise<DecodedShape<Response>> {
    const api = apis.get(request.apiKey)
    if (!api) throw new Error(`there is no handler for ${request.name}`)
    const context = this.#contextOf(request.apiKey, version)
    const decoded = decode(request, version, Buffer.concat(encode(request, version, body)))
    const answer = await api.handle(context, decoded)
    const encodable = answer as EncodableShape<Response>
    return decode(response, version, Buffer.concat(encode(response, version, encodable)))
  }

  #contextOf(apiKey: number, apiVersion: number): HandlerContext {
    const { node } = this
    const nowMs = this.clock.nowMs()
    return {
      node,
      coordinator: this.groups.coordinator,
      transactions: this.transactions.coordinator,
      connection,
      apis: offeredApis,
      apiKey,
      apiVersion,
      correlationId: 1,
      clientId: 'test',
      nowMs,
      mutationQuota: () => unlimitedMutations,
      whenSent: () => {},
    }
  }
}
