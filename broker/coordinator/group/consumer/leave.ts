import { errorCode } from '../../../protocol/error-codes.ts'
import type { Turn } from '../../turn.ts'
import { type ConsumerGroup, type ConsumerMember, memberEpoch } from './consumer-group.ts'
import {
  type ConsumerHeartbeat,
  type ConsumerHeartbeatResponse,
  heartbeatFailure,
  staticFailure,
} from './heartbeat.ts'
import { fenceMembers, leaveTemporarily } from './membership.ts'

/** ConsumerGroupHeartbeat with epoch -1 (leaves) or -2 (a static member leaves for a while). */
export function leaveConsumerGroup(
  turn: Turn,
  group: ConsumerGroup,
  request: ConsumerHeartbeat,
): ConsumerHeartbeatResponse {
  const { memberId, instanceId, memberEpoch: epoch } = request
  const knownId = instanceId === null ? memberId : group.staticMembers.get(instanceId)
  const member: ConsumerMember | undefined = knownId === undefined ? undefined : group.members.get(knownId)
  if (instanceId !== null) {
    const failure = staticFailure(member, memberId, instanceId)
    if (failure) return heartbeatFailure(failure)
  }
  if (!member) {
    const message = `Member ${memberId} is not a member of group ${group.groupId}.`
    return heartbeatFailure({ error: 'unknownMemberId', message })
  }
  if (epoch === memberEpoch.leaveStatic) leaveTemporarily(turn, group, member)
  else fenceMembers(turn, group, [member], 'left', 'left with member epoch -1')
  return {
    throttleTimeMs: 0,
    errorCode: errorCode.none,
    memberId,
    memberEpoch: epoch,
    heartbeatIntervalMs: 0,
  }
}
