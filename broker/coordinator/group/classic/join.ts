import { ownBytes } from '../../../core/own-bytes.ts'
import type { RequestContext } from '../../request-context.ts'
import type { ReplyTo, Turn } from '../../turn.ts'
import {
  addMember,
  answerJoin,
  answerSync,
  awaitJoin,
  type ClassicGroup,
  type ClassicMember,
  type JoinRequest,
  type JoinResponse,
  joinError,
  membershipError,
  noBytes,
  removeMember,
  sameProtocols,
  selectProtocol,
  setProtocols,
  supportsProtocols,
  syncError,
} from './classic-group.ts'
import {
  heartbeatKey,
  joinResponse,
  maybeCompleteJoin,
  newMemberJoinTimeoutMs,
  persistGroup,
  prepareRebalance,
  rebalanceOrCompleteJoin,
  scheduleHeartbeat,
} from './rebalance.ts'

/** One JoinGroup on its way through the state machine. */
export type Join = {
  readonly request: JoinRequest
  readonly context: RequestContext
  readonly to: ReplyTo<JoinResponse>
}

/** From this version on a dynamic member must first ask for its id (KIP-394), so that retries leave no ghosts. */
const firstVersionWithRequiredMemberId = 4
/** From this version on a returning static leader can be told to skip the assignment (KIP-814). */
const firstVersionWithSkipAssignment = 9

const joinReason = (request: JoinRequest) => request.reason || 'not provided'

/** JoinGroup against a classic group (KIP-62, 134, 345, 394, 814). */
export function join(turn: Turn, group: ClassicGroup, input: Join) {
  const { request, to } = input
  const { memberId } = request
  const isUnknown = memberId === ''
  if (!acceptsMember(turn, group, memberId)) {
    removeMember(group, memberId)
    turn.cancel(heartbeatKey(group.groupId, memberId))
    turn.reply(to, joinError('groupMaxSizeReached', ''))
  } else if (group.state === 'Dead') {
    turn.reply(to, joinError('coordinatorNotAvailable', memberId))
  } else if (!supportsProtocols(group, request.protocolType, request.protocols)) {
    turn.reply(to, joinError('inconsistentGroupProtocol', memberId))
  } else if (isUnknown) joinNewMember(turn, group, input)
  else joinKnownMember(turn, group, input)
}

function acceptsMember(turn: Turn, group: ClassicGroup, memberId: string): boolean {
  const maxSize = turn.config['group.max.size']
  const member = group.members.get(memberId)
  switch (group.state) {
    case 'Empty':
    case 'Dead':
      return true
    case 'PreparingRebalance':
      // Whoever comes first is in: a group that was grown beyond the limit shrinks at its next rebalance.
      return Boolean(member?.awaitingJoin) || group.awaitingJoinCount < maxSize
    case 'CompletingRebalance':
    case 'Stable':
      return member !== undefined || group.members.size < maxSize
  }
}

function joinNewMember(turn: Turn, group: ClassicGroup, input: Join) {
  const { request, context, to } = input
  const memberId = `${request.groupInstanceId ?? context.clientId}-${turn.newUuid()}`
  if (request.groupInstanceId !== null) {
    const known = group.staticMembers.get(request.groupInstanceId)
    if (known === undefined) addJoiningMember(turn, group, memberId, input)
    else replaceStaticMember(turn, group, known, memberId, input)
  } else if (context.apiVersion >= firstVersionWithRequiredMemberId) {
    group.pendingJoin.add(memberId)
    schedulePendingExpiry(turn, group, memberId, request.sessionTimeoutMs)
    turn.reply(to, joinError('memberIdRequired', memberId))
  } else addJoiningMember(turn, group, memberId, input)
}

function schedulePendingExpiry(turn: Turn, group: ClassicGroup, memberId: string, sessionTimeoutMs: number) {
  turn.schedule(heartbeatKey(group.groupId, memberId), sessionTimeoutMs, (expiry) => {
    if (!group.pendingJoin.delete(memberId)) return
    if (group.state === 'PreparingRebalance') maybeCompleteJoin(expiry, group)
  })
}

function joinKnownMember(turn: Turn, group: ClassicGroup, input: Join) {
  const { request, to } = input
  const { memberId } = request
  if (group.pendingJoin.has(memberId) && request.groupInstanceId === null) {
    return addJoiningMember(turn, group, memberId, input)
  }
  const failure = membershipError(group, memberId, request.groupInstanceId)
  const member = group.members.get(memberId)
  if (failure || !member) return turn.reply(to, joinError(failure ?? 'unknownMemberId', memberId))
  const reason = `member ${memberId} joining group during ${group.state}; client reason: ${joinReason(request)}`
  switch (group.state) {
    case 'PreparingRebalance':
      return updateMember(turn, group, member, input, reason)
    case 'CompletingRebalance': {
      // The same metadata again: the answer to its first join was lost. It gets that answer once more.
      if (!sameProtocols(member.protocols, request.protocols))
        return updateMember(turn, group, member, input, reason)
      return turn.reply(to, joinResponse(group, memberId, group.leaderId === memberId))
    }
    case 'Stable': {
      const isLeader = group.leaderId === memberId
      // A leader rejoins because it saw topics change, which only a new assignment takes into account.
      if (isLeader) return updateMember(turn, group, member, input, `leader ${reason}`)
      if (!sameProtocols(member.protocols, request.protocols))
        return updateMember(turn, group, member, input, reason)
      return turn.reply(to, joinResponse(group, memberId, false))
    }
    case 'Empty':
    case 'Dead':
      return turn.reply(to, joinError('unknownMemberId', memberId))
  }
}

function ownedProtocols(request: JoinRequest) {
  // A copy, because the request's bytes are views on a whole network frame and members live long.
  return request.protocols.map(({ name, metadata }) => ({ name, metadata: ownBytes(metadata) }))
}

/** Version 0 has no rebalance timeout: the session timeout stands for it. */
function rebalanceTimeoutOf(request: JoinRequest): number {
  return request.rebalanceTimeoutMs < 0 ? request.sessionTimeoutMs : request.rebalanceTimeoutMs
}

function addJoiningMember(turn: Turn, group: ClassicGroup, memberId: string, input: Join) {
  const { request, context } = input
  const { groupId } = group
  const { clientId, clientHost } = context
  const instanceId = request.groupInstanceId
  const member: ClassicMember = {
    memberId,
    instanceId,
    clientId,
    clientHost,
    rebalanceTimeoutMs: rebalanceTimeoutOf(request),
    sessionTimeoutMs: request.sessionTimeoutMs,
    protocols: ownedProtocols(request),
    assignment: noBytes,
    isNew: true,
    awaitingJoin: input.to,
    awaitingSync: null,
  }
  // Without an initial delay who asked for an id was waited for, so that nobody need be expected after it.
  const wasExpected = group.pendingJoin.has(memberId) && turn.config['group.initial.rebalance.delay.ms'] === 0
  const isInitial = group.state === 'PreparingRebalance' && group.previousState === 'Empty'
  if (isInitial && !wasExpected) group.newMemberAdded = true
  addMember(group, member, request.protocolType)
  scheduleHeartbeat(turn, group, member, newMemberJoinTimeoutMs)
  const reason = joinReason(request)
  turn.emit({ kind: 'memberJoined', groupId, memberId, instanceId, clientId, clientHost, reason })
  rebalanceOrCompleteJoin(turn, group, `adding new member ${memberId}; client reason: ${reason}`)
}

function updateMember(turn: Turn, group: ClassicGroup, member: ClassicMember, input: Join, reason: string) {
  takeOver(group, member, input.request)
  awaitJoin(turn, group, member, input.to)
  rebalanceOrCompleteJoin(turn, group, reason)
}

function takeOver(group: ClassicGroup, member: ClassicMember, request: JoinRequest) {
  setProtocols(group, member, ownedProtocols(request))
  member.rebalanceTimeoutMs = rebalanceTimeoutOf(request)
  member.sessionTimeoutMs = request.sessionTimeoutMs
}

/** A static member came back under a new member id: the old id is fenced in every state (KIP-345). */
function replaceStaticMember(turn: Turn, group: ClassicGroup, oldId: string, memberId: string, input: Join) {
  const { request, to } = input
  const oldLeader = group.leaderId
  const member = renameMember(turn, group, oldId, memberId)
  takeOver(group, member, request)
  scheduleHeartbeat(turn, group, member)
  const reason = `static member ${memberId} with instance id ${request.groupInstanceId} rejoined; client reason: ${joinReason(request)}`
  switch (group.state) {
    case 'Stable':
      if (selectProtocol(group) === group.protocolName) {
        persistGroup(turn, group)
        return answerReturnedStatic(turn, group, member, oldLeader, input)
      }
      awaitJoin(turn, group, member, to)
      return rebalanceOrCompleteJoin(turn, group, `the selected protocol changes because ${reason}`)
    case 'CompletingRebalance':
      // The leader may be computing an assignment for the old id just now; the new one would get nothing.
      awaitJoin(turn, group, member, to)
      return prepareRebalance(turn, group, reason)
    case 'PreparingRebalance':
      awaitJoin(turn, group, member, to)
      return maybeCompleteJoin(turn, group)
    case 'Empty':
    case 'Dead':
      return turn.reply(to, joinError('unknownMemberId', memberId))
  }
}

function answerReturnedStatic(
  turn: Turn,
  group: ClassicGroup,
  member: ClassicMember,
  oldLeader: string | null,
  { context, to }: Join,
) {
  const isLeader = group.leaderId === member.memberId
  if (context.apiVersion >= firstVersionWithSkipAssignment) {
    turn.reply(to, { ...joinResponse(group, member.memberId, isLeader), skipAssignment: isLeader })
  } else {
    // Older clients would assign anew if they found themselves the leader: they are told its former id.
    turn.reply(to, { ...joinResponse(group, member.memberId, false), leader: oldLeader ?? '' })
  }
}

function renameMember(turn: Turn, group: ClassicGroup, oldId: string, memberId: string): ClassicMember {
  const old = group.members.get(oldId)!
  const { groupId } = group
  answerJoin(turn, group, old, joinError('fencedInstanceId', oldId))
  answerSync(turn, old, syncError('fencedInstanceId'))
  const wasLeader = group.leaderId === oldId
  const { protocols, instanceId, clientId, clientHost } = old
  removeMember(group, oldId)
  turn.cancel(heartbeatKey(groupId, oldId))
  const member: ClassicMember = {
    ...old,
    memberId,
    isNew: false,
    awaitingJoin: null,
    awaitingSync: null,
    protocols,
  }
  addMember(group, member, group.protocolType ?? '')
  if (wasLeader) group.leaderId = memberId
  turn.emit({
    kind: 'memberLeft',
    groupId,
    memberId: oldId,
    instanceId,
    reason: 'replaced',
    detail: `replaced by ${memberId}`,
  })
  turn.emit({
    kind: 'memberJoined',
    groupId,
    memberId,
    instanceId,
    clientId,
    clientHost,
    reason: `replaces ${oldId}`,
  })
  return member
}
