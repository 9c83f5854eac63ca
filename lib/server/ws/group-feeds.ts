import type { ClusterHandle } from '../clusters.ts'
import { KafkaError } from '../kafka/kafka-error.ts'
import type { GroupLiveState } from '../live/group-state.ts'
import {
  groupFigures,
  groupHistoryView,
  groupPartitionView,
  groupRow,
  groupView,
  memberViews,
  sortedPartitions,
} from '../live/group-views.ts'
import { historyStepMs } from '../live/series.ts'
import { computeGroup } from '../live/tick.ts'
import { type Feed, PointCursor } from './feed.ts'

const noop = () => {}

export function groupsFeed({ state }: ClusterHandle): Feed<'groups'> {
  let version = 0
  let nextRemoved = 0
  const row = (group: GroupLiveState) => groupRow(state, group)
  const compute = () => {
    const now = state.now()
    for (const group of state.groups.values()) computeGroup(state, group, now)
  }
  return {
    everyMs: 50,
    snapshot: () => {
      compute()
      version = state.version
      nextRemoved = state.removedGroups.next
      return { groups: [...state.groups.values()].map(row) }
    },
    update: () => {
      if (state.version === version) return null
      compute()
      const groups = [...state.groups.values()].filter((group) => group.version > version).map(row)
      const removed = state.removedGroups.since(nextRemoved)
      version = state.version
      nextRemoved = state.removedGroups.next
      if (removed.lost > 0) return 'lost'
      // One that came back under the same name is not gone.
      const gone = removed.events.filter((groupId) => !state.groups.has(groupId))
      return groups.length === 0 && gone.length === 0 ? null : { groups, removed: gone }
    },
    close: noop,
  }
}

export function groupFeed({ state }: ClusterHandle, groupId: string): Feed<'group'> {
  const first = state.groups.get(groupId)
  if (first === undefined) throw new KafkaError('GROUP_ID_NOT_FOUND', `There is no group ${groupId}.`)
  const points = new PointCursor()
  let version = 0
  let nextStep = 0
  let ended: string | undefined
  const current = () => state.groups.get(groupId) ?? first
  return {
    everyMs: 50,
    snapshot: () => {
      const group = current()
      computeGroup(state, group, state.now())
      version = state.version
      nextStep = group.steps.next
      points.reset(state.now(), historyStepMs)
      return { group: groupView(state, group), history: groupHistoryView(group), steps: group.steps.all() }
    },
    update: () => {
      const group = current()
      if (!state.groups.has(groupId)) ended = 'The group was deleted.'
      if (nextStep > group.steps.next) return 'lost'
      computeGroup(state, group, state.now())
      const since = points.take(state.now(), historyStepMs)
      if (group.version <= version && since === undefined) return null
      const partitions = sortedPartitions(group).filter((partition) => partition.version > version)
      const members = group.membersVersion > version ? memberViews(group) : null
      const { events: steps } = group.steps.since(nextStep)
      version = state.version
      nextStep = group.steps.next
      return {
        group: groupFigures(state, group),
        members,
        partitions: partitions.map(groupPartitionView),
        points:
          since === undefined ? { lag: [], lagSeconds: [], partitions: [] } : groupHistoryView(group, since),
        steps,
      }
    },
    ended: () => ended,
    close: noop,
  }
}
