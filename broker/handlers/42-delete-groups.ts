/* DeleteGroups v0-2: only empty groups; their offsets go with them. */

import type { deleteGroupsRequest, deleteGroupsResponse } from '../protocol/schemas/42-delete-groups.ts'
import type { Handler } from './handler.ts'

export const deleteGroups: Handler<typeof deleteGroupsRequest, typeof deleteGroupsResponse> = async (
  { coordinator },
  request,
) => {
  const groupIds = [...new Set(request.groupsNames)]
  return {
    throttleTimeMs: 0,
    results: await Promise.all(groupIds.map((groupId) => coordinator.deleteGroup(groupId))),
  }
}
