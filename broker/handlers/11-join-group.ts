/* JoinGroup v0-9. Below v7 protocolName cannot be null: it is empty there, as Kafka sends it. */

import type { joinGroupRequest, joinGroupResponse } from '../protocol/schemas/11-join-group.ts'
import type { Handler } from './handler.ts'
import { requestContext } from './request-context.ts'

const firstVersionWithNullProtocolName = 7

export const joinGroup: Handler<typeof joinGroupRequest, typeof joinGroupResponse> = async (
  context,
  request,
) => {
  const response = await context.coordinator.joinGroup(request, requestContext(context))
  if (context.apiVersion >= firstVersionWithNullProtocolName) return response
  return { ...response, protocolName: response.protocolName ?? '' }
}
