import type { GroupMember, RebalanceStep } from '../../contract/groups.ts'
import type { CommittedOffset } from '../groups/committed-offsets.ts'
import type { DescribedGroup, ListedGroup } from '../groups/describe-groups.ts'
import type { GroupLiveState } from './group-state.ts'
import { partitionKey } from './group-state.ts'
import type { LiveState } from './live-state.ts'
import { Rate } from './rate.ts'
import { assignMembers } from './tick.ts'

/** Takes the list of all groups; those that are not in it are gone. */
export function applyGroupList(state: LiveState, listed: readonly ListedGroup[], first: boolean): void {
  const present = new Set(listed.map(({ groupId }) => groupId))
  for (const entry of listed) {
    const isNew = !state.groups.has(entry.groupId)
    const group = state.group(entry.groupId)
    if (isNew && !first) state.note('groupCreated', entry.groupId, 'Group created')
    group.coordinator = entry.coordinator
    group.type = entry.type
    if (group.protocolType === '') group.protocolType = entry.protocolType
    setGroupState(state, group, entry.state)
  }
  for (const groupId of [...state.groups.keys()]) {
    if (present.has(groupId)) continue
    state.removeGroup(groupId)
    state.note('groupDeleted', groupId, 'Group deleted')
  }
}

/** Takes members and assignment; on clusters without steps of their own, what changed becomes steps. */
export function applyDescription(state: LiveState, described: DescribedGroup): void {
  const group = state.groups.get(described.groupId)
  if (group === undefined) return
  // What brokers say of a classic group that is not there.
  if (described.state === 'Dead') {
    state.removeGroup(described.groupId)
    return
  }
  const before = group.members
  const changed =
    group.coordinator !== described.coordinator ||
    group.protocol !== described.protocol ||
    group.epoch !== (described.epoch ?? group.epoch) ||
    JSON.stringify(before) !== JSON.stringify(described.members)
  setGroupState(state, group, described.state)
  group.type = described.type
  group.coordinator = described.coordinator
  group.protocolType = described.protocolType
  group.protocol = described.protocol
  group.epoch = described.epoch ?? group.epoch
  if (!changed && group.described) return
  group.members = described.members
  if (group.described && state.precision === 'estimate') {
    for (const step of stepsBetween(before, described, state.now())) group.steps.push(step)
  }
  group.described = true
  assignMembers(state, group)
  group.membersVersion = group.version = state.touch()
}

export function setGroupState(state: LiveState, group: GroupLiveState, next: GroupLiveState['state']): void {
  if (group.state === next) return
  const before = group.state
  group.state = next
  group.version = state.touch()
  if (before === 'Unknown') return
  if (next === 'Empty') state.note('groupEmpty', group.groupId, 'The last member left')
  if (next === 'Stable') state.note('groupRebalanced', group.groupId, 'Rebalanced')
  if (state.precision === 'estimate') {
    const text = `${before} → ${next}`
    group.steps.push({ ...emptyStep(state.now()), kind: 'stateChanged', state: next, text })
  }
}

/** Takes all committed offsets of a group; those that are not there any more were deleted. */
export function applyCommittedOffsets(
  state: LiveState,
  groupId: string,
  offsets: readonly CommittedOffset[],
  atMs: number,
): void {
  const group = state.groups.get(groupId)
  if (group === undefined) return
  const present = new Set<string>()
  for (const committed of offsets) {
    present.add(partitionKey(committed.topic, committed.partition))
    applyCommit(state, group, committed, atMs)
  }
  for (const [key, partition] of group.partitions) {
    if (present.has(key) || partition.committedOffset === null) continue
    partition.committedOffset = null
    partition.metadata = null
    partition.version = group.version = state.touch()
  }
}

type Commit = Pick<CommittedOffset, 'topic' | 'partition' | 'offset'> & Partial<CommittedOffset>

export function applyCommit(state: LiveState, group: GroupLiveState, committed: Commit, atMs: number): void {
  const partition = group.partition(committed.topic, committed.partition)
  const before = partition.committedOffset
  partition.metadata = committed.metadata ?? partition.metadata
  partition.leaderEpoch = committed.leaderEpoch ?? partition.leaderEpoch
  if (before === committed.offset) return
  partition.committedOffset = committed.offset
  if (before !== null && committed.offset > before) {
    partition.consumed ??= new Rate(atMs)
    partition.consumed.add(committed.offset - before, atMs)
  }
  partition.version = group.version = state.touch()
}

export function emptyStep(at: number): RebalanceStep {
  return {
    at,
    precision: 'estimate',
    kind: 'stateChanged',
    memberId: null,
    clientId: null,
    epoch: null,
    state: null,
    assignment: null,
    text: '',
  }
}

/** What must have happened between two looks at a group. */
function stepsBetween(before: readonly GroupMember[], after: DescribedGroup, at: number): RebalanceStep[] {
  const known = new Map(before.map((member) => [member.memberId, member]))
  const now = new Map(after.members.map((member) => [member.memberId, member]))
  const base = { ...emptyStep(at), epoch: after.epoch, state: after.state }
  const left = before.filter(({ memberId }) => !now.has(memberId))
  const joined = after.members.filter(({ memberId }) => !known.has(memberId))
  const moved = after.members.filter((member) => {
    const old = known.get(member.memberId)
    return JSON.stringify(old?.assignment ?? []) !== JSON.stringify(member.assignment)
  })
  const step = (member: GroupMember, kind: RebalanceStep['kind'], text: string) => ({
    ...base,
    kind,
    text,
    memberId: member.memberId,
    clientId: member.clientId,
  })
  return [
    ...left.map((member) => step(member, 'left', `${member.clientId} left`)),
    ...joined.map((member) => step(member, 'joined', `${member.clientId} joined from ${member.host}`)),
    ...moved.map((member) => ({
      ...step(member, 'assigned', `${member.clientId} has ${countOf(member)} partitions`),
      assignment: member.assignment,
    })),
  ]
}

function countOf({ assignment }: GroupMember): number {
  return assignment.reduce((sum, { partitions }) => sum + partitions.length, 0)
}
