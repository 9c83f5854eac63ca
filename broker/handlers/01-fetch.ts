/*
 * Fetch v4-18. Records go from the log to the socket as they lie there. A fetch below `minBytes` parks in the
 * purgatory. The high watermark, last stable offset and log start offset stand in errors too, where known.
 */
import type { SessionPartition } from '../cluster/fetch-session.ts'
import type { Partition } from '../cluster/partition.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { Decoded, Encodable } from '../protocol/fields.ts'
import type { fetchRequest, fetchResponse } from '../protocol/schemas/01-fetch.ts'
import { type FetchPlan, partitionKey, planFetch } from './fetch-plan.ts'
import {
  type FetchRead,
  type PartitionRead,
  partitionOf,
  type ReadRequest,
  readAll,
  refusedData,
} from './fetch-read.ts'
import type { Handler, HandlerContext } from './handler.ts'
import { isIsolationLevel, readCommitted } from './isolation-level.ts'
import { nodeEndpoints } from './leadership.ts'

type Request = Decoded<typeof fetchRequest>
type Response = Encodable<typeof fetchResponse>
type ServedPlan = Exclude<FetchPlan, { kind: 'refused' }>

const firstVersionWithTopicIds = 13

export const fetch: Handler<typeof fetchRequest, typeof fetchResponse> = (context, request) => {
  const { node, nowMs } = context
  const usesTopicIds = context.apiVersion >= firstVersionWithTopicIds
  if (!isIsolationLevel(request.isolationLevel)) return failedInside(request, usesTopicIds)
  const plan = planFetch(node, request, usesTopicIds, nowMs)
  if (plan.kind === 'refused') return { throttleTimeMs: 0, errorCode: plan.errorCode, responses: [] }
  const readRequest = readRequestOf(context, request)
  const minBytes = Math.min(request.minBytes, readRequest.maxBytes)
  const read = readAll(node, plan.partitions.values(), readRequest)
  const isReady = read.isDue || read.sizeBytes >= minBytes || plan.partitions.size === 0
  if (isReady || request.maxWaitMs <= 0) return respond(context, plan, read)
  return wait(
    context,
    plan,
    readRequest,
    { minBytes, deadlineMs: node.clock.elapsedMs() + request.maxWaitMs },
    read,
  )
}

/** What Kafka answers where it fails inside: an isolation level that it does not know. */
function failedInside({ topics }: Request, usesTopicIds: boolean): Response {
  const code = errorCode.unknownServerError
  const responses = topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition }) => refusedData(partition, code)),
  }))
  return { throttleTimeMs: 0, errorCode: code, responses: usesTopicIds ? [] : responses }
}

function readRequestOf({ node, apiVersion, connection }: HandlerContext, request: Request): ReadRequest {
  const replicaId = Math.max(request.replicaId, request.replicaState.replicaId)
  const isReplica = replicaId >= 0
  const isCommitted = request.isolationLevel === readCommitted
  return {
    replicaId,
    bound: isReplica ? 'logEnd' : isCommitted ? 'lastStable' : 'highWatermark',
    readCommitted: isCommitted,
    usesTopicIds: apiVersion >= firstVersionWithTopicIds,
    maxBytes: Math.min(request.maxBytes, node.config['fetch.max.bytes']),
    mayLeaveInFiles: connection.sendsFiles,
  }
}

/** Parks until enough has come or the deadline; what came may be invisible, then it parks again. */
function wait(
  context: HandlerContext,
  plan: ServedPlan,
  readRequest: ReadRequest,
  until: { readonly minBytes: number; readonly deadlineMs: number },
  first: FetchRead,
): Promise<Response> {
  const { node, connection } = context
  return new Promise((resolve, reject) => {
    const park = (read: FetchRead) => {
      const partitions: Partition[] = []
      for (const asked of plan.partitions.values()) {
        const partition = partitionOf(node, asked, readRequest.usesTopicIds)
        if (partition) partitions.push(partition)
      }
      read.held.release()
      const maxWaitMs = until.deadlineMs - node.clock.elapsedMs()
      const missingBytes = until.minBytes - read.sizeBytes
      connection.cancelWaiting = node.purgatory.park({ partitions, missingBytes, maxWaitMs }, wake)
    }
    const wake = () => {
      try {
        const read = readAll(node, plan.partitions.values(), readRequest)
        const isOver = node.clock.elapsedMs() >= until.deadlineMs || node.isClosing
        if (read.isDue || read.sizeBytes >= until.minBytes || isOver) resolve(respond(context, plan, read))
        else park(read)
      } catch (error) {
        reject(error)
      }
    }
    park(first)
  })
}

function respond(context: HandlerContext, plan: ServedPlan, { reads, held }: FetchRead): Response {
  context.whenSent(() => held.release())
  const { session } = plan
  const answered = plan.kind === 'full' ? reads : reads.filter(hasNews)
  if (session) for (const read of answered) remember(session.partitions, session.usesTopicIds, read)
  const leaders = new Set<number>()
  for (const { data } of answered) if (data.currentLeader) leaders.add(data.currentLeader.leaderId ?? -1)
  return {
    throttleTimeMs: 0,
    errorCode: errorCode.none,
    sessionId: session?.id ?? 0,
    responses: byTopic(answered),
    ...(leaders.size > 0 ? { nodeEndpoints: nodeEndpoints(context, leaders) } : {}),
  }
}

/** Whether an incremental answer lists the partition: records, an error, or an offset that moved. */
function hasNews({ asked, data, sizeBytes }: PartitionRead): boolean {
  return (
    sizeBytes > 0 ||
    data.errorCode !== errorCode.none ||
    data.divergingEpoch !== undefined ||
    data.highWatermark !== asked.highWatermark ||
    data.lastStableOffset !== asked.lastStableOffset ||
    data.logStartOffset !== asked.logStartOffset
  )
}

/**
 * Notes what the client is told. After an error nothing is known to it, so that the next good answer is news; a
 * partition that had records goes to the end of the line, so that all get their turn under a byte limit.
 */
function remember(
  partitions: Map<string, SessionPartition>,
  usesTopicIds: boolean,
  { asked, data, sizeBytes }: PartitionRead,
): void {
  const isError = data.errorCode !== errorCode.none
  asked.highWatermark = isError ? -1 : data.highWatermark
  asked.lastStableOffset = isError ? -1 : (data.lastStableOffset ?? -1)
  asked.logStartOffset = isError ? -1 : (data.logStartOffset ?? -1)
  if (sizeBytes === 0 || partitions.size === 1) return
  const key = partitionKey(usesTopicIds ? asked.topicId : asked.topic, asked.partition)
  if (partitions.delete(key)) partitions.set(key, asked)
}

/** Neighbours of one topic share an entry; a topic may come up again later, as the order demands. */
function byTopic(reads: readonly PartitionRead[]): Response['responses'] {
  const responses: { topic: string; topicId: string; partitions: PartitionRead['data'][] }[] = []
  for (const { asked, data } of reads) {
    const last = responses.at(-1)
    if (last && last.topic === asked.topic && last.topicId === asked.topicId) last.partitions.push(data)
    else responses.push({ topic: asked.topic, topicId: asked.topicId, partitions: [data] })
  }
  return responses
}
