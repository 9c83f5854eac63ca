import { configResourceType } from '../cluster/metadata-image.ts'
import type { BrokerNode } from '../cluster/node.ts'
import { topicNameFault } from '../cluster/topic-name.ts'
import type { ConfigEntry } from '../core/config/describe.ts'
import {
  describeBrokerConfigs,
  describeClientMetricsConfigs,
  describeDefaultBrokerConfigs,
  describeGroupConfigs,
  describeTopicConfigs,
} from '../core/config/describe.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { Decoded, Encodable } from '../protocol/fields.ts'
import type {
  describeConfigsRequest,
  describeConfigsResponse,
} from '../protocol/schemas/32-describe-configs.ts'
import { encodeConfigEntry } from './config-entries.ts'
import type { Handler } from './handler.ts'

type Request = Decoded<typeof describeConfigsRequest>
type Result = Encodable<typeof describeConfigsResponse>['results'][number]
type Described = readonly ConfigEntry[] | { readonly errorCode: number; readonly message: string }

/**
 * DescribeConfigs v1–4, for topics, brokers (one, or '' for what is set for all), groups, client metrics, and, with
 * nothing in them, broker loggers: this broker has none of Kafka's.
 */
export const describeConfigs: Handler<typeof describeConfigsRequest, typeof describeConfigsResponse> = (
  { node },
  request,
) => ({ throttleTimeMs: 0, results: request.resources.map((resource) => resultOf(node, request, resource)) })

function resultOf(node: BrokerNode, request: Request, resource: Request['resources'][number]): Result {
  const { resourceType, resourceName, configurationKeys } = resource
  const described = describeResource(node, resourceType, resourceName)
  if ('errorCode' in described) {
    const { errorCode: code, message } = described
    return { errorCode: code, errorMessage: message, resourceType, resourceName, configs: [] }
  }
  const keys = configurationKeys?.length ? new Set(configurationKeys) : undefined
  const include = { synonyms: request.includeSynonyms, documentation: request.includeDocumentation }
  return {
    errorCode: errorCode.none,
    errorMessage: '',
    resourceType,
    resourceName,
    configs: described
      .filter(({ name }) => !keys || keys.has(name))
      .map((entry) => encodeConfigEntry(entry, include)),
  }
}

function describeResource(node: BrokerNode, type: number, name: string): Described {
  switch (type) {
    case configResourceType.topic:
      return describeTopic(node, name)
    case configResourceType.broker:
      return describeBroker(node, name)
    case configResourceType.brokerLogger:
      return brokerIdFault(node, name, '') ?? (name === '' ? refused('Broker id must not be empty') : [])
    case configResourceType.clientMetrics:
      if (name === '') return refused('Client metrics subscription name must not be empty')
      return describeClientMetricsConfigs(
        node.image.configs(configResourceType.clientMetrics, name),
        node.configSources,
      )
    case configResourceType.group:
      if (name === '') return refused('Group name must not be empty')
      return describeGroupConfigs(node.image.configs(configResourceType.group, name), node.configSources)
    default:
      return refused(`Unknown resource type ${type}`)
  }
}

function describeTopic(node: BrokerNode, name: string): Described {
  const fault = topicNameFault(name)
  if (fault) return { errorCode: errorCode.invalidTopicException, message: fault }
  if (!node.image.topic(name)) return { errorCode: errorCode.unknownTopicOrPartition, message: '' }
  return describeTopicConfigs(node.image.configs(configResourceType.topic, name), node.configSources)
}

function describeBroker(node: BrokerNode, name: string): Described {
  if (name === '') return describeDefaultBrokerConfigs(node.configSources)
  return brokerIdFault(node, name, ' or empty string,') ?? describeBrokerConfigs(node.configSources)
}

/** A broker answers for itself alone; a client sends the request to the broker that it asks about. */
function brokerIdFault(node: BrokerNode, name: string, orElse: string): Described | undefined {
  if (name === '' || name === String(node.nodeId)) return undefined
  if (!/^[+-]?\d+$/.test(name)) return refused(`Broker id must be an integer, but it is: ${name}`)
  return refused(`Unexpected broker id, expected ${node.nodeId}${orElse} but received ${name}`)
}

function refused(message: string): Described {
  return { errorCode: errorCode.invalidRequest, message }
}
