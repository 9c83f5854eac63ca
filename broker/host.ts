/**
 * What goes between the broker's thread and its host: plain data, structured-clone safe. Events flow to the host
 * coalesced and bounded; commands are asked by the host and answered once. Times are milliseconds since the epoch.
 */
import type { GroupSnapshot } from './coordinator/group/snapshot.ts'
import type { GroupEvent } from './coordinator/group-event.ts'

/** Offsets of one partition now, with what arrived since its last such event. */
export type PartitionFigures = {
  readonly topic: string
  readonly partition: number
  readonly logStartOffset: number
  readonly lastStableOffset: number
  readonly highWatermark: number
  readonly logEndOffset: number
  readonly sizeBytes: number
  /** From here on each offset is a record: no marker of a transaction, nothing that compaction took out. */
  readonly denseFrom: number
  /** Records and bytes appended since the partition's last figures. */
  readonly appendedRecords: number
  readonly appendedBytes: number
}

/** One batch that was appended: what the lanes draw. Only for topics in `watchAppends`. */
export type AppendEvent = {
  readonly topic: string
  readonly partition: number
  readonly baseOffset: number
  readonly count: number
  readonly sizeBytes: number
  readonly clientId: string | null
  readonly connectionId: number | null
  readonly atMs: number
}

export type ConnectionDescription = {
  readonly id: number
  readonly nodeId: number
  readonly clientId: string | null
  readonly softwareName: string | null
  readonly softwareVersion: string | null
  readonly remoteHost: string
  readonly remotePort: number
  readonly localHost: string
  readonly localPort: number
  readonly principal: string
  readonly connectedAtMs: number
  readonly lastRequestAtMs: number | null
  readonly requests: number
  /** Mean of the last ten seconds. */
  readonly requestsPerSecond: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly apis: readonly ApiUse[]
}

export type ApiUse = {
  readonly apiKey: number
  readonly api: string
  readonly version: number
  readonly requests: number
}

/** One request with its answer, decoded field by field; buffers as `<n bytes>`, long arrays cut. */
export type RequestSample = {
  readonly atMs: number
  readonly apiKey: number
  readonly api: string
  readonly version: number
  readonly correlationId: number
  readonly clientId: string | null
  readonly sizeBytes: number
  /** Null: no answer (acks=0). */
  readonly responseBytes: number | null
  readonly latencyMs: number
  /** Kafka's name of the first error code in the answer. */
  readonly error: string | null
  readonly request: unknown
  readonly response: unknown
}

export type ApiFigures = {
  readonly apiKey: number
  readonly api: string
  readonly requests: number
  /** Mean of the last ten seconds. */
  readonly requestsPerSecond: number
  /** Answers that carried an error code, by Kafka's name of the first one in each. */
  readonly errors: readonly { readonly error: string; readonly count: number }[]
  /** Of the last one to two minutes, from whole frame in to answer out; null when there was no request. */
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number } | null
}

export type HostEvent =
  | { readonly kind: 'partitions'; readonly figures: readonly PartitionFigures[] }
  | { readonly kind: 'appends'; readonly appends: readonly AppendEvent[] }
  /** In the order they happened; of offsetCommitted only the last of each group and partition. */
  | { readonly kind: 'groups'; readonly events: readonly GroupEvent[] }
  /** New ones, and those whose client id, software or figures changed (at most once a second each). */
  | { readonly kind: 'connections'; readonly connections: readonly ConnectionDescription[] }
  | { readonly kind: 'connectionsClosed'; readonly ids: readonly number[] }
  | {
      readonly kind: 'topicCreated'
      readonly topic: string
      readonly topicId: string
      readonly partitions: number
      readonly isInternal: boolean
    }
  | { readonly kind: 'topicDeleted'; readonly topic: string; readonly topicId: string }
  | {
      readonly kind: 'partitionsAdded'
      readonly topic: string
      readonly topicId: string
      readonly partitions: number
    }
  | {
      readonly kind: 'configChanged'
      readonly resourceType: number
      readonly resourceName: string
      readonly names: readonly string[]
    }
  | {
      readonly kind: 'partitionOffline'
      readonly topic: string
      readonly partition: number
      readonly reason: string
    }
  | { readonly kind: 'partitionOnline'; readonly topic: string; readonly partition: number }
  | {
      readonly kind: 'log'
      readonly level: 'info' | 'warn' | 'error'
      readonly message: string
      readonly atMs: number
    }

/**
 * At most 20 a second. `sequence` counts up by one; `lost` is how many events were left out since the last batch
 * because there were too many: the host then asks for `snapshot`.
 */
export type EventBatch = {
  readonly sequence: number
  readonly atMs: number
  readonly lost: number
  readonly events: readonly HostEvent[]
}

export type SegmentDescription = {
  readonly baseOffset: number
  readonly nextOffset: number
  readonly sizeBytes: number
  readonly indexBytes: number
  readonly timeIndexBytes: number
  /** -1: no record has a timestamp. */
  readonly maxTimestampMs: number
  readonly active: boolean
}

export type PartitionStorage = {
  readonly topic: string
  readonly partition: number
  readonly dir: string
  readonly offlineReason: string | null
  readonly segments: readonly SegmentDescription[]
  /** What retention removes next, and when, if no more records come; null: nothing will be. */
  readonly nextRetention: {
    readonly baseOffset: number
    readonly sizeBytes: number
    readonly reason: 'time' | 'size'
    readonly dueMs: number
  } | null
}

export type ProducerDescription = {
  readonly topic: string
  readonly partition: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly lastSequence: number
  readonly lastTimestampMs: number
  /** -1: no transaction is open. */
  readonly currentTransactionStartOffset: number
}

export type NodeDescription = {
  readonly nodeId: number
  readonly clusterId: string
  readonly host: string
  readonly port: number
  readonly dataDir: string
  readonly ephemeral: boolean
  readonly startedAtMs: number
  readonly startDurationMs: number
  /** The broker's clock at this answer. */
  readonly nowMs: number
  readonly topics: number
  readonly partitions: number
  readonly sizeBytes: number
  readonly logDirs: readonly {
    readonly path: string
    /** Null while the disk works. */
    readonly error: string | null
    /** -1: the disk does not tell. */
    readonly totalBytes: number
    readonly usableBytes: number
  }[]
  readonly heapUsedBytes: number
  readonly rssBytes: number
  /** CPU time of the broker's thread so far. */
  readonly cpuMs: number
  readonly connections: number
  readonly apis: readonly {
    readonly apiKey: number
    readonly api: string
    readonly minVersion: number
    readonly maxVersion: number
  }[]
}

export type OfflinePartition = {
  readonly topic: string
  readonly partition: number
  readonly reason: string
  readonly sinceMs: number
}

/** Everything that the events keep up to date, at batch `sequence`. */
export type HostSnapshot = {
  readonly sequence: number
  readonly node: NodeDescription
  readonly partitions: readonly PartitionFigures[]
  readonly connections: readonly ConnectionDescription[]
  readonly offline: readonly OfflinePartition[]
}

/** What the host can ask, and what it gets. */
export type HostCommands = {
  snapshot: { request: Record<never, never>; response: HostSnapshot }
  describeNode: { request: Record<never, never>; response: NodeDescription }
  describeConnections: { request: Record<never, never>; response: readonly ConnectionDescription[] }
  /** The last requests (at most 50) of a connection, newest first; null when it is gone. */
  describeRequests: { request: { connectionId: number }; response: readonly RequestSample[] | null }
  describeApis: { request: Record<never, never>; response: readonly ApiFigures[] }
  /** All partitions of the topic. Null: no such topic. */
  describeStorage: { request: { topic: string }; response: readonly PartitionStorage[] | null }
  describeProducers: { request: { topic: string }; response: readonly ProducerDescription[] | null }
  /** Topics whose every append is told; replaces the last list. At most 20 topics. */
  watchAppends: { request: { topics: readonly string[] }; response: Record<never, never> }
  /** All groups, or one, as the coordinator holds them now. */
  describeGroups: { request: { groupId?: string }; response: readonly GroupSnapshot[] }
  close: { request: Record<never, never>; response: Record<never, never> }
}
export type HostCommand = keyof HostCommands

/** A broker as its host holds it, in a worker thread or not. */
export type HostChannel = {
  ask<C extends HostCommand>(
    command: C,
    request: HostCommands[C]['request'],
  ): Promise<HostCommands[C]['response']>
  /** Calls `listener` with each batch; returns the way to stop. */
  onEvents(listener: (batch: EventBatch) => void): () => void
}
