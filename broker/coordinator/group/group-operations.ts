import { errorCode } from '../../protocol/error-codes.ts'
import type { RequestContext } from '../request-context.ts'
import type { ReplyTo, Turn } from '../turn.ts'
import {
  type ClassicGroup,
  joinError,
  newClassicGroup,
  type SyncResponse,
  syncError,
} from './classic/classic-group.ts'
import { type Join, join } from './classic/join.ts'
import {
  type HeartbeatRequest,
  heartbeat,
  type LeaveRequest,
  type LeaveResponse,
  leave,
} from './classic/membership.ts'
import { cancelGroupTimers, persistGroup, scheduleHeartbeat } from './classic/rebalance.ts'
import { type SyncRequest, sync } from './classic/sync.ts'
import {
  type ConsumerGroup,
  initialGroupEpoch,
  memberEpoch,
  newConsumerGroup,
} from './consumer/consumer-group.ts'
import { emitStateChange } from './consumer/events.ts'
import {
  beginHeartbeat,
  type ConsumerHeartbeat,
  type ConsumerHeartbeatResponse,
  type Failure,
  failure,
  heartbeatFailure,
} from './consumer/heartbeat.ts'
import { leaveConsumerGroup } from './consumer/leave.ts'
import { scheduleRebalanceTimeout, scheduleSession } from './consumer/membership.ts'
import { eraseGroup } from './consumer/records.ts'
import type { GroupShard } from './group-shard.ts'
import {
  classicHeartbeat,
  joinConsumerGroup,
  leaveAsClassicMembers,
  syncConsumerGroup,
} from './migration/classic-member.ts'
import { maybeDowngrade } from './migration/downgrade.ts'
import { upgradeFailure, upgradeGroup } from './migration/upgrade.ts'

/** JoinGroup: finds or makes the group. A consumer group with members is joined as one of its classic members. */
export function joinGroup(turn: Turn, shard: GroupShard, input: Join): void {
  const { groupId, memberId } = input.request
  const known = shard.groups.get(groupId)
  if (known?.type === 'consumer' && known.members.size > 0) {
    joinConsumerGroup(turn, known, input)
    return
  }
  if (!known && memberId !== '') {
    turn.reply(input.to, joinError('unknownMemberId', memberId))
    return
  }
  const group = known?.type === 'classic' ? known : newClassic(turn, shard, groupId, known)
  join(turn, group, input)
  // What a client was told exists is on disk: a restart finds the group, if only to let it expire.
  if (group !== known && turn.records.every(({ kind }) => kind !== 'groupMetadata')) persistGroup(turn, group)
}

function newClassic(
  turn: Turn,
  shard: GroupShard,
  groupId: string,
  empty: ConsumerGroup | undefined,
): ClassicGroup {
  if (empty) eraseGroup(turn, empty)
  const group = newClassicGroup(groupId)
  group.stateTimestampMs = turn.nowMs
  shard.groups.set(groupId, group)
  return group
}

export function syncGroup(
  turn: Turn,
  shard: GroupShard,
  request: SyncRequest,
  to: ReplyTo<SyncResponse>,
): void {
  const group = shard.groups.get(request.groupId)
  if (!group) turn.reply(to, syncError('unknownMemberId'))
  else if (group.type === 'classic') sync(turn, group, request, to)
  else turn.reply(to, syncConsumerGroup(turn, group, request))
}

export function heartbeatGroup(
  turn: Turn,
  shard: GroupShard,
  request: HeartbeatRequest,
): keyof typeof errorCode {
  const group = shard.groups.get(request.groupId)
  if (!group) return 'unknownMemberId'
  return group.type === 'classic' ? heartbeat(turn, group, request) : classicHeartbeat(turn, group, request)
}

export function leaveGroup(
  turn: Turn,
  shard: GroupShard,
  groupId: string,
  members: LeaveRequest['members'],
): LeaveResponse {
  const group = shard.groups.get(groupId)
  if (!group) {
    const unknown = members.map(({ memberId, groupInstanceId }) => {
      return { memberId, groupInstanceId, errorCode: errorCode.unknownMemberId }
    })
    return { throttleTimeMs: 0, errorCode: errorCode.none, members: unknown }
  }
  if (group.type === 'classic') return leave(turn, group, members)
  return leaveAsClassicMembers(turn, group, members)
}

/**
 * What tells the members apart whose heartbeats may be dealt with together. Null for one that may take a member out or
 * take its place: the others must be through with their turn.
 */
export function heartbeatKey({ groupId, memberId, instanceId, memberEpoch: epoch }: ConsumerHeartbeat) {
  const mayReplace = instanceId !== null || memberId === '' || isLeave(epoch)
  return mayReplace ? null : `${groupId}\0${memberId}`
}

/**
 * The first member of a group waits a millisecond for others, and longer while they come: those who start with it get
 * their shares at once, instead of waiting until it has got everything and given it back.
 */
const firstMemberMs = 20

/** How long a heartbeat waits for others. */
export function patienceMs(shard: GroupShard, { groupId, memberEpoch: epoch }: ConsumerHeartbeat): number {
  const isFirst = epoch === memberEpoch.join && !shard.groups.get(groupId)?.members.size
  return isFirst ? firstMemberMs : 0
}

const isLeave = (epoch: number) => epoch === memberEpoch.leave || epoch === memberEpoch.leaveStatic

/**
 * ConsumerGroupHeartbeat: a classic group is taken over when it may be (KIP-848's migration). What is returned goes on
 * with it, when the members that came at the same time are in the group too: one target assignment then serves all.
 */
export function beginConsumerHeartbeat(
  turn: Turn,
  shard: GroupShard,
  request: ConsumerHeartbeat,
  context: RequestContext,
): () => ConsumerHeartbeatResponse {
  const { groupId, memberEpoch: epoch } = request
  const writtenBefore = turn.records.length
  const group = findOrMakeConsumerGroup(turn, shard, groupId, epoch === memberEpoch.join)
  if ('error' in group) return () => heartbeatFailure(group)
  if (isLeave(epoch)) {
    const left = leaveConsumerGroup(turn, group, request)
    return () => left
  }
  const goOn = beginHeartbeat(turn, group, request, context)
  // A group that refused its first member was never there.
  const hasWritten = turn.records.length > writtenBefore
  const isUnused = group.groupEpoch === initialGroupEpoch && group.members.size === 0 && !hasWritten
  if (isUnused) shard.groups.delete(groupId)
  return goOn
}

/** At the end of a turn: consumer groups that have changed go back to classic if they must, or tell their state. */
export function concludeTurn(turn: Turn, shard: GroupShard): void {
  for (const groupId of turn.touched) {
    const group = shard.groups.get(groupId)
    if (group?.type === 'consumer' && !maybeDowngrade(turn, shard, group)) emitStateChange(turn, group)
  }
}

function findOrMakeConsumerGroup(
  turn: Turn,
  shard: GroupShard,
  groupId: string,
  isJoin: boolean,
): ConsumerGroup | Failure {
  const known = shard.groups.get(groupId)
  if (known?.type === 'consumer') return known
  if (!isJoin) {
    const message = known ? `Group ${groupId} is not a consumer group.` : `Group ${groupId} not found.`
    return failure('groupIdNotFound', message)
  }
  if (known && known.members.size > 0) {
    return upgradeFailure(turn, known) ?? upgradeGroup(turn, shard, known)
  }
  if (known) {
    cancelGroupTimers(turn, known)
    turn.records.push({ kind: 'groupMetadata', key: { group: groupId }, value: null })
  }
  const group = newConsumerGroup(groupId)
  shard.groups.set(groupId, group)
  return group
}

/** After a shard was replayed: all members get their session timeout anew. */
export function startTimers(turn: Turn, shard: GroupShard): void {
  for (const group of shard.groups.values()) {
    if (group.type === 'classic') {
      for (const member of group.members.values()) scheduleHeartbeat(turn, group, member)
      continue
    }
    for (const member of group.members.values()) {
      scheduleSession(turn, group, member)
      if (member.state === 'unrevokedPartitions') scheduleRebalanceTimeout(turn, group, member)
    }
  }
}
