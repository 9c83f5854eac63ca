import type { SessionPartition } from '../cluster/fetch-session.ts'
import type { BrokerNode } from '../cluster/node.ts'
import type { Partition, PartitionReadOptions, ReadBound } from '../cluster/partition.ts'
import { type Allocate, PooledBytes } from '../core/buffer-pool.ts'
import type { Chunk, FileRegion } from '../core/file-region.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { Encodable } from '../protocol/fields.ts'
import type { fetchResponse } from '../protocol/schemas/01-fetch.ts'
import { codeOfName } from './error-by-name.ts'
import { leadershipError, missingPartitionError, tellsLeader } from './leadership.ts'

export type PartitionData = Encodable<typeof fetchResponse>['responses'][number]['partitions'][number]

/** One partition's part of a fetch. */
export type PartitionRead = {
  readonly asked: SessionPartition
  readonly data: PartitionData
  readonly sizeBytes: number
  /** More lies there than the partition's limit let through: waiting would bring nothing. */
  readonly isFull: boolean
}

export type ReadRequest = {
  /** Of a follower; -1 is a consumer. */
  readonly replicaId: number
  readonly bound: ReadBound
  readonly readCommitted: boolean
  readonly usesTopicIds: boolean
  readonly maxBytes: number
  /** Whether records may stay in their files until they are sent. */
  readonly mayLeaveInFiles: boolean
}

export type FetchRead = {
  readonly reads: readonly PartitionRead[]
  readonly sizeBytes: number
  /** An error, a diverging epoch or a full partition: the answer is due now. */
  readonly isDue: boolean
  /** What holds the records; to be released when they are sent or dropped. */
  readonly held: HeldRecords
}

const noRecords = Buffer.alloc(0)
/**
 * Most records that an answer holds in memory, whatever the client allows: a reader that does not read costs no more
 * than this, and the buffers of many partitions stay few and warm (0.60 s of CPU a GB against 0.95 without).
 */
const maxBufferedBytes = 8 * 1024 * 1024

/** The memory and the open files in which the records of one answer lie. */
class HeldRecords {
  readonly #memory: PooledBytes
  #regions: FileRegion[] = []
  bufferedBytes = 0
  readonly allocate: Allocate = (bytes) => this.#memory.take(bytes)

  constructor(node: BrokerNode) {
    this.#memory = new PooledBytes(node.buffers)
  }

  add(records: Chunk): void {
    if (Buffer.isBuffer(records)) this.bufferedBytes += records.length
    else this.#regions.push(records)
  }

  /** A second call does nothing. */
  release(): void {
    this.#memory.release()
    for (const region of this.#regions) region.release()
    this.#regions = []
  }
}

/** Reads partition by partition until the response is full; the first batch is whole even above the limits. */
export function readAll(
  node: BrokerNode,
  partitions: Iterable<SessionPartition>,
  request: ReadRequest,
): FetchRead {
  const reads: PartitionRead[] = []
  const held = new HeldRecords(node)
  let sizeBytes = 0
  let isDue = false
  for (const asked of partitions) {
    const leftBytes = Math.max(0, request.maxBytes - sizeBytes)
    const read = readOne(node, asked, request, { leftBytes, isFirst: sizeBytes === 0, held })
    reads.push(read)
    sizeBytes += read.sizeBytes
    if (read.isFull || read.data.errorCode !== errorCode.none || read.data.divergingEpoch) isDue = true
  }
  return { reads, sizeBytes, isDue, held }
}

/** A partition that was not read: Kafka has no offsets and an empty list there. */
export function refusedData(partitionIndex: number, code: number): PartitionData {
  return {
    partitionIndex,
    errorCode: code,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    abortedTransactions: [],
    records: noRecords,
  }
}

function refusal(asked: SessionPartition, code: number, partition?: Partition): PartitionRead {
  const data: PartitionData = {
    ...refusedData(asked.partition, code),
    // Where Kafka got as far as the log it has no list at all.
    ...(partition ? { abortedTransactions: null } : {}),
    ...(partition && tellsLeader(code)
      ? { currentLeader: { leaderId: partition.leader, leaderEpoch: partition.leaderEpoch } }
      : {}),
  }
  return { asked, data, sizeBytes: 0, isFull: false }
}

function replicasOf(node: BrokerNode, { topic, index }: Partition): readonly number[] {
  return node.image.topic(topic)?.partitions[index]?.replicas ?? []
}

/** The replica that a fetch names, by id or by name. */
export function partitionOf(
  node: BrokerNode,
  asked: SessionPartition,
  usesTopicIds: boolean,
): Partition | undefined {
  return usesTopicIds
    ? node.partitionById(asked.topicId, asked.partition)
    : node.partition(asked.topic, asked.partition)
}

function readOne(
  node: BrokerNode,
  asked: SessionPartition,
  request: ReadRequest,
  room: { readonly leftBytes: number; readonly isFirst: boolean; readonly held: HeldRecords },
): PartitionRead {
  const partition = partitionOf(node, asked, request.usesTopicIds)
  if (!partition) {
    const reference = request.usesTopicIds ? { topicId: asked.topicId } : { name: asked.topic }
    return refusal(asked, missingPartitionError(node, reference, asked.partition))
  }
  const leadership = leadershipError(partition, Math.max(asked.currentLeaderEpoch, -1))
  if (leadership === errorCode.kafkaStorageError) return refusal(asked, leadership)
  if (leadership !== errorCode.none) return refusal(asked, leadership, partition)
  if (request.replicaId >= 0 && !replicasOf(node, partition).includes(request.replicaId)) {
    return refusal(asked, errorCode.notLeaderOrFollower, partition)
  }
  // Kafka fails inside over them.
  if (asked.maxBytes < 0 || request.maxBytes < 0)
    return refusal(asked, errorCode.unknownServerError, partition)
  const diverging = asked.lastFetchedEpoch >= 0 ? divergence(partition, asked) : undefined
  if (diverging === 'unknown') return refusal(asked, errorCode.offsetOutOfRange, partition)
  if (diverging) {
    const { data, ...rest } = refusal(asked, errorCode.none, partition)
    const { highWatermark, lastStableOffset, logStartOffset } = partition
    return {
      ...rest,
      data: { ...data, highWatermark, lastStableOffset, logStartOffset, divergingEpoch: diverging },
    }
  }
  const { held } = room
  const { bound } = request
  const maxBytes = Math.min(asked.maxBytes, room.leftBytes)
  const options = { offset: asked.fetchOffset, maxBytes, bound }
  const region = request.mayLeaveInFiles ? partition.region(options) : undefined
  const read = region ?? readIntoMemory(partition, options, room)
  if (!read.ok) return refusal(asked, codeOfName(read.error), partition)
  held.add(read.records)
  return success(partition, asked, request, read)
}

function readIntoMemory(
  partition: Partition,
  options: PartitionReadOptions,
  { isFirst, held }: { readonly isFirst: boolean; readonly held: HeldRecords },
) {
  const maxBytes = Math.min(options.maxBytes, maxBufferedBytes - held.bufferedBytes)
  return partition.read({ ...options, maxBytes, minOneBatch: isFirst, allocate: held.allocate })
}

function success(
  partition: Partition,
  asked: SessionPartition,
  request: ReadRequest,
  read: { readonly records: Chunk; readonly nextOffset: number },
): PartitionRead {
  const { records } = read
  const upperBound = partition.upperBound(request.bound)
  const data: PartitionData = {
    partitionIndex: asked.partition,
    errorCode: errorCode.none,
    highWatermark: partition.highWatermark,
    lastStableOffset: partition.lastStableOffset,
    logStartOffset: partition.logStartOffset,
    abortedTransactions: request.readCommitted
      ? aborted(partition, asked, read.nextOffset, upperBound)
      : null,
    records,
  }
  const isFull = records.length > 0 && read.nextOffset < upperBound
  return { asked, data, sizeBytes: records.length, isFull }
}

/** Aborted transactions that touch the records returned, and no others. */
function aborted(partition: Partition, asked: SessionPartition, nextOffset: number, upperBound: number) {
  if (nextOffset === asked.fetchOffset) return []
  const found = partition.abortedTransactions(asked.fetchOffset, upperBound)
  if (!Array.isArray(found) || found.length === 0) return []
  return found
    .filter(({ firstOffset }) => firstOffset < nextOffset)
    .map(({ producerId, firstOffset }) => ({ producerId, firstOffset }))
}

/** KIP-595: where the reader's log and ours part, when its last epoch says that they do. */
function divergence(partition: Partition, asked: SessionPartition) {
  const end = partition.endOffsetForEpoch(asked.lastFetchedEpoch)
  if ('ok' in end) return undefined
  if (end.endOffset < 0) return 'unknown'
  if (end.leaderEpoch >= asked.lastFetchedEpoch && end.endOffset >= asked.fetchOffset) return undefined
  return { epoch: end.leaderEpoch, endOffset: end.endOffset }
}
