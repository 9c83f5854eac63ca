import type { ChargePartitions, CreatedTopic, NewTopic } from '../cluster/controller.ts'
import { describeTopicConfigs } from '../core/config/describe.ts'
import { ConfigError } from '../core/config/parse.ts'
import type { Overrides } from '../core/config/resolve.ts'
import { validateTopicOverrides } from '../core/config/validate.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { Decoded, Encodable } from '../protocol/fields.ts'
import type { createTopicsRequest, createTopicsResponse } from '../protocol/schemas/19-create-topics.ts'
import { configSourceCode } from './config-entries.ts'
import { duplicatesOf } from './duplicates.ts'
import type { Handler, HandlerContext } from './handler.ts'
import { timedOutMessage } from './timed-out.ts'

type TopicRequest = Decoded<typeof createTopicsRequest>['topics'][number]
type TopicResult = Encodable<typeof createTopicsResponse>['topics'][number]

/** Kafka's bound on one batch of metadata records. */
const maxPartitionsPerRequest = 10_000
/** From it on a client understands THROTTLING_QUOTA_EXCEEDED. */
const firstThrottledVersion = 6
const metadataTopic = '__cluster_metadata'

/**
 * CreateTopics v2–7. Answers in the order of the request, then the names that were there twice, as Kafka does.
 * The number of partitions is bounded per request (KIP-599's sibling in KRaft: one batch of records).
 */
export const createTopics: Handler<typeof createTopicsRequest, typeof createTopicsResponse> = (
  context,
  request,
) => {
  if (request.timeoutMs <= 0) {
    const topics = request.topics.map(({ name }) => failed(name, errorCode.requestTimedOut, timedOutMessage))
    return { throttleTimeMs: 0, topics }
  }
  const twice = duplicatesOf(request.topics.map(({ name }) => name))
  const refused = new Map([...twice].map((name) => [name, 'Duplicate topic name.']))
  if (request.topics.some(({ name }) => name === metadataTopic)) {
    refused.set(metadataTopic, `Creation of internal topic ${metadataTopic} is prohibited.`)
  }
  const topics = request.topics.filter(({ name }) => !refused.has(name))
  const quota = context.mutationQuota(context.apiVersion >= firstThrottledVersion)
  const charge = (count: number) => quota.take(count)
  const results = createAll(context, topics, { validateOnly: request.validateOnly, charge })
  return {
    throttleTimeMs: quota.throttleMs,
    topics: [
      ...results,
      ...[...refused].map(([name, message]) => failed(name, errorCode.invalidRequest, message)),
    ],
  }
}

function createAll(
  { node }: HandlerContext,
  topics: readonly TopicRequest[],
  options: { readonly validateOnly: boolean; readonly charge: ChargePartitions },
): TopicResult[] {
  const partitions = topics.reduce((sum, { numPartitions }) => sum + Math.max(0, numPartitions), 0)
  if (partitions > maxPartitionsPerRequest) {
    const message = `Excessively large number of partitions per request: ${partitions}, where ${maxPartitionsPerRequest} are allowed.`
    return topics.map(({ name }) => failed(name, errorCode.policyViolation, message))
  }
  // One by one, so that 'a.b' and 'a_b' in one request collide like in two.
  return topics.map((topic) => {
    const overrides = new Map(topic.configs.map(({ name, value }) => [name, value]))
    try {
      validateTopicOverrides(overrides, node.configSources)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      // A bad or taken name goes before a bad config, as in Kafka.
      const [outcome] = node.controller.createTopics([newTopic(topic, new Map())], { validateOnly: true })
      return isNameError(outcome!)
        ? failed(topic.name, outcome!.errorCode, outcome!.message)
        : failed(topic.name, errorCode.invalidConfig, error.message)
    }
    const [outcome] = node.controller.createTopics([newTopic(topic, overrides)], options)
    if (outcome!.errorCode !== errorCode.none) return failed(topic.name, outcome!.errorCode, outcome!.message)
    return created(outcome!, describeTopicConfigs(overrides, node.configSources), overrides)
  })
}

function newTopic(topic: TopicRequest, configs: Overrides): NewTopic {
  const assignments = topic.assignments.map(({ partitionIndex, brokerIds }) => ({
    partition: partitionIndex,
    brokerIds,
  }))
  return {
    name: topic.name,
    numPartitions: topic.numPartitions,
    replicationFactor: topic.replicationFactor,
    configs,
    ...(assignments.length > 0 ? { assignments } : {}),
  }
}

function isNameError({ errorCode: code }: CreatedTopic): boolean {
  return code === errorCode.invalidTopicException || code === errorCode.topicAlreadyExists
}

/** Kafka echoes an override as it was written (`" 77 "`); DescribeConfigs shows it parsed. */
function created(
  topic: CreatedTopic,
  configs: ReturnType<typeof describeTopicConfigs>,
  overrides: Overrides,
): TopicResult {
  return {
    name: topic.name,
    topicId: topic.topicId,
    errorCode: errorCode.none,
    errorMessage: null,
    numPartitions: topic.numPartitions,
    replicationFactor: topic.replicationFactor,
    configs: configs.map(({ name, value, readOnly, source, sensitive }) => ({
      name,
      value: overrides.get(name) ?? value,
      readOnly,
      configSource: configSourceCode[source],
      isSensitive: sensitive,
    })),
  }
}

function failed(name: string, code: number, errorMessage: string | null): TopicResult {
  return { name, errorCode: code, errorMessage, numPartitions: -1, replicationFactor: -1, configs: [] }
}
