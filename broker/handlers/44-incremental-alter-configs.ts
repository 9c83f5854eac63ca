import type {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../protocol/schemas/44-incremental-alter-configs.ts'
import { alterResources } from './config-changes.ts'
import type { Handler } from './handler.ts'

/** IncrementalAlterConfigs v0–1 (KIP-339): SET, DELETE, APPEND and SUBTRACT, one resource at a time or not at all. */
export const incrementalAlterConfigs: Handler<
  typeof incrementalAlterConfigsRequest,
  typeof incrementalAlterConfigsResponse
> = ({ node }, request) => {
  const { resources, validateOnly } = request
  return { throttleTimeMs: 0, responses: alterResources(node, resources, { validateOnly, replace: false }) }
}
