/* ListOffsets v1-11: -1 latest, -2 earliest, -3 max timestamp (v7), -4 local start (v8), -5 tiered (v9), -6 (v11). */
import type { Partition, StorageFailure } from '../cluster/partition.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { Decoded, Encodable } from '../protocol/fields.ts'
import type { listOffsetsRequest, listOffsetsResponse } from '../protocol/schemas/02-list-offsets.ts'
import type { Handler, HandlerContext } from './handler.ts'
import { isIsolationLevel, readCommitted } from './isolation-level.ts'
import { leadershipError, missingPartitionError } from './leadership.ts'

type Request = Decoded<typeof listOffsetsRequest>
type RequestPartition = Request['topics'][number]['partitions'][number]
type PartitionResponse = Encodable<typeof listOffsetsResponse>['topics'][number]['partitions'][number]
type Found = { readonly offset: number; readonly timestamp: number; readonly leaderEpoch: number }

const latest = -1
const earliest = -2
const maxTimestamp = -3
const earliestLocal = -4
const latestTiered = -5
const earliestPendingUpload = -6

/** From which version on each special timestamp is understood. */
const sinceVersion: Readonly<Record<number, number>> = {
  [latest]: 1,
  [earliest]: 1,
  [maxTimestamp]: 7,
  [earliestLocal]: 8,
  [latestTiered]: 9,
  [earliestPendingUpload]: 11,
}

export const listOffsets: Handler<typeof listOffsetsRequest, typeof listOffsetsResponse> = (
  context,
  request,
) => {
  const seen = new Set<string>()
  const topics = request.topics.filter(({ partitions }) => partitions.length > 0)
  return {
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((asked) => {
        const key = `${name}-${asked.partitionIndex}`
        if (seen.has(key)) return refusal(asked, errorCode.invalidRequest)
        seen.add(key)
        return answerOne(context, request, name, asked)
      }),
    })),
  }
}

function refusal({ partitionIndex }: RequestPartition, code: number): PartitionResponse {
  return { partitionIndex, errorCode: code }
}

function answerOne(
  context: HandlerContext,
  request: Request,
  topic: string,
  asked: RequestPartition,
): PartitionResponse {
  const { timestamp, partitionIndex } = asked
  if (timestamp < 0 && !(context.apiVersion >= (sinceVersion[timestamp] ?? Number.POSITIVE_INFINITY))) {
    return refusal(asked, errorCode.unsupportedVersion)
  }
  const partition = context.node.partition(topic, partitionIndex)
  if (!partition) return refusal(asked, missingPartitionError(context.node, { name: topic }, partitionIndex))
  const leadership = leadershipError(partition, asked.currentLeaderEpoch)
  if (leadership !== errorCode.none) return refusal(asked, leadership)
  if (!isIsolationLevel(request.isolationLevel)) return refusal(asked, errorCode.unknownServerError)
  const found = find(partition, request, timestamp)
  if (found && 'ok' in found) return refusal(asked, errorCode.kafkaStorageError)
  return { partitionIndex, errorCode: errorCode.none, ...found }
}

/** Undefined: there is no such record. */
function find(partition: Partition, request: Request, timestamp: number): Found | undefined | StorageFailure {
  const upperBound = partition.upperBound(boundOf(request))
  const at = (offset: number): Found => ({ offset, timestamp: -1, leaderEpoch: partition.leaderEpoch })
  switch (timestamp) {
    case latest:
      return at(upperBound)
    case earliest:
    case earliestLocal:
      return at(partition.logStartOffset)
    case latestTiered:
    case earliestPendingUpload:
      return undefined
  }
  const found =
    timestamp === maxTimestamp ? partition.maxTimestampOffset() : partition.offsetForTimestamp(timestamp)
  if (!found || 'ok' in found) return found
  if (found.offset >= upperBound) return undefined
  return { offset: found.offset, timestamp: found.timestampMs, leaderEpoch: found.leaderEpoch }
}

function boundOf(request: Request) {
  if (request.replicaId >= 0) return 'logEnd'
  return request.isolationLevel === readCommitted ? 'lastStable' : 'highWatermark'
}
