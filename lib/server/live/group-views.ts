import type { Precision } from '../../contract/figures.ts'
import type { Group, GroupHistory, GroupMember, GroupPartition, GroupRow } from '../../contract/groups.ts'
import type { TopicConsumer } from '../../contract/topics.ts'
import { type GroupLiveState, type GroupPartitionState, partitionKey } from './group-state.ts'
import type { LiveState } from './live-state.ts'

export function groupRow(state: LiveState, group: GroupLiveState): GroupRow {
  const topics = new Set([...group.partitions.values()].map(({ topic }) => topic))
  return {
    groupId: group.groupId,
    state: group.state,
    type: group.type,
    protocolType: group.protocolType,
    protocol: group.protocol,
    members: group.members.length,
    topics: [...topics].sort(),
    coordinator: group.coordinator,
    lag: group.lag,
    precision: lagPrecision(state, group.partitions.values()),
    lagSeconds: group.lagSeconds,
    trend: group.trend.perSecond,
  }
}

/** Exact where lag, a difference of offsets, is the number of records that are still to be read. */
export function lagPrecision(state: LiveState, partitions: Iterable<GroupPartitionState>): Precision {
  if (state.precision === 'estimate') return 'estimate'
  for (const { lag, log, committedOffset } of partitions) {
    if (lag !== null && lag > 0 && log?.precisionFrom(committedOffset ?? 0) === 'estimate') return 'estimate'
  }
  return 'exact'
}

/** Everything but members and partitions, which the live channel sends only when they changed. */
export function groupFigures(state: LiveState, group: GroupLiveState): Omit<Group, 'members' | 'partitions'> {
  const node = group.coordinator === null ? undefined : state.nodes.get(group.coordinator)
  return {
    groupId: group.groupId,
    state: group.state,
    type: group.type,
    protocolType: group.protocolType,
    protocol: group.protocol,
    epoch: group.epoch,
    coordinator: node === undefined ? null : { nodeId: node.nodeId, host: node.host, port: node.port },
    precision: lagPrecision(state, group.partitions.values()),
    lag: group.lag,
    lagSeconds: group.lagSeconds,
    trend: group.trend.perSecond,
  }
}

export function groupView(state: LiveState, group: GroupLiveState): Group {
  return {
    ...groupFigures(state, group),
    members: memberViews(group),
    partitions: sortedPartitions(group).map(groupPartitionView),
  }
}

export function memberViews(group: GroupLiveState): GroupMember[] {
  return group.members.map((member) => {
    const lags = member.assignment.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => group.partitions.get(partitionKey(topic, partition))?.lag ?? null),
    )
    const known = lags.filter((lag) => lag !== null)
    return { ...member, lag: known.length === 0 ? null : known.reduce((sum, lag) => sum + lag, 0) }
  })
}

export function sortedPartitions(group: GroupLiveState): GroupPartitionState[] {
  return [...group.partitions.values()].sort((a, b) =>
    a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
  )
}

export function groupPartitionView(partition: GroupPartitionState): GroupPartition {
  return {
    topic: partition.topic,
    partition: partition.partition,
    committedOffset: partition.committedOffset,
    committedMetadata: partition.metadata,
    leaderEpoch: partition.leaderEpoch,
    logStartOffset: partition.log?.logStartOffset ?? 0,
    highWatermark: partition.log?.highWatermark ?? 0,
    lag: partition.lag,
    lagSeconds: partition.lagSeconds,
    trend: partition.trend.perSecond,
    consumedPerSecond: partition.consumedPerSecond,
    memberId: partition.memberId,
  }
}

/** Points after `sinceMs` (0: all that is kept). */
export function groupHistoryView(group: GroupLiveState, sinceMs = 0): GroupHistory {
  return {
    lag: group.lagHistory.points(sinceMs),
    lagSeconds: group.lagSecondsHistory.points(sinceMs),
    partitions: sortedPartitions(group)
      .filter(({ history }) => history !== null)
      .map(({ topic, partition, history }) => ({ topic, partition, lag: history!.points(sinceMs) })),
  }
}

/** Groups that read a topic, with lag on it alone. */
export function topicConsumers(state: LiveState, topic: string): TopicConsumer[] {
  return [...state.groups.values()].flatMap((group) => {
    const partitions = sortedPartitions(group).filter((partition) => partition.topic === topic)
    if (partitions.length === 0) return []
    const members = new Map(group.members.map((member) => [member.memberId, member]))
    const lags = partitions.map(({ lag }) => lag).filter((lag) => lag !== null)
    const seconds = partitions.map(({ lagSeconds }) => lagSeconds).filter((lag) => lag !== null)
    return [
      {
        groupId: group.groupId,
        state: group.state,
        members: new Set(partitions.map(({ memberId }) => memberId).filter((id) => id !== null)).size,
        lag: lags.length === 0 ? null : lags.reduce((sum, lag) => sum + lag, 0),
        lagSeconds: seconds.length === 0 ? null : Math.max(...seconds),
        partitions: partitions.map(({ partition, committedOffset, lag, memberId }) => ({
          partition,
          committedOffset,
          lag,
          memberId,
          clientId: members.get(memberId ?? '')?.clientId ?? null,
          host: members.get(memberId ?? '')?.host ?? null,
        })),
      },
    ]
  })
}
