import type { ChargePartitions, TopicReference } from '../cluster/controller.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { Decoded, Encodable } from '../protocol/fields.ts'
import type { deleteTopicsRequest, deleteTopicsResponse } from '../protocol/schemas/20-delete-topics.ts'
import { duplicatesOf } from './duplicates.ts'
import type { Handler, HandlerContext } from './handler.ts'
import { timedOutMessage } from './timed-out.ts'

type NameAndId = Decoded<typeof deleteTopicsRequest>['topics'][number]
type TopicResult = Encodable<typeof deleteTopicsResponse>['responses'][number]

/** From it on a client understands THROTTLING_QUOTA_EXCEEDED. */
const firstThrottledVersion = 5
const zeroUuid = 'AAAAAAAAAAAAAAAAAAAAAA'

/** DeleteTopics v1–6: by name, from v6 by name or by topic id (KIP-516). */
export const deleteTopics: Handler<typeof deleteTopicsRequest, typeof deleteTopicsResponse> = (
  context,
  request,
) => {
  const topics =
    context.apiVersion >= 6 ? request.topics : request.topicNames.map((name) => ({ name, topicId: zeroUuid }))
  if (!context.node.config['delete.topic.enable']) {
    const code = context.apiVersion < 3 ? errorCode.invalidRequest : errorCode.topicDeletionDisabled
    return {
      throttleTimeMs: 0,
      responses: topics.map((topic) => failed(topic, code, 'Topic deletion is disabled.')),
    }
  }
  if (request.timeoutMs <= 0) {
    const responses = topics.map((topic) => failed(topic, errorCode.requestTimedOut, timedOutMessage))
    return { throttleTimeMs: 0, responses }
  }
  const quota = context.mutationQuota(context.apiVersion >= firstThrottledVersion)
  const responses = deleteAll(context, topics, (count) => quota.take(count))
  return { throttleTimeMs: quota.throttleMs, responses }
}

function deleteAll(
  { node }: HandlerContext,
  topics: readonly NameAndId[],
  charge: ChargePartitions,
): TopicResult[] {
  const invalid = invalidReferences(topics, (name) => node.image.topic(name)?.topicId)
  const valid = topics.filter((topic) => !invalid.has(topic))
  const deleted = node.controller.deleteTopics(valid.map(referenceOf), { charge }).map((outcome, index) => {
    const topic = valid[index]!
    if (outcome.errorCode !== errorCode.none) return failed(topic, outcome.errorCode, outcome.message)
    return { name: outcome.name, topicId: outcome.topicId, errorCode: errorCode.none, errorMessage: null }
  })
  return [...deleted, ...refused(invalid)]
}

/** What cannot be carried out whatever topics there are: the answer, or undefined where another one tells it. */
function invalidReferences(
  topics: readonly NameAndId[],
  idOf: (name: string) => string | undefined,
): Map<NameAndId, TopicResult | undefined> {
  const names = topics.flatMap(({ name, topicId }) => (name !== null && topicId === zeroUuid ? [name] : []))
  const ids = topics.flatMap(({ name, topicId }) => (name === null && topicId !== zeroUuid ? [topicId] : []))
  const nameTwice = duplicatesOf(names)
  const idTwice = duplicatesOf(ids)
  const idsOfNames = new Set(names.map(idOf))
  const invalid = new Map<NameAndId, TopicResult | undefined>()
  for (const topic of topics) {
    const { name, topicId } = topic
    const refuse = (message: string) => invalid.set(topic, failed(topic, errorCode.invalidRequest, message))
    if (name === null && topicId === zeroUuid) refuse('Neither topic name nor id were specified.')
    else if (name !== null && topicId !== zeroUuid)
      refuse('You may not specify both topic name and topic id.')
    else if (name === null && idTwice.has(topicId)) refuse('Duplicate topic id.')
    else if (name === null) {
      if (idsOfNames.has(topicId)) invalid.set(topic, undefined)
    } else if (nameTwice.has(name)) refuse('Duplicate topic name.')
    else if (ids.includes(idOf(name) ?? '')) {
      const message = 'The provided topic name maps to an ID that was already supplied.'
      invalid.set(topic, failed({ name, topicId: idOf(name)! }, errorCode.invalidRequest, message))
    }
  }
  return invalid
}

/** Each refused reference once, even if it was there twice. */
function refused(invalid: ReadonlyMap<NameAndId, TopicResult | undefined>): TopicResult[] {
  const results = new Map<string, TopicResult>()
  for (const result of invalid.values()) if (result) results.set(`${result.topicId} ${result.name}`, result)
  return [...results.values()]
}

function referenceOf({ name, topicId }: NameAndId): TopicReference {
  return name === null ? { topicId } : { name }
}

function failed({ name, topicId }: NameAndId, code: number, errorMessage: string | null): TopicResult {
  return { name, topicId, errorCode: code, errorMessage }
}
