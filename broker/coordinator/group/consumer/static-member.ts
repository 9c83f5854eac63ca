import type { Turn } from '../../turn.ts'
import type { ConsumerGroup, ConsumerMember } from './consumer-group.ts'
import { emitLeft } from './events.ts'
import { cancelMemberTimers } from './membership.ts'
import { eraseMember, writeCurrent, writeMemberMetadata, writeTarget } from './records.ts'

/**
 * A static member returns under a new member id (KIP-848): it takes over the assignment of the old one, which is
 * fenced from then on. The group need not be rebalanced for it.
 */
export function takeOverStaticMember(
  turn: Turn,
  group: ConsumerGroup,
  old: ConsumerMember,
  memberId: string,
): ConsumerMember {
  const target = group.target.get(old.memberId)
  cancelMemberTimers(turn, group.groupId, old.memberId)
  eraseMember(turn, group, old.memberId)
  const member: ConsumerMember = { ...old, memberId, memberEpoch: 0, previousMemberEpoch: 0 }
  writeMemberMetadata(turn, group, member)
  if (target) writeTarget(turn, group, memberId, target)
  writeCurrent(turn, group, member)
  emitLeft(turn, group, old, 'replaced', `replaced by ${memberId}`)
  return member
}
