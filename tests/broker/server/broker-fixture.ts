import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../broker/core/clock.ts'
import { nodeDisk } from '../../../broker/core/disk.ts'
import { WireClient } from '../../../broker/protocol/client.ts'
import { type NodeObserver, RunningNode } from '../../../broker/running-node.ts'

/** A node with its port open in this process, on a temporary folder, and what it logged. */
export class BrokerFixture implements AsyncDisposable {
  readonly running: RunningNode
  readonly dataDir: string
  readonly logged: readonly string[]

  private constructor(running: RunningNode, dataDir: string, logged: readonly string[]) {
    this.running = running
    this.dataDir = dataDir
    this.logged = logged
  }

  /** On a new folder, or on that of a node that was closed. */
  static async start(
    config: Record<string, string> = {},
    dataDir = mkdtempSync(join(tmpdir(), 'millrace-test-')),
  ): Promise<BrokerFixture> {
    const logged: string[] = []
    const settings = {
      nodeId: 0,
      host: '127.0.0.1',
      port: 0,
      dataDir,
      advertised: {},
      config: new Map(Object.entries(config)),
    }
    const running = await RunningNode.start(settings, systemClock, nodeDisk, observer(logged))
    return new BrokerFixture(running, dataDir, logged)
  }

  get port(): number {
    return this.running.listener.port
  }

  get connectionCount(): number {
    return this.running.listener.connections.size
  }

  createTopic(name: string, numPartitions = 1): void {
    this.running.node.controller.createTopics([{ name, numPartitions, replicationFactor: 1 }])
  }

  client(): Promise<WireClient> {
    return WireClient.connect({ port: this.port })
  }

  /** A bare socket, for bytes that no client would send. */
  socket(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port: this.port, host: '127.0.0.1' }, () => resolve(socket))
      socket.on('error', reject)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running.close()
    rmSync(this.dataDir, { recursive: true, force: true })
  }
}

function observer(logged: string[]): NodeObserver {
  const nothing = () => {}
  return {
    appended: nothing,
    trimmed: nothing,
    partitionOffline: nothing,
    metadataChanged: nothing,
    group: nothing,
    opened: nothing,
    closed: nothing,
    answered: nothing,
    log: (_level, message) => logged.push(message),
  }
}

/** Resolves when the other side has closed the socket. */
export function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve()
    socket.on('error', () => {})
    socket.once('close', () => resolve())
    socket.resume()
  })
}

/** Resolves when `condition` holds; looks at it in every turn of the event loop, for ten seconds at most. */
export async function until(condition: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + 10_000
  while (!condition()) {
    if (Date.now() > deadlineMs) throw new Error('the condition did not come to hold in ten seconds')
    await new Promise((resolve) => setImmediate(resolve))
  }
}
