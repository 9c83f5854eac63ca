/* DescribeGroups v0-6: classic groups. A group that is not there is Dead up to v5, GROUP_ID_NOT_FOUND from v6. */

import type { describeGroupsRequest, describeGroupsResponse } from '../protocol/schemas/15-describe-groups.ts'
import { groupOperations, notAsked } from './authorized-operations.ts'
import type { Handler } from './handler.ts'

export const describeGroups: Handler<typeof describeGroupsRequest, typeof describeGroupsResponse> = async (
  { coordinator, apiVersion },
  request,
) => {
  const authorizedOperations = request.includeAuthorizedOperations ? groupOperations : notAsked
  const groups = await Promise.all(
    request.groups.map((groupId) => coordinator.describeGroup(groupId, apiVersion)),
  )
  // Kafka fills the operations in only where the group was found.
  const withOperations = groups.map((group) => (group.errorCode ? group : { ...group, authorizedOperations }))
  return { throttleTimeMs: 0, groups: withOperations }
}
