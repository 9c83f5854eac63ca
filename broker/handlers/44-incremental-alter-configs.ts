import type {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../protocol/schemas/44-incremental-alter-configs.ts'
import { alterConfigs } from './config-changes.ts'
import type { Handler } from './handler.ts'

/** IncrementalAlterConfigs v0–1 (KIP-339): SET, DELETE, APPEND and SUBTRACT, one resource at a time or not at all. */
export const handler: Handler<
  typeof incrementalAlterConfigsRequest,
  typeof incrementalAlterConfigsResponse
> = ({ node }, request) => {
  const { resources, validateOnly } = request
  return { throttleTimeMs: 0, responses: alterConfigs(node, resources, { validateOnly, replace: false }) }
}
