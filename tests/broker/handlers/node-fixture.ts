import { BrokerNode, type NodeListener } from '../../../broker/cluster/node.ts'
import { ManualClock } from '../../../broker/core/clock.ts'
import { MemoryDisk } from '../../../broker/core/memory-disk.ts'
import type { ClientConnection } from '../../../broker/handlers/client-connection.ts'
import type { HandlerContext } from '../../../broker/handlers/handler.ts'
import { registry } from '../../../broker/handlers/registry.ts'
import { LogDir } from '../../../broker/log/log-dir.ts'
import { decode, encode } from '../../../broker/protocol/codec.ts'
import type { DecodedShape, EncodableShape, Message, Shape } from '../../../broker/protocol/fields.ts'

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
      listener: silent,
    })
    node.controller.registerBroker({ nodeId: 0, host: '127.0.0.1', port: 9092, rack: null })
    return node
  }

  /** Closes the node and opens it again from its files. */
  restart(): void {
    this.node.close()
    this.node = this.#open()
  }

  /** Sends a request through codec and handler as a connection would, and gives the decoded answer. */
  async ask<Request extends Shape, Response extends Shape>(
    request: Message<Request>,
    response: Message<Response>,
    version: number,
    body: EncodableShape<Request>,
  ): Promise<DecodedShape<Response>> {
    const api = registry.get(request.apiKey)
    if (!api) throw new Error(`there is no handler for ${request.name}`)
    const context = this.#contextOf(request.apiKey, version)
    const decoded = decode(request, version, Buffer.concat(encode(request, version, body)))
    const answer = await api.handle(context, decoded)
    const encodable = answer as EncodableShape<Response>
    return decode(response, version, Buffer.concat(encode(response, version, encodable)))
  }

  /** Without a coordinator: these are the handlers that need none, and one that does would throw. */
  #contextOf(apiKey: number, apiVersion: number): HandlerContext {
    const { node } = this
    const nowMs = this.clock.nowMs()
    const context = {
      node,
      connection,
      apis: registry,
      apiKey,
      apiVersion,
      correlationId: 1,
      clientId: 'test',
      nowMs,
    }
    return context as unknown as HandlerContext
  }
}
