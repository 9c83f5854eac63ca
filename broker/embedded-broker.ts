import { rmSync } from 'node:fs'
import type { GroupSnapshot } from './coordinator/group/snapshot.ts'
import type { Clock } from './core/clock.ts'
import type { Disk } from './core/disk.ts'
import { offeredApis } from './handlers/offered-apis.ts'
import type {
  HostChannel,
  HostCommand,
  HostCommands,
  HostSnapshot,
  NodeDescription,
  OfflinePartition,
} from './host.ts'
import { type NodeSettings, RunningNode } from './running-node.ts'
import { partitionFigures } from './telemetry/event-queue.ts'
import { type LogSink, NodeTelemetry } from './telemetry/node-telemetry.ts'
import { describeProducers, describeStorage } from './telemetry/storage-description.ts'

export type EmbeddedSettings = NodeSettings & {
  /** The data folder goes away at close. */
  readonly ephemeral: boolean
}

type Answers = {
  readonly [C in HostCommand]: (
    request: HostCommands[C]['request'],
  ) => HostCommands[C]['response'] | Promise<HostCommands[C]['response']>
}

/** A node with its telemetry, in this thread. */
export class EmbeddedBroker implements HostChannel {
  readonly running: RunningNode
  readonly settings: EmbeddedSettings
  readonly #telemetry: NodeTelemetry
  readonly #clock: Clock
  readonly #startedAtMs: number
  readonly #startDurationMs: number
  readonly #answers: Answers
  #closing: Promise<void> | undefined

  private constructor(
    settings: EmbeddedSettings,
    running: RunningNode,
    telemetry: NodeTelemetry,
    clock: Clock,
    beganMs: number,
  ) {
    this.settings = settings
    this.running = running
    this.#telemetry = telemetry
    this.#clock = clock
    this.#startedAtMs = clock.nowMs()
    this.#startDurationMs = this.#startedAtMs - beganMs
    this.#answers = {
      snapshot: () => this.#snapshot(),
      describeNode: () => this.#describeNode(),
      describeConnections: () => telemetry.connections(),
      describeRequests: ({ connectionId }) => telemetry.requests(connectionId),
      describeApis: () => telemetry.apis.figures(clock.nowMs()),
      describeStorage: ({ topic }) => describeStorage(running.node, topic),
      describeProducers: ({ topic }) => describeProducers(running.node, topic),
      watchAppends: ({ topics }) => {
        telemetry.watchAppends(topics.slice(0, 20))
        return {}
      },
      describeGroups: ({ groupId }) => this.#describeGroups(groupId),
      close: async () => {
        await this.close()
        return {}
      },
    }
  }

  /** Throws what RunningNode.start throws. */
  static async start(
    settings: EmbeddedSettings,
    clock: Clock,
    disk: Disk,
    log: LogSink,
  ): Promise<EmbeddedBroker> {
    const beganMs = clock.nowMs()
    const telemetry = new NodeTelemetry(settings.nodeId, clock, log)
    const running = await RunningNode.start(settings, clock, disk, telemetry)
    return new EmbeddedBroker(settings, running, telemetry, clock, beganMs)
  }

  ask<C extends HostCommand>(
    command: C,
    request: HostCommands[C]['request'],
  ): Promise<HostCommands[C]['response']> {
    return Promise.resolve(this.#answers[command](request))
  }

  onEvents(listener: Parameters<HostChannel['onEvents']>[0]): () => void {
    return this.#telemetry.events.listen(listener)
  }

  /** Twice does nothing more. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    try {
      await this.running.close()
    } finally {
      this.#telemetry.events.stop()
      if (this.settings.ephemeral) rmSync(this.settings.dataDir, { recursive: true, force: true })
    }
  }

  #describeGroups(groupId: string | undefined): GroupSnapshot[] {
    const coordinator = this.running.coordination.groups
    if (!coordinator) return []
    if (groupId === undefined) return coordinator.snapshot()
    const group = coordinator.snapshotOf(groupId)
    return group ? [group] : []
  }

  #snapshot(): HostSnapshot {
    const partitions = [...this.running.node.partitions()]
    return {
      sequence: this.#telemetry.events.sequence,
      node: this.#describeNode(),
      partitions: partitions.map((partition) => partitionFigures(partition)),
      connections: this.#telemetry.connections(),
      offline: partitions.flatMap(({ topic, index, state }): OfflinePartition[] =>
        state.status === 'offline'
          ? [{ topic, partition: index, reason: state.reason, sinceMs: state.sinceMs }]
          : [],
      ),
    }
  }

  #describeNode(): NodeDescription {
    const { node, listener } = this.running
    const memory = process.memoryUsage()
    const cpu = process.threadCpuUsage()
    let sizeBytes = 0
    for (const partition of node.partitions()) sizeBytes += partition.sizeBytes
    return {
      nodeId: node.nodeId,
      clusterId: node.image.clusterId,
      host: this.settings.host,
      port: listener.port,
      dataDir: this.settings.dataDir,
      ephemeral: this.settings.ephemeral,
      startedAtMs: this.#startedAtMs,
      startDurationMs: this.#startDurationMs,
      nowMs: this.#clock.nowMs(),
      topics: node.image.topicCount,
      partitions: node.image.partitionCount,
      sizeBytes,
      logDirs: node.logDirs(),
      heapUsedBytes: memory.heapUsed,
      rssBytes: memory.rss,
      cpuMs: (cpu.user + cpu.system) / 1000,
      connections: listener.connections.size,
      apis: [...offeredApis.values()].map(({ key, name, advertisedMinVersion, maxVersion }) => ({
        apiKey: key,
        api: name,
        minVersion: advertisedMinVersion,
        maxVersion,
      })),
    }
  }
}
