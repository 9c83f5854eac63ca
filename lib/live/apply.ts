import type { QueryClient } from '@tanstack/react-query'
import type { Output } from '../contract/endpoints.ts'
import type { Point } from '../contract/figures.ts'
import type { Channel, Snapshot, Subscription, Update } from '../contract/live.ts'
import type { TopicColumns } from '../contract/topics.ts'
import { keys } from '../queries/keys.ts'
import { emitAppends } from './appends.ts'

type OverviewData = Output<'GET /api/clusters/{cluster}/overview'>
type TopicsData = Output<'GET /api/clusters/{cluster}/topics'>
type TopicData = Output<'GET /api/clusters/{cluster}/topics/{topic}'>
type GroupsData = Output<'GET /api/clusters/{cluster}/groups'>
type GroupData = Output<'GET /api/clusters/{cluster}/groups/{group}'>
type GroupHistory = GroupData['history']
type RebalancesData = Output<'GET /api/clusters/{cluster}/groups/{group}/rebalances'>
type BrokersData = Output<'GET /api/clusters/{cluster}/brokers'>
type ClientsData = Output<'GET /api/clusters/{cluster}/clients'>
type ClustersData = Output<'GET /api/clusters'>
type SampleData = Output<'GET /api/clusters/{cluster}/sample'>

/** The channels whose state lives in the query cache; `tail` and `search` belong to the page that started them. */
export type CachedChannel = Exclude<Channel, 'tail' | 'search'>
export type CachedSubscription = Extract<Subscription, { channel: CachedChannel }>

type Writers = {
  [C in CachedChannel]: {
    snapshot: (client: QueryClient, to: Extract<Subscription, { channel: C }>, data: Snapshot<C>) => void
    update: (client: QueryClient, to: Extract<Subscription, { channel: C }>, data: Update<C>) => void
  }
}

const historyMs = 30 * 60_000
const activityKept = 50
const stepsKept = 500

/** Puts new points in place of those from the same time on and drops what is older than the server itself keeps. */
export function appendPoints(history: readonly Point[], points: readonly Point[]): Point[] {
  if (points.length === 0) return history as Point[]
  const first = points[0]![0]
  const oldest = points.at(-1)![0] - historyMs
  let from = 0
  while (from < history.length && history[from]![0] < oldest) from++
  let to = history.length
  while (to > from && history[to - 1]![0] >= first) to--
  return [...history.slice(from, to), ...points]
}

/** Replaces the rows of `changed` in `rows` by key, adds new ones at the end, leaves out `removed`. */
export function mergeRows<Row>(
  rows: readonly Row[],
  changed: readonly Row[],
  keyOf: (row: Row) => string | number,
  removed: readonly (string | number)[] = [],
): Row[] {
  if (changed.length === 0 && removed.length === 0) return rows as Row[]
  const byKey = new Map(changed.map((row) => [keyOf(row), row]))
  const gone = new Set(removed)
  const merged: Row[] = []
  for (const row of rows) {
    const key = keyOf(row)
    if (!gone.has(key)) merged.push(byKey.get(key) ?? row)
    byKey.delete(key)
  }
  for (const row of byKey.values()) merged.push(row)
  return merged
}

const positions = new WeakMap<readonly string[], Map<string, number>>()

function positionOf(names: readonly string[], name: string): number | undefined {
  let map = positions.get(names)
  if (!map) {
    map = new Map(names.map((known, index) => [known, index]))
    positions.set(names, map)
  }
  return map.get(name)
}

/** Puts live figures into the columns; names, and with them all positions, stay as they are. */
export function patchTopics(
  topics: TopicColumns,
  rates: Update<'topics'>['topics'],
  whole: boolean,
): TopicColumns {
  const records = topics.records.slice()
  const precision = topics.precision.slice()
  const sizeBytes = topics.sizeBytes.slice()
  const recordsPerSecond = whole ? topics.recordsPerSecond.map(() => 0) : topics.recordsPerSecond.slice()
  for (const rate of rates) {
    const at = positionOf(topics.name, rate.name)
    if (at === undefined) continue
    records[at] = rate.records
    precision[at] = rate.precision
    sizeBytes[at] = rate.sizeBytes
    recordsPerSecond[at] = rate.recordsPerSecond
  }
  return { ...topics, records, precision, sizeBytes, recordsPerSecond }
}

function patchEveryTopics(
  client: QueryClient,
  cluster: string,
  rates: Update<'topics'>['topics'],
  whole: boolean,
): void {
  client.setQueriesData<TopicsData>({ queryKey: keys.everyTopics(cluster) }, (old) =>
    old ? { ...old, topics: patchTopics(old.topics, rates, whole) } : old,
  )
}

/** Sums and extremes of a topic follow from its partitions. */
function withPartitions(data: TopicData, partitions: TopicData['topic']['partitions']): TopicData {
  let records: number | null = 0
  let sizeBytes: number | null = 0
  let recordsPerSecond = 0
  let largest = 0
  for (const partition of partitions) {
    records = records === null || partition.records === null ? null : records + partition.records
    sizeBytes = sizeBytes === null || partition.sizeBytes === null ? null : sizeBytes + partition.sizeBytes
    recordsPerSecond += partition.recordsPerSecond
    largest = Math.max(largest, partition.records ?? 0)
  }
  const skew = records === null || records === 0 ? null : (largest * partitions.length) / records
  const precision = partitions.every((partition) => partition.precision === 'exact') ? 'exact' : 'estimate'
  return {
    ...data,
    topic: { ...data.topic, partitions, records, precision, sizeBytes, recordsPerSecond, skew },
  }
}

function becameOnline(client: QueryClient, clusters: ClustersData['clusters']): void {
  const before = client.getQueryData<ClustersData>(keys.clusters())
  for (const cluster of clusters) {
    const known = before?.clusters.find((other) => other.id === cluster.id)
    if (known && known.state !== 'online' && cluster.state === 'online')
      void client.invalidateQueries({ queryKey: keys.ofCluster(cluster.id) })
  }
  client.setQueryData<ClustersData>(keys.clusters(), { clusters })
}

/**
 * A list that REST has not answered for yet is left alone: only that answer says how exact its figures are, and it is
 * followed by a snapshot of its own.
 */
const writers: Writers = {
  clusters: {
    snapshot: (client, _to, data) => becameOnline(client, data.clusters),
    update: (client, _to, data) => becameOnline(client, data.clusters),
  },
  overview: {
    snapshot: (client, to, data) => client.setQueryData<OverviewData>(keys.overview(to.cluster), data),
    update: (client, to, data) =>
      client.setQueryData<OverviewData>(keys.overview(to.cluster), (old) => {
        if (!old) return old
        const { history } = old
        return {
          overview: {
            ...data.overview,
            activity: [...data.activity, ...old.overview.activity]
              .sort((a, b) => b.at - a.at)
              .slice(0, activityKept),
          },
          history: {
            recordsInPerSecond: appendPoints(history.recordsInPerSecond, data.points.recordsInPerSecond),
            bytesInPerSecond: appendPoints(history.bytesInPerSecond, data.points.bytesInPerSecond),
            bytesOutPerSecond: appendPoints(history.bytesOutPerSecond, data.points.bytesOutPerSecond),
            lag: appendPoints(history.lag, data.points.lag),
          },
        }
      }),
  },
  topics: {
    snapshot: (client, to, data) => patchEveryTopics(client, to.cluster, data.topics, true),
    update: (client, to, data) => {
      patchEveryTopics(client, to.cluster, data.topics, false)
      if (data.changed) void client.invalidateQueries({ queryKey: keys.everyTopics(to.cluster) })
    },
  },
  topic: {
    snapshot: (client, to, data) =>
      client.setQueryData<TopicData>(keys.topicDetail(to.cluster, to.topic), (old) =>
        old ? { ...withPartitions(old, data.partitions), history: data.history } : old,
      ),
    update: (client, to, data) => {
      client.setQueryData<TopicData>(keys.topicDetail(to.cluster, to.topic), (old) => {
        if (!old) return old
        const merged = withPartitions(
          old,
          mergeRows(old.topic.partitions, data.partitions, (row) => row.partition),
        )
        return {
          ...merged,
          history: {
            recordsPerSecond: appendPoints(old.history.recordsPerSecond, data.points.recordsPerSecond),
            partitions: mergePartitionPoints(old.history.partitions, data.points.partitions),
          },
        }
      })
      emitAppends(to.cluster, to.topic, data.appends)
      if (data.changed) {
        void client.invalidateQueries({ queryKey: keys.topic(to.cluster, to.topic) })
        void client.invalidateQueries({ queryKey: keys.everyTopics(to.cluster) })
      }
    },
  },
  groups: {
    snapshot: (client, to, data) =>
      client.setQueryData<GroupsData>(
        keys.groups(to.cluster),
        (old) => old && { ...old, groups: data.groups },
      ),
    update: (client, to, data) =>
      client.setQueryData<GroupsData>(keys.groups(to.cluster), (old) =>
        old
          ? { ...old, groups: mergeRows(old.groups, data.groups, (row) => row.groupId, data.removed) }
          : old,
      ),
  },
  group: {
    snapshot: (client, to, data) => {
      client.setQueryData<GroupData>(keys.groupDetail(to.cluster, to.group), {
        group: data.group,
        history: data.history,
      })
      client.setQueryData<RebalancesData>(keys.rebalances(to.cluster, to.group), {
        precision: data.steps.at(-1)?.precision ?? data.group.precision,
        steps: data.steps,
      })
    },
    update: (client, to, data) => {
      client.setQueryData<GroupData>(keys.groupDetail(to.cluster, to.group), (old) =>
        old ? mergeGroup(old, data) : old,
      )
      if (data.steps.length > 0)
        client.setQueryData<RebalancesData>(keys.rebalances(to.cluster, to.group), (old) =>
          old ? { ...old, steps: [...old.steps, ...data.steps].slice(-stepsKept) } : old,
        )
    },
  },
  brokers: {
    snapshot: (client, to, data) => writeBrokers(client, to.cluster, data.brokers),
    update: (client, to, data) => writeBrokers(client, to.cluster, data.brokers),
  },
  clients: {
    snapshot: (client, to, data) =>
      client.setQueryData<ClientsData>(
        keys.clients(to.cluster),
        (old) => old && { ...old, clients: data.clients },
      ),
    update: (client, to, data) =>
      client.setQueryData<ClientsData>(keys.clients(to.cluster), (old) =>
        old ? { ...old, clients: mergeRows(old.clients, data.clients, (row) => row.id, data.removed) } : old,
      ),
  },
  sample: {
    snapshot: (client, to, data) => client.setQueryData<SampleData>(keys.sample(to.cluster), data),
    update: (client, to, data) => client.setQueryData<SampleData>(keys.sample(to.cluster), data),
  },
}

function writeBrokers(client: QueryClient, cluster: string, brokers: BrokersData['brokers']): void {
  client.setQueryData<BrokersData>(keys.brokers(cluster), (old) => old && { ...old, brokers })
}

function mergePartitionPoints(
  history: TopicData['history']['partitions'],
  points: TopicData['history']['partitions'],
): TopicData['history']['partitions'] {
  if (points.length === 0) return history
  const byPartition = new Map(points.map((entry) => [entry.partition, entry.recordsPerSecond]))
  const merged = history.map((entry) => {
    const added = byPartition.get(entry.partition)
    byPartition.delete(entry.partition)
    return added ? { ...entry, recordsPerSecond: appendPoints(entry.recordsPerSecond, added) } : entry
  })
  for (const [partition, recordsPerSecond] of byPartition) merged.push({ partition, recordsPerSecond })
  return merged
}

const groupPartitionKey = (row: { topic: string; partition: number }) => `${row.topic}/${row.partition}`

function mergeGroup(old: GroupData, data: Update<'group'>): GroupData {
  return {
    group: {
      ...data.group,
      members: data.members ?? old.group.members,
      partitions: mergeRows(old.group.partitions, data.partitions, groupPartitionKey),
    },
    history: mergeGroupHistory(old.history, data.points),
  }
}

/** The same object while there is no new point: charts are drawn anew when theirs is another. */
function mergeGroupHistory(old: GroupHistory, points: GroupHistory): GroupHistory {
  if (points.lag.length === 0 && points.partitions.length === 0) return old
  const added = new Map(points.partitions.map((entry) => [groupPartitionKey(entry), entry]))
  const partitions = old.partitions.map((entry) => {
    const key = groupPartitionKey(entry)
    const fresh = added.get(key)
    added.delete(key)
    return fresh ? { ...entry, lag: appendPoints(entry.lag, fresh.lag) } : entry
  })
  return {
    lag: appendPoints(old.lag, points.lag),
    lagSeconds: appendPoints(old.lagSeconds, points.lagSeconds),
    partitions: [...partitions, ...added.values()],
  }
}

/** The writer of a subscription's channel; the pairing of channel, snapshot and update is held by `Writers`. */
function writerOf<C extends CachedChannel>(channel: C): Writers[C] {
  return writers[channel]
}

function channelOf<C extends CachedChannel>(subscription: Extract<Subscription, { channel: C }>): C {
  return (subscription as { channel: C }).channel
}

/** The query that a subscription keeps fresh. */
export function keyOf(subscription: CachedSubscription): readonly unknown[] {
  switch (subscription.channel) {
    case 'clusters':
      return keys.clusters()
    case 'overview':
      return keys.overview(subscription.cluster)
    case 'topics':
      return keys.everyTopics(subscription.cluster)
    case 'topic':
      return keys.topicDetail(subscription.cluster, subscription.topic)
    case 'groups':
      return keys.groups(subscription.cluster)
    case 'group':
      return keys.groupDetail(subscription.cluster, subscription.group)
    case 'brokers':
      return keys.brokers(subscription.cluster)
    case 'clients':
      return keys.clients(subscription.cluster)
    case 'sample':
      return keys.sample(subscription.cluster)
  }
}

/** Binds a subscription to the cache: the only way from the WebSocket into it. */
export function cacheListener<C extends CachedChannel>(
  client: QueryClient,
  subscription: Extract<Subscription, { channel: C }>,
): { snapshot: (data: Snapshot<C>) => void; update: (data: Update<C>) => void } {
  const writer = writerOf<C>(channelOf(subscription))
  return {
    snapshot: (data) => writer.snapshot(client, subscription, data),
    update: (data) => writer.update(client, subscription, data),
  }
}
