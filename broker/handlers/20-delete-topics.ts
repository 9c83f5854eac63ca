import type { TopicReference } from '../cluster/controller.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { Decoded, Encodable } from '../protocol/fields.ts'
import type { deleteTopicsRequest, deleteTopicsResponse } from '../protocol/schemas/20-delete-topics.ts'
import { duplicatesOf } from './duplicates.ts'
import type { Handler, HandlerContext } from './handler.ts'

type NameAndId = Decoded<typeof deleteTopicsRequest>['topics'][number]
type TopicResult = Encodable<typeof deleteTopicsResponse>['responses'][number]

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
  return { throttleTimeMs: 0, responses: deleteAll(context, topics) }
}

function deleteAll({ node }: HandlerContext, topics: readonly NameAndId[]): TopicResult[] {
  const invalid = invalidReferences(topics, (name) => node.image.topic(name)?.topicId)
  const valid = topics.filter((topic) => !invalid.has(topic))
  const deleted = node.controller.deleteTopics(valid.map(referenceOf)).map((outcome, index) => {
    const topic = valid[index]!
    if (outcome.errorCode !== errorCode.none) return failed(topic, outcome.errorCode, outcome.message)
    return { name: outcome.name, topicId: outcome.topicId, errorCode: errorCode.none, errorMessage: null }
  })
  return [...deleted, ...refused(invalid)]
}

/** What cannot be carried out whatever topics there are, and why. */
function invalidReferences(
  topics: readonly NameAndId[],
  idOf: (name: string) => string | undefined,
): Map<NameAndId, string> {
  const names = duplicatesOf(topics.flatMap(({ name }) => (name === null ? [] : [name])))
  const ids = topics.flatMap(({ name, topicId }) => (name === null && topicId !== zeroUuid ? [topicId] : []))
  const twice = duplicatesOf(ids)
  const complaints = topics.map(({ name, topicId }): string | undefined => {
    if (name === null && topicId === zeroUuid) return 'Neither topic name nor id were specified.'
    if (name !== null && topicId !== zeroUuid) return 'You may not specify both topic name and topic id.'
    if (name !== null && names.has(name)) return 'Duplicate topic name.'
    if (name === null && twice.has(topicId)) return 'Duplicate topic id.'
    if (name !== null && ids.includes(idOf(name) ?? '')) {
      return 'The provided topic name maps to an ID that was already supplied.'
    }
    return undefined
  })
  return new Map(topics.flatMap((topic, index) => (complaints[index] ? [[topic, complaints[index]]] : [])))
}

/** Each refused reference once, even if it was there twice. */
function refused(invalid: ReadonlyMap<NameAndId, string>): TopicResult[] {
  const results = new Map<string, TopicResult>()
  for (const [topic, message] of invalid) {
    results.set(`${topic.topicId} ${topic.name}`, failed(topic, errorCode.invalidRequest, message))
  }
  return [...results.values()]
}

function referenceOf({ name, topicId }: NameAndId): TopicReference {
  return name === null ? { topicId } : { name }
}

function failed({ name, topicId }: NameAndId, code: number, errorMessage: string | null): TopicResult {
  return { name, topicId, errorCode: code, errorMessage }
}
