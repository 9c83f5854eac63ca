import type { LeaveReason } from '../../group-event.ts'
import type { Turn } from '../../turn.ts'
import { isDowngradeDue } from '../migration/policy.ts'
import { type ConsumerGroup, type ConsumerMember, memberEpoch } from './consumer-group.ts'
import { emitLeft } from './events.ts'
import { bumpGroupEpoch } from './group-epoch.ts'
import { eraseMember, writeCurrent } from './records.ts'
import { dropUnused } from './regexes.ts'

const sessionKey = (groupId: string, memberId: string) => `consumer-session\0${groupId}\0${memberId}`
const rebalanceKey = (groupId: string, memberId: string) => `consumer-rebalance\0${groupId}\0${memberId}`
export const joinTimeoutKey = (groupId: string, memberId: string) => `consumer-join\0${groupId}\0${memberId}`

export function cancelMemberTimers(turn: Turn, groupId: string, memberId: string) {
  turn.cancel(sessionKey(groupId, memberId))
  turn.cancel(rebalanceKey(groupId, memberId))
  turn.cancel(joinTimeoutKey(groupId, memberId))
}

/** A classic member brings its own session timeout; the others have the group's. */
export function scheduleSession(turn: Turn, group: ConsumerGroup, member: ConsumerMember) {
  const { groupId } = group
  const { memberId } = member
  const timeoutMs =
    member.classic?.sessionTimeoutMs ?? turn.groupConfig(groupId)['consumer.session.timeout.ms']
  turn.schedule(sessionKey(groupId, memberId), timeoutMs, (expiry) => {
    fenceById(expiry, group, memberId, 'sessionTimeout', 'no heartbeat within the session timeout')
  })
}

/** A member that must give partitions up has its rebalance timeout for it, then it loses its membership. */
export function scheduleRebalanceTimeout(turn: Turn, group: ConsumerGroup, member: ConsumerMember) {
  const { groupId } = group
  const { memberId, memberEpoch: epoch } = member
  const key = rebalanceKey(groupId, memberId)
  if (member.state !== 'unrevokedPartitions') return turn.cancel(key)
  turn.schedule(key, member.rebalanceTimeoutMs, (expiry) => {
    const current = group.members.get(memberId)
    if (current?.state !== 'unrevokedPartitions' || current.memberEpoch !== epoch) return
    fenceById(expiry, group, memberId, 'rebalanceTimeout', 'kept its partitions beyond the rebalance timeout')
  })
}

export function fenceById(
  turn: Turn,
  group: ConsumerGroup,
  memberId: string,
  reason: LeaveReason,
  detail: string,
) {
  const member = group.members.get(memberId)
  if (!member) return
  fenceMembers(turn, group, [member], reason, detail)
}

/** Takes members out and raises the group epoch, so that the next heartbeat shares their partitions out. */
export function fenceMembers(
  turn: Turn,
  group: ConsumerGroup,
  members: readonly ConsumerMember[],
  reason: LeaveReason,
  detail: string,
) {
  if (members.length === 0) return
  for (const member of members) {
    eraseMember(turn, group, member.memberId)
    cancelMemberTimers(turn, group.groupId, member.memberId)
    emitLeft(turn, group, member, reason, detail)
  }
  for (const member of members) dropUnused(turn, group, member.subscribedTopicRegex)
  // A group that goes back to the classic protocol keeps its epoch as generation: its members know that one.
  if (isDowngradeDue(turn.config, group)) return
  bumpGroupEpoch(turn, group, `${members.length} members left (${reason})`)
}

/** A static member says that it will be back: its partitions wait for it until its session ends. */
export function leaveTemporarily(turn: Turn, group: ConsumerGroup, member: ConsumerMember) {
  const assigned = new Map(
    [...member.assigned].map(([topicId, epochs]) => [
      topicId,
      new Map([...epochs.keys()].map((p) => [p, 0])),
    ]),
  )
  const left: ConsumerMember = {
    ...member,
    memberEpoch: memberEpoch.leaveStatic,
    pendingRevocation: new Map(),
    assigned,
  }
  writeCurrent(turn, group, left)
  emitLeft(turn, group, member, 'temporarilyLeft', 'a static member left and means to return')
}
