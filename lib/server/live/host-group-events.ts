import type { HostEvent } from '../../../broker/host.ts'
import type { RebalanceStep } from '../../contract/groups.ts'
import { applyCommit, emptyStep, setGroupState } from './apply-groups.ts'
import type { LiveState } from './live-state.ts'

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
  const clientIds = new Map(group.members.map((member) => [member.memberId, member.clientId]))
  const memberId = 'memberId' in event ? event.memberId : null
  group.steps.push({
    ...emptyStep(event.atMs),
    precision: 'exact',
    memberId,
    clientId: event.kind === 'memberJoined' ? event.clientId : (clientIds.get(memberId ?? '') ?? null),
    state: group.state,
    epoch: group.epoch,
    ...stepOf(event),
  })
  group.version = state.touch()
  return true
}

type StepEvent = Exclude<GroupEvent, { kind: 'groupDeleted' | 'offsetCommitted' | 'offsetDeleted' }>

function stepOf(event: StepEvent): Partial<RebalanceStep> & Pick<RebalanceStep, 'kind' | 'text'> {
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
      return { kind, text: `Member left: ${event.detail || event.reason}` }
    }
    case 'rebalanceStarted':
      return { kind: 'rebalanceStarted', epoch: event.generation, text: `Rebalance${because(event.reason)}` }
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
          ? `Has ${partitionsOf(event.assigned)}, gives up ${countOf(event.pendingRevocation)}`
          : `Has ${partitionsOf(event.assigned)}`,
      }
    }
  }
}

function because(reason: string): string {
  return reason === '' ? '' : `: ${reason}`
}

function countOf(topics: readonly { partitions: readonly number[] }[]): number {
  return topics.reduce((sum, { partitions }) => sum + partitions.length, 0)
}

function partitionsOf(topics: readonly { partitions: readonly number[] }[]): string {
  const count = countOf(topics)
  return `${count} ${count === 1 ? 'partition' : 'partitions'}`
}
