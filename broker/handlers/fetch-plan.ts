import type { FetchSession, SessionPartition } from '../cluster/fetch-session.ts'
import { finalEpoch, initialEpoch, nextEpoch } from '../cluster/fetch-session.ts'
import type { BrokerNode } from '../cluster/node.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { Decoded } from '../protocol/fields.ts'
import type { fetchRequest } from '../protocol/schemas/01-fetch.ts'

type Request = Decoded<typeof fetchRequest>

/** What to read for one fetch request, once its session (KIP-227) has been looked at. */
export type FetchPlan =
  /** Every partition asked for is answered; `session` is kept for the next request when there is room. */
  | {
      readonly kind: 'full'
      readonly partitions: ReadonlyMap<string, SessionPartition>
      readonly session: FetchSession | undefined
    }
  /** Only partitions with news are answered. */
  | {
      readonly kind: 'incremental'
      readonly partitions: ReadonlyMap<string, SessionPartition>
      readonly session: FetchSession
    }
  | { readonly kind: 'refused'; readonly errorCode: number }

/** Finds or begins the session and brings it up to what the request says. */
export function planFetch(
  node: BrokerNode,
  request: Request,
  usesTopicIds: boolean,
  nowMs: number,
): FetchPlan {
  const { sessionId, sessionEpoch } = request
  const sessions = node.fetchSessions
  if (sessionEpoch === initialEpoch || sessionEpoch === finalEpoch) {
    if (sessionId !== 0) sessions.remove(sessionId)
    const partitions = askedPartitions(node, request, usesTopicIds)
    const isSessionless = sessionEpoch === finalEpoch || partitions.size === 0
    const slots = node.config['max.incremental.fetch.session.cache.slots']
    const session = isSessionless ? undefined : sessions.create(partitions, usesTopicIds, slots, nowMs)
    return { kind: 'full', partitions, session }
  }
  const session = sessions.get(sessionId)
  if (!session) return { kind: 'refused', errorCode: errorCode.fetchSessionIdNotFound }
  if (session.epoch !== sessionEpoch)
    return { kind: 'refused', errorCode: errorCode.invalidFetchSessionEpoch }
  if (session.usesTopicIds !== usesTopicIds) {
    return { kind: 'refused', errorCode: errorCode.fetchSessionTopicIdError }
  }
  updateSession(node, session, request)
  if (session.partitions.size === 0) {
    sessions.remove(session.id)
    return { kind: 'full', partitions: session.partitions, session: undefined }
  }
  session.epoch = nextEpoch(session.epoch)
  sessions.touch(session, nowMs)
  return { kind: 'incremental', partitions: session.partitions, session }
}

export function partitionKey(topicOrId: string, partition: number): string {
  return `${topicOrId}:${partition}`
}

function askedPartitions(
  node: BrokerNode,
  request: Request,
  usesTopicIds: boolean,
): Map<string, SessionPartition> {
  const partitions = new Map<string, SessionPartition>()
  for (const topic of request.topics) {
    const name = usesTopicIds ? (node.image.topicById(topic.topicId)?.name ?? '') : topic.topic
    for (const asked of topic.partitions) {
      const key = partitionKey(usesTopicIds ? topic.topicId : topic.topic, asked.partition)
      partitions.set(key, {
        topic: name,
        topicId: topic.topicId,
        partition: asked.partition,
        fetchOffset: asked.fetchOffset,
        maxBytes: asked.partitionMaxBytes,
        currentLeaderEpoch: asked.currentLeaderEpoch,
        lastFetchedEpoch: asked.lastFetchedEpoch,
        highWatermark: -1,
        lastStableOffset: -1,
        logStartOffset: -1,
      })
    }
  }
  return partitions
}

/** Adds and changes what the request lists, drops what it forgets. */
function updateSession(node: BrokerNode, session: FetchSession, request: Request): void {
  const { partitions, usesTopicIds } = session
  for (const [key, asked] of askedPartitions(node, request, usesTopicIds)) {
    const known = partitions.get(key)
    if (!known) {
      partitions.set(key, asked)
      continue
    }
    known.fetchOffset = asked.fetchOffset
    known.maxBytes = asked.maxBytes
    known.currentLeaderEpoch = asked.currentLeaderEpoch
    known.lastFetchedEpoch = asked.lastFetchedEpoch
  }
  for (const topic of request.forgottenTopicsData) {
    const topicOrId = usesTopicIds ? topic.topicId : topic.topic
    for (const partition of topic.partitions) partitions.delete(partitionKey(topicOrId, partition))
  }
}
