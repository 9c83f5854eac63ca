import type { Cluster } from '../../contract/clusters.ts'
import type { Snapshot, Update } from '../../contract/live.ts'
import type { ClusterHandle, Clusters } from '../clusters.ts'
import { clientRows, connectionRowOf } from '../live/client-views.ts'
import { brokerRows, overviewHistoryView, overviewView } from '../live/cluster-views.ts'
import type { LiveState } from '../live/live-state.ts'
import { historyStepMs } from '../live/series.ts'
import { type Feed, PointCursor } from './feed.ts'

const noop = () => {}

/** Health and capabilities of every cluster; describing asks the cluster, so an answer may come a tick later. */
export function clustersFeed(clusters: Clusters): Feed<'clusters'> {
  let described: Cluster[] | null = null
  let told = ''
  let asking = false
  const ask = async () => {
    if (asking) return
    asking = true
    described = await Promise.all(clusters.all().map((cluster) => cluster.describe()))
    asking = false
  }
  void ask()
  return {
    everyMs: 200,
    snapshot: () => {
      if (described === null) return null
      told = JSON.stringify(described)
      return { clusters: described }
    },
    update: () => {
      void ask()
      const now = JSON.stringify(described)
      if (described === null || now === told) return null
      told = now
      return { clusters: described }
    },
    close: noop,
  }
}

export function overviewFeed({ state }: ClusterHandle): Feed<'overview'> {
  const points = new PointCursor()
  let version = 0
  let nextActivity = 0
  return {
    everyMs: 250,
    snapshot: () => {
      version = state.version
      nextActivity = state.activity.next
      points.reset(state.now(), historyStepMs)
      return { overview: overviewView(state), history: overviewHistoryView(state) }
    },
    update: () => {
      const since = points.take(state.now(), historyStepMs)
      if (state.version === version && since === undefined) return null
      version = state.version
      const { activity: _, ...overview } = overviewView(state)
      const { events: activity } = state.activity.since(nextActivity)
      nextActivity = state.activity.next
      const history = overviewHistoryView(state, since ?? state.now() + historyStepMs)
      return { overview, activity, points: history }
    },
    close: noop,
  }
}

/** The rows as a whole once a second at most: there are few brokers. */
export function brokersFeed({ state }: ClusterHandle): Feed<'brokers'> {
  let told = ''
  const rows = () => ({ brokers: brokerRows(state) })
  return {
    everyMs: 1_000,
    snapshot: () => {
      const all = rows()
      told = JSON.stringify(all)
      return all
    },
    update: () => {
      const all = rows()
      const now = JSON.stringify(all)
      if (now === told) return null
      told = now
      return all
    },
    close: noop,
  }
}

export function clientsFeed({ state }: ClusterHandle): Feed<'clients'> {
  return state.precision === 'exact' ? connectionsFeed(state) : membersFeed(state)
}

function connectionsFeed(state: LiveState): Feed<'clients'> {
  let version = 0
  let nextClosed = 0
  return {
    everyMs: 250,
    snapshot: () => {
      version = state.version
      nextClosed = state.closedConnections.next
      return { clients: clientRows(state) }
    },
    update: () => {
      const changed = [...state.connections.values()].filter(
        ({ id }) => (state.connectionVersions.get(id) ?? 0) > version,
      )
      const closed = state.closedConnections.since(nextClosed)
      version = state.version
      nextClosed = state.closedConnections.next
      if (closed.lost > 0) return 'lost'
      if (changed.length === 0 && closed.events.length === 0) return null
      return {
        clients: changed.map(connectionRowOf(state)),
        removed: closed.events.map(String),
      }
    },
    close: noop,
  }
}

/** Elsewhere only members of groups are known; few enough to compare. */
function membersFeed(state: LiveState): Feed<'clients'> {
  let told = new Map<string, string>()
  const current = () => new Map(clientRows(state).map((row) => [row.id, row]))
  const remember = (rows: ReturnType<typeof current>) => {
    told = new Map([...rows].map(([id, row]) => [id, JSON.stringify(row)]))
  }
  return {
    everyMs: 1_000,
    snapshot: (): Snapshot<'clients'> => {
      const rows = current()
      remember(rows)
      return { clients: [...rows.values()] }
    },
    update: (): Update<'clients'> | null => {
      const rows = current()
      const clients = [...rows.values()].filter((row) => told.get(row.id) !== JSON.stringify(row))
      const removed = [...told.keys()].filter((id) => !rows.has(id))
      if (clients.length === 0 && removed.length === 0) return null
      remember(rows)
      return { clients, removed }
    },
    close: noop,
  }
}

export function sampleFeed({ sample }: ClusterHandle): Feed<'sample'> {
  let version = -1
  return {
    everyMs: 500,
    snapshot: () => {
      version = sample.version
      return sample.status()
    },
    update: () => {
      if (sample.version === version) return null
      version = sample.version
      return sample.status()
    },
    close: noop,
  }
}
