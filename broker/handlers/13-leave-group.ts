/* LeaveGroup v0-5. Up to v2 one member leaves, and its error is the answer's. */

import type { leaveGroupRequest, leaveGroupResponse } from '../protocol/schemas/13-leave-group.ts'
import type { Handler } from './handler.ts'

const firstVersionWithMembers = 3

export const leaveGroup: Handler<typeof leaveGroupRequest, typeof leaveGroupResponse> = async (
  context,
  request,
) => {
  if (context.apiVersion >= firstVersionWithMembers) {
    return context.coordinator.leaveGroup(request.groupId, request.members)
  }
  const member = { memberId: request.memberId, groupInstanceId: null, reason: null }
  const response = await context.coordinator.leaveGroup(request.groupId, [member])
  return { throttleTimeMs: 0, errorCode: response.errorCode || (response.members?.[0]?.errorCode ?? 0) }
}
