import type { HostEvent } from '../../../broker/host.ts'
import type { RebalanceStep } from '../../contract/groups.ts'
import { applyCommit, emptyStep, setGroupState } from './apply-groups.ts'
import type { GroupLiveState } from './group-state.ts'
import { type LiveState, partitionsText } from './live-state.ts'

type GroupEvent = Extract<HostEvent, { kind: 'groups' }>['events'][number]

/** Takes one event of a coordinator; true when the group should be described again. */
export function applyGroupEvent(state: LiveState, event: GroupEvent): boolean {
  if (event.kind === 'groupDeleted') {
    state.removeGroup(event.groupId)
    state.note('groupDeleted', event.groupId, `Group ${event.reason}`, event.atMs)
    return false
  }
  const isNew = !state.groups.has(event.groupId)
  // We may have seen that it is gone before its last events came.
  if (isNew && state.removedAfter(event.groupId, event.atMs)) return false
  const group = state.group(event.groupId)
  if (isNew) state.note('groupCreated', event.groupId, 'Group created', event.atMs)
  if (event.kind === 'offsetCommitted') {
    applyCommit(state, group, event, event.atMs)
    return isNew
  }
  if (event.kind === 'offsetDeleted') {
    const partition = group.partition(event.topic, event.partition)
    partition.committedOffset = null
    partition.version = group.version = state.touch()
    return false
  }
  if (event.kind === 'groupStateChanged') {
    group.type = event.groupType
    group.epoch = event.generation
    setGroupState(state, group, event.to)
  }
  const memberId = 'memberId' in event ? event.memberId : null
  const clientId = event.kind === 'memberJoined' ? event.clientId : clientIdOf(group, memberId)
  group.steps.push({
    ...emptyStep(event.atMs),
    precision: 'exact',
    memberId,
    clientId,
    state: group.state,
    epoch: group.epoch,
    ...stepOf(event, clientId),
  })
  group.version = state.touch()
  return true
}

/** Members are described a little later than they come; until then their joining tells. */
function clientIdOf(group: GroupLiveState, memberId: string | null): string | null {
  if (memberId === null) return null
  const isOfMember = (one: { memberId: string | null }) => one.memberId === memberId
  return (group.members.find(isOfMember) ?? group.steps.all().findLast(isOfMember))?.clientId ?? null
}

type StepEvent = Exclude<GroupEvent, { kind: 'groupDeleted' | 'offsetCommitted' | 'offsetDeleted' }>

function stepOf(
  event: StepEvent,
  clientId: string | null,
): Partial<RebalanceStep> & Pick<RebalanceStep, 'kind' | 'text'> {
  const who = clientId ?? 'A member'
  switch (event.kind) {
    case 'groupStateChanged':
      return {
        kind: 'stateChanged',
        state: event.to,
        epoch: event.generation,
        text: `${event.from} → ${event.to}`,
      }
    case 'memberJoined':
      return {
        kind: 'joined',
        text: `${event.clientId} joined from ${event.clientHost.replace(/^\//, '')}${because(event.reason)}`,
      }
    case 'memberLeft': {
      const expired = event.reason === 'sessionTimeout' || event.reason === 'rebalanceTimeout'
      const kind = expired ? 'expired' : event.reason === 'fenced' ? 'fenced' : 'left'
      return { kind, text: `${who} left: ${event.detail || event.reason}` }
    }
    case 'rebalanceStarted':
      return {
        kind: 'rebalanceStarted',
        epoch: event.generation,
        text: upperFirst(told(event.reason)) || 'Rebalance',
      }
    case 'rebalanceCompleted':
      return {
        kind: 'synced',
        epoch: event.generation,
        text: `${event.memberCount} ${event.memberCount === 1 ? 'member' : 'members'} in step after ${event.durationMs} ms`,
      }
    case 'assigned': {
      const revoking = event.pendingRevocation.length > 0
      return {
        kind: revoking ? 'revoking' : 'assigned',
        epoch: event.epoch,
        assignment: event.assigned.map(({ topic, partitions }) => ({ topic, partitions: [...partitions] })),
        text: revoking
          ? `${who} has ${partitionsOf(event.assigned)}, gives up ${countOf(event.pendingRevocation)}`
          : `${who} has ${partitionsOf(event.assigned)}`,
      }
    }
  }
}

function because(reason: string): string {
  return told(reason) === '' ? '' : `: ${told(reason)}`
}

/** Without Kafka's words for a client that gave no reason (KIP-800). */
function told(reason: string): string {
  return reason.replace(/(^|; client reason: )not provided$/, '')
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

function countOf(topics: readonly { partitions: readonly number[] }[]): number {
  return topics.reduce((sum, { partitions }) => sum + partitions.length, 0)
}

function partitionsOf(topics: readonly { partitions: readonly number[] }[]): string {
  return partitionsText(countOf(topics))
}
