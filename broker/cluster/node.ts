import { BufferPool } from '../core/buffer-pool.ts'
import type { Clock } from '../core/clock.ts'
import { type BrokerConfig, brokerConfigs } from '../core/config/broker-configs.ts'
import {
  type BrokerConfigSources,
  type Overrides,
  resolveBrokerConfig,
  resolveTopicConfig,
} from '../core/config/resolve.ts'
import type { TopicConfig } from '../core/config/topic-configs.ts'
import { LogCleaner } from '../log/cleaner/log-cleaner.ts'
import type { Log } from '../log/log.ts'
import { type LogDir, partitionDir } from '../log/log-dir.ts'
import { type ChargePartitions, Controller, type Outcome } from './controller.ts'
import { DoomedLogs } from './doomed-logs.ts'
import { FetchSessionCache } from './fetch-session.ts'
import { Housekeeping } from './housekeeping.ts'
import { defaultTopic, internalTopic, transactionsTopic } from './internal-topics.ts'
import { configResourceType, type MetadataImage, type TopicImage } from './metadata-image.ts'
import { MetadataLog, metadataTopic, metadataTopicId } from './metadata-log.ts'
import { isStorageError, Partition, type PartitionListener } from './partition.ts'
import { ProducerIds } from './producer-ids.ts'
import { Purgatory } from './purgatory.ts'
import { type MetadataChange, ReplayedMetadata } from './replayed-metadata.ts'
import { cleanerConfig, metadataLogConfig, topicLogConfig } from './topic-log-config.ts'

export type LogDirDescription = {
  readonly path: string
  /** Null while the disk works. */
  readonly error: string | null
  /** -1: the disk failed. */
  readonly totalBytes: number
  readonly usableBytes: number
}

/** What a node tells its host, as it happens. */
export type NodeListener = {
  appended(partition: Partition, recordCount: number, sizeBytes: number): void
  /** Its log start moved or segments were dropped. */
  trimmed(partition: Partition): void
  partitionOffline(partition: Partition, reason: string): void
  metadataChanged(changes: readonly MetadataChange[]): void
  log(level: 'info' | 'warn' | 'error', message: string): void
}

export type NodeOptions = {
  readonly nodeId: number
  readonly clusterId: string
  readonly clock: Clock
  readonly logDir: LogDir
  /** Broker configs given at start, by Kafka's names. */
  readonly staticConfig: Overrides
  readonly listener: NodeListener
}

const noDirectory = 'AAAAAAAAAAAAAAAAAAAAAA'
const maxLogsFlushedAtClose = 500

/** One broker: its own port, data folder and state. Handlers see the cluster through it. */
export class BrokerNode {
  readonly nodeId: number
  /** The id of the data folder (KIP-858), which a voter of the quorum is known by too. */
  readonly directoryId: string
  readonly clock: Clock
  readonly controller: Controller
  readonly purgatory: Purgatory
  isClosing = false
  readonly fetchSessions = new FetchSessionCache()
  /** For big requests and for records on their way to a reader. */
  readonly buffers = new BufferPool()
  readonly producerIds: ProducerIds
  readonly #logDir: LogDir
  readonly #listener: NodeListener
  readonly #partitionListener: PartitionListener
  readonly #metadataLog: MetadataLog
  readonly #metadataFile: Log
  readonly #staticConfig: Overrides
  readonly #housekeeping: Housekeeping
  readonly #cleaner: LogCleaner
  readonly #doomedLogs: DoomedLogs
  readonly #byName = new Map<string, Partition[]>()
  readonly #byId = new Map<string, Partition[]>()
  readonly #topicConfigs = new Map<string, TopicConfig>()
  #config: BrokerConfig
  #configSources: BrokerConfigSources | undefined

  /** Replays the metadata log and opens every partition; one that cannot be opened is offline. */
  constructor(options: NodeOptions) {
    this.nodeId = options.nodeId
    this.clock = options.clock
    this.#logDir = options.logDir
    this.directoryId = options.logDir.metaProperties()?.directoryId ?? noDirectory
    this.#listener = options.listener
    this.#staticConfig = options.staticConfig
    this.#partitionListener = {
      appended: (partition, records, bytes) => this.#listener.appended(partition, records, bytes),
      trimmed: (partition) => this.#listener.trimmed(partition),
      wentOffline: (partition, reason) => this.#listener.partitionOffline(partition, reason),
    }
    this.purgatory = new Purgatory(options.clock)
    this.#doomedLogs = new DoomedLogs(options.logDir, options.clock, (message) =>
      this.#listener.log('error', message),
    )
    this.#metadataFile = this.#logDir.openLog(metadataTopic, 0, metadataTopicId, metadataLogConfig)
    this.#metadataLog = new MetadataLog(
      this.#metadataFile,
      new ReplayedMetadata(options.clusterId),
      options.clock,
      this.#logDir.reserve,
      (changes) => this.#apply(changes),
    )
    this.controller = new Controller({
      nodeId: this.nodeId,
      metadataLog: this.#metadataLog,
      defaults: () => ({
        numPartitions: this.#config['num.partitions'],
        replicationFactor: this.#config['default.replication.factor'],
      }),
      minInsyncReplicas:
        this.#staticConfig.get('min.insync.replicas') ?? brokerConfigs['min.insync.replicas'].default ?? '1',
    })
    this.producerIds = new ProducerIds(this.controller, this.nodeId)
    this.#config = resolveBrokerConfig(this.configSources)
    this.#metadataLog.replayAll()
    this.#configSources = undefined
    this.#config = resolveBrokerConfig(this.configSources)
    this.#openAll()
    this.controller.bootstrapFeatures()
    this.#holdSpaceBack()
    this.#housekeeping = new Housekeeping(this, () => {
      this.#unlessDiskFails('write checkpoints', () => this.#checkpoint())
      this.#holdSpaceBack()
    })
    this.#cleaner = this.#newCleaner()
  }

  /** The cluster's metadata as this node has replayed it. */
  get image(): MetadataImage {
    return this.#metadataLog.image
  }

  /** Effective broker configs, parsed; a new object after a change. */
  get config(): BrokerConfig {
    return this.#config
  }

  /** One object until a broker config changes: topics without overrides share what follows from it. */
  get configSources(): BrokerConfigSources {
    const { image } = this.#metadataLog
    this.#configSources ??= {
      dynamicBroker: image.configs(configResourceType.broker, String(this.nodeId)),
      dynamicDefault: image.configs(configResourceType.broker, ''),
      static: this.#staticConfig,
    }
    return this.#configSources
  }

  /** Effective configs of a topic; the broker's defaults when it does not exist. */
  topicConfig(topic: string): TopicConfig {
    const known = this.#topicConfigs.get(topic)
    if (known) return known
    const config = resolveTopicConfig(this.image.configs(configResourceType.topic, topic), this.configSources)
    if (this.image.topic(topic)) this.#topicConfigs.set(topic, config)
    return config
  }

  /** The replica on this node; undefined when there is none (unknown topic, or it lives elsewhere). */
  partition(topic: string, index: number): Partition | undefined {
    return this.#byName.get(topic)?.[index]
  }

  partitionById(topicId: string, index: number): Partition | undefined {
    return this.#byId.get(topicId)?.[index]
  }

  /** All replicas on this node. */
  *partitions(): Generator<Partition> {
    for (const partitions of this.#byName.values()) {
      for (const partition of partitions) if (partition) yield partition
    }
  }

  /** The folder has failed as a whole where its metadata log takes nothing more: nothing can be created or changed. */
  logDirs(): readonly LogDirDescription[] {
    const { path } = this.#logDir
    try {
      const { failure } = this.#metadataFile
      if (failure) throw failure
      return [
        { path, error: null, totalBytes: this.#logDir.totalBytes(), usableBytes: this.#logDir.freeBytes() },
      ]
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      return [{ path, error: reason, totalBytes: -1, usableBytes: -1 }]
    }
  }

  /** Creates a topic that a client asked for, as the broker's defaults say (auto.create.topics.enable). */
  createTopicByName(name: string, charge?: ChargePartitions): Outcome {
    const topic = internalTopic(name, this.#config) ?? defaultTopic(name)
    return this.controller.createTopics([topic], charge ? { charge } : {})[0]!
  }

  /** Begins retention, checkpoints and the like. */
  startHousekeeping(): void {
    this.#housekeeping.start()
    this.#cleaner.start()
  }

  /**
   * Answers all that waits, flushes and closes every log, leaves the mark of a clean shutdown. With thousands of
   * logs to flush it leaves them to the page cache instead, as a crash would: scanning them at the next start
   * takes seconds, where fsyncing each takes a minute.
   */
  close(): void {
    this.isClosing = true
    this.#housekeeping.stop()
    this.#cleaner.stop()
    this.#doomedLogs.stop()
    this.purgatory.releaseAll()
    let unflushed = 0
    for (const { state } of this.partitions()) {
      if (state.status === 'online' && state.log.recoveryPoint < state.log.logEndOffset) unflushed++
    }
    if (unflushed <= maxLogsFlushedAtClose) this.#logDir.close(this.#highWatermarks())
    else {
      this.#checkpoint()
      this.#logDir.abandon()
    }
  }

  #newCleaner(): LogCleaner {
    const logDir = this.#logDir
    const ofLog = (log: Log) => this.partition(log.topic, log.partition)
    return new LogCleaner({
      clock: this.clock,
      config: () => cleanerConfig(this.#config),
      logs: () => this.#openLogs(),
      cleanedOffset: (log) => logDir.cleanedOffset(log.topic, log.partition),
      checkpoint: (log, offset) => logDir.checkpointCleanedOffset(log.topic, log.partition, offset),
      onCleaned: (log) => {
        const partition = ofLog(log)
        if (partition) this.#listener.trimmed(partition)
      },
      onFailed: (log, error) => {
        this.#listener.log('error', `${log.topic}-${log.partition} was not compacted: ${error.message}`)
        if (log.failure) ofLog(log)?.takeOffline(error.message)
      },
    })
  }

  *#openLogs(): Generator<{ log: Log; highWatermark: number }> {
    for (const { state, highWatermark } of this.partitions())
      if (state.status === 'online') yield { log: state.log, highWatermark }
  }

  #holdSpaceBack(): void {
    this.#unlessDiskFails('hold space back for a full disk', () => this.#logDir.reserve.ensure())
  }

  /** For what is tried again later: a disk that is full or broken must not end the broker. */
  #unlessDiskFails(action: string, task: () => void): void {
    try {
      task()
    } catch (error) {
      if (!isStorageError(error)) throw error
      this.#listener.log('error', `The broker could not ${action}: ${error.message}`)
    }
  }

  #checkpoint(): void {
    this.#logDir.checkpoint(this.#highWatermarks())
  }

  #highWatermarks(): Map<Log, number> {
    const highWatermarks = new Map<Log, number>([[this.#metadataFile, this.#metadataFile.logEndOffset]])
    for (const { log, highWatermark } of this.#openLogs()) highWatermarks.set(log, highWatermark)
    return highWatermarks
  }

  /** Folders of topics that were deleted while a crash came between go first. */
  #openAll(): void {
    const { image } = this.#metadataLog
    const isNew = image.offset < 0
    const onDisk = new Set<string>()
    for (const entry of this.#logDir.entries()) {
      const name = partitionDir(entry.topic, entry.partition)
      const topic = image.topic(entry.topic)
      if (topic && (entry.topicId === undefined || entry.topicId === topic.topicId)) onDisk.add(name)
      else if (!isNew) this.#logDir.deleteLog(entry.topic, entry.partition)
      else
        this.#listener.log(
          'warn',
          `The folder ${name} belongs to no topic that is known; it is left as it is.`,
        )
    }
    for (const topic of image.topics()) {
      for (const { partition, replicas } of topic.partitions) {
        if (!replicas.includes(this.nodeId)) continue
        this.#openPartition(topic, partition, onDisk.has(partitionDir(topic.name, partition)))
      }
    }
  }

  #openPartition(topic: TopicImage, index: number, isOnDisk: boolean): void {
    const partition = new Partition({
      topic: topic.name,
      topicId: topic.topicId,
      nodeId: this.nodeId,
      image: topic.partitions[index]!,
      listener: this.#partitionListener,
      nowMs: () => this.clock.nowMs(),
      openLog: () => {
        this.#doomedLogs.deleteNow(topic.name, index)
        const config = topicLogConfig(this.topicConfig(topic.name), this.#config)
        // Without a transaction coordinator's topic there was never a transaction, and so no marker of one.
        const mayHoldMarkers = this.image.topic(transactionsTopic) !== undefined
        return this.#logDir.openLog(topic.name, index, topic.topicId, config, { mayHoldMarkers })
      },
    })
    const partitions = this.#byId.get(topic.topicId) ?? []
    partitions[index] = partition
    this.#byId.set(topic.topicId, partitions)
    this.#byName.set(topic.name, partitions)
    if (isOnDisk) partition.open(this.#logDir.checkpointedHighWatermark(topic.name, index))
  }

  #apply(changes: readonly MetadataChange[]): void {
    const reconfigured = new Set<string>()
    let isBrokerReconfigured = false
    for (const change of changes) {
      if (change.kind === 'topicDeleted') this.#deleteTopic(change.topic)
      if (change.kind === 'configChanged' && change.resourceType === configResourceType.topic)
        reconfigured.add(change.resourceName)
      if (change.kind === 'configChanged' && change.resourceType === configResourceType.broker)
        isBrokerReconfigured = true
    }
    if (isBrokerReconfigured) {
      this.#configSources = undefined
      this.#config = resolveBrokerConfig(this.configSources)
    }
    for (const topic of isBrokerReconfigured ? this.#byName.keys() : reconfigured) this.#reconfigure(topic)
    for (const change of changes) {
      if (change.kind !== 'partitionChanged') continue
      const existing = this.partitionById(change.topic.topicId, change.partition.partition)
      if (existing) existing.changeImage(change.partition)
      else if (change.partition.replicas.includes(this.nodeId))
        this.#openPartition(change.topic, change.partition.partition, false)
    }
    this.#listener.metadataChanged(changes)
  }

  #reconfigure(topic: string): void {
    this.#topicConfigs.delete(topic)
    const config = topicLogConfig(this.topicConfig(topic), this.#config)
    for (const { state } of this.#byName.get(topic) ?? []) {
      if (state.status === 'online') state.log.config = config
    }
  }

  #deleteTopic(topic: TopicImage): void {
    const partitions = this.#byId.get(topic.topicId)
    this.#byId.delete(topic.topicId)
    this.#byName.delete(topic.name)
    this.#topicConfigs.delete(topic.name)
    const written: number[] = []
    for (const partition of partitions ?? []) {
      if (partition.state.status !== 'empty') written.push(partition.index)
      partition.retire()
    }
    this.#doomedLogs.doom(topic.name, written)
  }
}
