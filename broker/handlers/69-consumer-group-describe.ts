/* ConsumerGroupDescribe v0-1. Classic groups are GROUP_ID_NOT_FOUND here. */

import { errorCode } from '../protocol/error-codes.ts'
import type {
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse,
} from '../protocol/schemas/69-consumer-group-describe.ts'
import { groupOperations, notAsked } from './authorized-operations.ts'
import { isConsumerProtocolEnabled } from './consumer-protocol.ts'
import type { Handler } from './handler.ts'

const disabled = {
  errorCode: errorCode.unsupportedVersion,
  groupState: '',
  groupEpoch: 0,
  assignmentEpoch: 0,
  assignorName: '',
  members: [],
}

export const consumerGroupDescribe: Handler<
  typeof consumerGroupDescribeRequest,
  typeof consumerGroupDescribeResponse
> = async ({ node, coordinator }, request) => {
  if (!isConsumerProtocolEnabled(node)) {
    const groups = request.groupIds.map((groupId) => ({ ...disabled, groupId }))
    return { throttleTimeMs: 0, groups }
  }
  const authorizedOperations = request.includeAuthorizedOperations ? groupOperations : notAsked
  const groups = await Promise.all(
    request.groupIds.map((groupId) => coordinator.describeConsumerGroup(groupId)),
  )
  // Kafka fills the operations in only where the group was found.
  const withOperations = groups.map((group) => (group.errorCode ? group : { ...group, authorizedOperations }))
  return { throttleTimeMs: 0, groups: withOperations }
}
