import type { SessionPartition } from '../cluster/fetch-session.ts'
import type { BrokerNode } from '../cluster/node.ts'
import type { Partition, ReadBound } from '../cluster/partition.ts'
import { type Allocate, PooledBytes } from '../core/buffer-pool.ts'
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
  readonly bound: ReadBound
  readonly readCommitted: boolean
  readonly usesTopicIds: boolean
  readonly maxBytes: number
}

export type FetchRead = {
  readonly reads: readonly PartitionRead[]
  readonly sizeBytes: number
  /** An error, a diverging epoch or a full partition: the answer is due now. */
  readonly isDue: boolean
  /** The memory that the records lie in; to be released when they are sent or dropped. */
  readonly memory: PooledBytes
}

const noRecords = Buffer.alloc(0)
const noLimitBytes = 0

/** Reads partition by partition until the response is full; the first batch is whole even above the limits. */
export function readAll(
  node: BrokerNode,
  partitions: Iterable<SessionPartition>,
  request: ReadRequest,
): FetchRead {
  const reads: PartitionRead[] = []
  const memory = new PooledBytes(node.buffers)
  const allocate: Allocate = (bytes) => memory.take(bytes)
  let sizeBytes = 0
  let isDue = false
  for (const asked of partitions) {
    const leftBytes = Math.max(noLimitBytes, request.maxBytes - sizeBytes)
    const read = readOne(node, asked, request, { leftBytes, isFirst: sizeBytes === 0, allocate })
    reads.push(read)
    sizeBytes += read.sizeBytes
    if (read.isFull || read.data.errorCode !== errorCode.none || read.data.divergingEpoch) isDue = true
  }
  return { reads, sizeBytes, isDue, memory }
}

function refusal(asked: SessionPartition, code: number, partition?: Partition): PartitionRead {
  const data: PartitionData = {
    partitionIndex: asked.partition,
    errorCode: code,
    highWatermark: partition?.highWatermark ?? -1,
    lastStableOffset: partition?.lastStableOffset ?? -1,
    logStartOffset: partition?.logStartOffset ?? -1,
    abortedTransactions: null,
    records: noRecords,
    ...(partition && tellsLeader(code)
      ? { currentLeader: { leaderId: partition.leader, leaderEpoch: partition.leaderEpoch } }
      : {}),
  }
  return { asked, data, sizeBytes: 0, isFull: false }
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
  room: { readonly leftBytes: number; readonly isFirst: boolean; readonly allocate: Allocate },
): PartitionRead {
  const partition = partitionOf(node, asked, request.usesTopicIds)
  if (!partition) {
    const reference = request.usesTopicIds ? { topicId: asked.topicId } : { name: asked.topic }
    return refusal(asked, missingPartitionError(node, reference, asked.partition))
  }
  const leadership = leadershipError(partition, asked.currentLeaderEpoch)
  if (leadership === errorCode.kafkaStorageError) return refusal(asked, leadership)
  if (leadership !== errorCode.none) return refusal(asked, leadership, partition)
  const diverging = asked.lastFetchedEpoch >= 0 ? divergence(partition, asked) : undefined
  if (diverging) {
    const { data, ...rest } = refusal(asked, errorCode.none, partition)
    return { ...rest, data: { ...data, divergingEpoch: diverging } }
  }
  const maxBytes = Math.min(asked.maxBytes, room.leftBytes)
  const read = partition.read({
    offset: asked.fetchOffset,
    maxBytes,
    bound: request.bound,
    minOneBatch: room.isFirst,
    allocate: room.allocate,
  })
  if (!read.ok) return refusal(asked, codeOfName(read.error), partition)
  return success(partition, asked, request, read)
}

function success(
  partition: Partition,
  asked: SessionPartition,
  request: ReadRequest,
  read: { readonly records: Buffer; readonly nextOffset: number },
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
  if ('ok' in end || end.endOffset < 0) return undefined
  if (end.leaderEpoch >= asked.lastFetchedEpoch && end.endOffset >= asked.fetchOffset) return undefined
  return { epoch: end.leaderEpoch, endOffset: end.endOffset }
}
