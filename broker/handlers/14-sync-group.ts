/* SyncGroup v0-5. From v5 on clients must say which protocol they mean (KIP-559). */

import { noBytes } from '../coordinator/group/classic/classic-group.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { syncGroupRequest, syncGroupResponse } from '../protocol/schemas/14-sync-group.ts'
import type { Handler } from './handler.ts'

const firstVersionWithProtocol = 5

export const syncGroup: Handler<typeof syncGroupRequest, typeof syncGroupResponse> = (context, request) => {
  const isComplete = request.protocolType !== null && request.protocolName !== null
  if (context.apiVersion >= firstVersionWithProtocol && !isComplete) {
    return { throttleTimeMs: 0, errorCode: errorCode.inconsistentGroupProtocol, assignment: noBytes }
  }
  return context.coordinator.syncGroup(request)
}
