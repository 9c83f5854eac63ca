import type { alterConfigsRequest, alterConfigsResponse } from '../protocol/schemas/33-alter-configs.ts'
import { alterResources, configOperation } from './config-changes.ts'
import type { Handler } from './handler.ts'

/**
 * AlterConfigs v0–2: the configs named replace all that were set. Deprecated in favour of 44 (KIP-339), but
 * older tools still send it. Broker loggers are not altered this way, as in Kafka.
 */
export const alterConfigs: Handler<typeof alterConfigsRequest, typeof alterConfigsResponse> = (
  { node },
  request,
) => {
  const resources = request.resources.map(({ resourceType, resourceName, configs }) => ({
    resourceType,
    resourceName,
    configs: configs.map(({ name, value }) => ({ name, value, configOperation: configOperation.set })),
  }))
  const responses = alterResources(node, resources, {
    validateOnly: request.validateOnly,
    replace: true,
  })
  return { throttleTimeMs: 0, responses }
}
