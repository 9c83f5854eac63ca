/* ListGroups v0-5: classic and consumer groups. */

import type { listGroupsRequest, listGroupsResponse } from '../protocol/schemas/16-list-groups.ts'
import type { Handler } from './handler.ts'

export const listGroups: Handler<typeof listGroupsRequest, typeof listGroupsResponse> = (context, request) =>
  context.coordinator.listGroups({ states: request.statesFilter, types: request.typesFilter })
