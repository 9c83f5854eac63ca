import { offsetCommitRequest, offsetCommitResponse } from '../../protocol/schemas/08-offset-commit.ts'
import { offsetFetchRequest, offsetFetchResponse } from '../../protocol/schemas/09-offset-fetch.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../protocol/schemas/10-find-coordinator.ts'
import { joinGroupRequest, joinGroupResponse } from '../../protocol/schemas/11-join-group.ts'
import { heartbeatRequest, heartbeatResponse } from '../../protocol/schemas/12-heartbeat.ts'
import { leaveGroupRequest, leaveGroupResponse } from '../../protocol/schemas/13-leave-group.ts'
import { syncGroupRequest, syncGroupResponse } from '../../protocol/schemas/14-sync-group.ts'
import { describeGroupsRequest, describeGroupsResponse } from '../../protocol/schemas/15-describe-groups.ts'
import { listGroupsRequest, listGroupsResponse } from '../../protocol/schemas/16-list-groups.ts'
import { deleteGroupsRequest, deleteGroupsResponse } from '../../protocol/schemas/42-delete-groups.ts'
import { offsetDeleteRequest, offsetDeleteResponse } from '../../protocol/schemas/47-offset-delete.ts'
import {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
} from '../../protocol/schemas/68-consumer-group-heartbeat.ts'
import {
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse,
} from '../../protocol/schemas/69-consumer-group-describe.ts'
import { offsetCommit } from '../08-offset-commit.ts'
import { offsetFetch } from '../09-offset-fetch.ts'
import { findCoordinator } from '../10-find-coordinator.ts'
import { joinGroup } from '../11-join-group.ts'
import { heartbeat } from '../12-heartbeat.ts'
import { leaveGroup } from '../13-leave-group.ts'
import { syncGroup } from '../14-sync-group.ts'
import { describeGroups } from '../15-describe-groups.ts'
import { listGroups } from '../16-list-groups.ts'
import { deleteGroups } from '../42-delete-groups.ts'
import { offsetDelete } from '../47-offset-delete.ts'
import { consumerGroupHeartbeat } from '../68-consumer-group-heartbeat.ts'
import { consumerGroupDescribe } from '../69-consumer-group-describe.ts'
import { type ApiHandler, apiHandler } from '../api.ts'

/** Groups of both protocols and their offsets. */
export const groups: readonly ApiHandler[] = [
  apiHandler(offsetCommitRequest, offsetCommitResponse, offsetCommit),
  apiHandler(offsetFetchRequest, offsetFetchResponse, offsetFetch),
  apiHandler(findCoordinatorRequest, findCoordinatorResponse, findCoordinator),
  apiHandler(joinGroupRequest, joinGroupResponse, joinGroup),
  apiHandler(heartbeatRequest, heartbeatResponse, heartbeat),
  apiHandler(leaveGroupRequest, leaveGroupResponse, leaveGroup),
  apiHandler(syncGroupRequest, syncGroupResponse, syncGroup),
  apiHandler(describeGroupsRequest, describeGroupsResponse, describeGroups),
  apiHandler(listGroupsRequest, listGroupsResponse, listGroups),
  apiHandler(deleteGroupsRequest, deleteGroupsResponse, deleteGroups),
  apiHandler(offsetDeleteRequest, offsetDeleteResponse, offsetDelete),
  apiHandler(consumerGroupHeartbeatRequest, consumerGroupHeartbeatResponse, consumerGroupHeartbeat),
  apiHandler(consumerGroupDescribeRequest, consumerGroupDescribeResponse, consumerGroupDescribe),
]
