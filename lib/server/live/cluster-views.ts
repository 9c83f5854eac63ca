import type { BrokerRow } from '../../contract/brokers.ts'
import type { Overview, OverviewHistory } from '../../contract/clusters.ts'
import { dashboardClientId } from '../kafka/kafka-client.ts'
import type { LiveState } from './live-state.ts'
import { countOf, isOffline, isUnderReplicated } from './topic-views.ts'

/** Groups shown on the overview. */
const shownLagging = 8

export function overviewView(state: LiveState): Overview {
  const all = [...state.topics.values()]
  const topics = all.filter(({ internal }) => !internal)
  const groups = [...state.groups.values()]
  const lagging = groups
    .filter(({ lag }) => (lag ?? 0) > 0)
    .sort((a, b) => b.lag! - a.lag!)
    .slice(0, shownLagging)
  const clients = foreignConnections(state)
  return {
    at: state.now(),
    brokers: { online: state.health.state === 'online' ? state.nodes.size : 0, total: state.nodes.size },
    topics: topics.length,
    internalTopics: all.length - topics.length,
    partitions: sum(topics, (topic) => topic.partitions.length),
    offlinePartitions: sum(all, (topic) => countOf(topic, isOffline)),
    underReplicatedPartitions: sum(all, (topic) => countOf(topic, isUnderReplicated)),
    groups: groups.length,
    activeGroups: groups.filter(({ state: groupState }) => groupState !== 'Empty' && groupState !== 'Dead')
      .length,
    connections: state.precision === 'exact' ? clients : null,
    records: sum(topics, (topic) => topic.records),
    sizeBytes: topics.some((topic) => topic.sizeBytes === null)
      ? null
      : sum(topics, (topic) => topic.sizeBytes ?? 0),
    rates: {
      precision: state.precision,
      recordsInPerSecond: state.recordsInPerSecond,
      bytesInPerSecond: state.bytesInPerSecond,
      bytesOutPerSecond: state.bytesOutPerSecond,
      requestsPerSecond: state.requestsPerSecond,
    },
    lagging: lagging.map((group) => ({
      groupId: group.groupId,
      state: group.state,
      lag: group.lag,
      lagSeconds: group.lagSeconds,
      trend: group.trend.perSecond,
    })),
    activity: state.activity.all().reverse(),
    empty: topics.length === 0 && groups.length === 0 && clients === 0,
  }
}

export function overviewHistoryView(state: LiveState, sinceMs = 0): OverviewHistory {
  return {
    recordsInPerSecond: state.recordsIn.points(sinceMs),
    bytesInPerSecond: state.bytesIn.points(sinceMs),
    bytesOutPerSecond: state.bytesOut.points(sinceMs),
    lag: state.lag.points(sinceMs),
  }
}

export function brokerRows(state: LiveState): BrokerRow[] {
  const rows = new Map(
    [...state.nodes.values()].map((node) => [
      node.nodeId,
      { node, leaders: 0, replicas: 0, sizeBytes: 0 as number | null },
    ]),
  )
  for (const topic of state.topics.values()) {
    for (const partition of topic.partitions) {
      const leader = rows.get(partition.leader)
      if (leader !== undefined) leader.leaders++
      for (const replica of partition.replicas) {
        const row = rows.get(replica)
        if (row === undefined) continue
        row.replicas++
        row.sizeBytes =
          row.sizeBytes === null || partition.sizeBytes === null ? null : row.sizeBytes + partition.sizeBytes
      }
    }
  }
  const exact = state.precision === 'exact'
  const clients = foreignConnections(state)
  return [...rows.values()].map(({ node, leaders, replicas, sizeBytes }) => ({
    brokerId: node.nodeId,
    host: node.host,
    port: node.port,
    rack: node.rack,
    controller: node.nodeId === state.controllerId,
    online: state.health.state === 'online',
    leaders,
    replicas,
    sizeBytes,
    connections: exact ? clients : null,
    requestsPerSecond: state.requestsPerSecond,
    bytesInPerSecond: exact ? state.bytesInPerSecond : null,
    bytesOutPerSecond: exact ? state.bytesOutPerSecond : null,
  }))
}

/** Connections that are not the dashboard's own. */
function foreignConnections(state: LiveState): number {
  let count = 0
  for (const { clientId } of state.connections.values()) if (clientId !== dashboardClientId) count++
  return count
}

function sum<T>(items: readonly T[], figure: (item: T) => number): number {
  return items.reduce((total, item) => total + figure(item), 0)
}
