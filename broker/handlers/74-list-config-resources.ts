import type { ConfigResourceType } from '../cluster/metadata-image.ts'
import { configResourceType } from '../cluster/metadata-image.ts'
import type { BrokerNode } from '../cluster/node.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type {
  listConfigResourcesRequest,
  listConfigResourcesResponse,
} from '../protocol/schemas/74-list-config-resources.ts'
import type { Handler } from './handler.ts'

const { topic, broker, brokerLogger, clientMetrics, group } = configResourceType
const allTypes: readonly number[] = [group, clientMetrics, brokerLogger, broker, topic]

/**
 * ListConfigResources v0–1 (KIP-1142). v0 lists client metrics alone; from v1 an empty list of types asks for all.
 */
export const listConfigResources: Handler<
  typeof listConfigResourcesRequest,
  typeof listConfigResourcesResponse
> = ({ node, apiVersion }, request) => {
  const asked = apiVersion === 0 ? [clientMetrics] : request.resourceTypes
  if (asked.some((type) => !allTypes.includes(type))) {
    return { throttleTimeMs: 0, errorCode: errorCode.unsupportedVersion, configResources: [] }
  }
  const types = asked.length === 0 ? allTypes : allTypes.filter((type) => asked.includes(type))
  const configResources = types.flatMap((resourceType) =>
    resourceNames(node, resourceType).map((resourceName) => ({ resourceName, resourceType })),
  )
  return { throttleTimeMs: 0, errorCode: errorCode.none, configResources }
}

function resourceNames(node: BrokerNode, type: number): readonly string[] {
  switch (type) {
    case topic:
      return node.image.topics().map(({ name }) => name)
    case broker:
    case brokerLogger:
      return node.image.brokers().map(({ nodeId }) => String(nodeId))
    case group:
    case clientMetrics:
      return node.image.configuredResources(type satisfies ConfigResourceType)
    default:
      return []
  }
}
