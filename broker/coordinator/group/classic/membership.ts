import { errorCode } from '../../../protocol/error-codes.ts'
import type { Decoded, Encodable } from '../../../protocol/fields.ts'
import type { heartbeatRequest } from '../../../protocol/schemas/12-heartbeat.ts'
import type { leaveGroupRequest, leaveGroupResponse } from '../../../protocol/schemas/13-leave-group.ts'
import type { Turn } from '../../turn.ts'
import { type ClassicGroup, membershipError } from './classic-group.ts'
import { dismissMember, rebalanceAfterLoss, removePendingMember, scheduleHeartbeat } from './rebalance.ts'

export type HeartbeatRequest = Decoded<typeof heartbeatRequest>
export type LeaveRequest = Decoded<typeof leaveGroupRequest>
export type LeaveResponse = Encodable<typeof leaveGroupResponse>
type LeavingMember = LeaveRequest['members'][number]

/** Heartbeat against a classic group; answers the error name. */
export function heartbeat(
  turn: Turn,
  group: ClassicGroup,
  request: HeartbeatRequest,
): keyof typeof errorCode {
  if (group.state === 'Dead') return 'coordinatorNotAvailable'
  const failure = membershipError(group, request.memberId, request.groupInstanceId)
  if (failure) return failure
  if (request.generationId !== group.generationId) return 'illegalGeneration'
  if (group.state === 'Empty') return 'unknownMemberId'
  scheduleHeartbeat(turn, group, group.members.get(request.memberId)!)
  // Clients start to beat as soon as their join is answered, so it is no error while assignments are awaited.
  return group.state === 'PreparingRebalance' ? 'rebalanceInProgress' : 'none'
}

/** LeaveGroup of one or several members; each gets its own error (KIP-345). */
export function leave(turn: Turn, group: ClassicGroup, members: readonly LeavingMember[]): LeaveResponse {
  if (group.state === 'Dead') {
    return { throttleTimeMs: 0, errorCode: errorCode.coordinatorNotAvailable, members: [] }
  }
  const left: string[] = []
  const results = members.map((leaving) => {
    const failure = leaveOne(turn, group, leaving)
    if (failure === 'none') left.push(leaving.memberId || leaving.groupInstanceId || '')
    const { memberId, groupInstanceId } = leaving
    return { memberId, groupInstanceId, errorCode: errorCode[failure] }
  })
  if (left.length > 0) rebalanceAfterLoss(turn, group, `explicit LeaveGroup request for ${left.join(', ')}`)
  return { throttleTimeMs: 0, errorCode: errorCode.none, members: results }
}

function leaveOne(turn: Turn, group: ClassicGroup, leaving: LeavingMember): keyof typeof errorCode {
  const { memberId, groupInstanceId, reason } = leaving
  const detail = reason || 'explicit LeaveGroup request'
  if (memberId === '') {
    // Administrators remove a static member by its instance id alone.
    const known = groupInstanceId === null ? undefined : group.staticMembers.get(groupInstanceId)
    const member = known === undefined ? undefined : group.members.get(known)
    if (!member) return 'unknownMemberId'
    dismissMember(turn, group, member, 'left', detail)
    return 'none'
  }
  if (group.pendingJoin.has(memberId)) {
    removePendingMember(turn, group, memberId, 'left')
    return 'none'
  }
  const failure = membershipError(group, memberId, groupInstanceId)
  if (failure) return failure
  dismissMember(turn, group, group.members.get(memberId)!, 'left', detail)
  return 'none'
}
