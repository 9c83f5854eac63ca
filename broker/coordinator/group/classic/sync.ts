import { ownBytes } from '../../../core/own-bytes.ts'
import { errorCode } from '../../../protocol/error-codes.ts'
import type { Decoded } from '../../../protocol/fields.ts'
import type { syncGroupRequest } from '../../../protocol/schemas/14-sync-group.ts'
import type { ReplyTo, Turn } from '../../turn.ts'
import { consumerProtocolType, parseAssignment } from '../consumer-protocol.ts'
import {
  answerSync,
  type ClassicGroup,
  type ClassicMember,
  membershipError,
  noBytes,
  type SyncResponse,
  syncError,
  transition,
} from './classic-group.ts'
import { persistGroup, scheduleHeartbeat, syncReceived } from './rebalance.ts'

export type SyncRequest = Decoded<typeof syncGroupRequest>

/** SyncGroup against a classic group: the leader brings the assignment, the others wait for it. */
export function sync(turn: Turn, group: ClassicGroup, request: SyncRequest, to: ReplyTo<SyncResponse>) {
  const failure = syncFailure(group, request)
  if (failure) return turn.reply(to, syncError(failure))
  const member = group.members.get(request.memberId)!
  switch (group.state) {
    case 'PreparingRebalance':
      return turn.reply(to, syncError('rebalanceInProgress'))
    case 'CompletingRebalance':
      // Only the newest of a member's requests is kept, as with joins.
      answerSync(turn, member, syncError('rebalanceInProgress'))
      member.awaitingSync = to
      syncReceived(turn, group, member.memberId)
      if (group.leaderId === member.memberId) completeRebalance(turn, group, request)
      return
    case 'Stable':
      syncReceived(turn, group, member.memberId)
      return turn.reply(to, syncResponse(group, member))
    case 'Empty':
    case 'Dead':
      return turn.reply(to, syncError('unknownMemberId'))
  }
}

function syncFailure(group: ClassicGroup, request: SyncRequest): keyof typeof errorCode | undefined {
  if (group.state === 'Dead') return 'coordinatorNotAvailable'
  const failure = membershipError(group, request.memberId, request.groupInstanceId)
  if (failure) return failure
  if (request.generationId !== group.generationId) return 'illegalGeneration'
  const inconsistent =
    differs(request.protocolType, group.protocolType) || differs(request.protocolName, group.protocolName)
  return inconsistent ? 'inconsistentGroupProtocol' : undefined
}

function differs(requested: string | null, known: string | null): boolean {
  return requested !== null && known !== null && requested !== known
}

function completeRebalance(turn: Turn, group: ClassicGroup, request: SyncRequest) {
  const assignments = new Map(request.assignments.map(({ memberId, assignment }) => [memberId, assignment]))
  for (const member of group.members.values()) {
    const assignment = assignments.get(member.memberId)
    member.assignment = assignment ? ownBytes(assignment) : noBytes
  }
  transition(turn, group, 'Stable')
  persistGroup(turn, group)
  for (const member of group.members.values()) {
    if (answerSync(turn, member, syncResponse(group, member))) scheduleHeartbeat(turn, group, member)
  }
  emitAssignments(turn, group)
}

function emitAssignments(turn: Turn, group: ClassicGroup) {
  const { groupId, generationId: generation } = group
  const durationMs = turn.nowMs - group.rebalanceStartedAtMs
  const memberCount = group.members.size
  turn.emit({ kind: 'rebalanceCompleted', groupId, generation, durationMs, memberCount })
  if (group.protocolType !== consumerProtocolType) return
  for (const { memberId, assignment } of group.members.values()) {
    const assigned = parseAssignment(assignment)
    turn.emit({ kind: 'assigned', groupId, memberId, epoch: generation, assigned, pendingRevocation: [] })
  }
}

function syncResponse(group: ClassicGroup, member: ClassicMember): SyncResponse {
  return {
    throttleTimeMs: 0,
    errorCode: errorCode.none,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    assignment: member.assignment,
  }
}
