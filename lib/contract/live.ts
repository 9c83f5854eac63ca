import { z } from 'zod'
import { brokerRow } from './brokers.ts'
import { clientRow } from './clients.ts'
import { activity, cluster, overview, overviewHistory } from './clusters.ts'
import { point, precision } from './figures.ts'
import { group, groupHistory, groupPartition, groupRow, rebalanceStep } from './groups.ts'
import { record, searchProgress, searchRequest, tailRequest } from './records.ts'
import { sampleStatus } from './sample.ts'
import { partition, topicHistory } from './topics.ts'

/*
 * WebSocket at /ws, JSON text frames.
 *
 * The client subscribes with an id of its own choosing (a positive integer, unique on the connection). The
 * server answers with one `snapshot` and then `update`s of that id, numbered `seq` = snapshot's seq + 1, + 2, ….
 * A gap (seq is not the last one + 1) means that updates were dropped: send `resync`, a snapshot follows. When
 * the client reads too slowly, the server drops its queued updates and sends a snapshot by itself: a snapshot
 * always replaces what was there. After a reconnect the client subscribes again. At most 20 frames a second,
 * each an array of messages.
 */

const onCluster = z.object({ cluster: z.string() })

/** What can be subscribed to, with its parameters. */
export const subscription = z.discriminatedUnion('channel', [
  z.object({ channel: z.literal('clusters') }),
  onCluster.extend({ channel: z.literal('overview') }),
  onCluster.extend({ channel: z.literal('topics') }),
  onCluster.extend({ channel: z.literal('topic'), topic: z.string() }),
  onCluster.extend({ channel: z.literal('groups') }),
  onCluster.extend({ channel: z.literal('group'), group: z.string() }),
  onCluster.extend({ channel: z.literal('brokers') }),
  onCluster.extend({ channel: z.literal('clients') }),
  onCluster.extend({ channel: z.literal('sample') }),
  tailRequest.extend({ channel: z.literal('tail') }),
  searchRequest.extend({ channel: z.literal('search') }),
])
export type Subscription = z.input<typeof subscription>
export type Channel = Subscription['channel']

/** Records that one batch brought: what the lanes draw. `at` is server time in ms. */
export const append = z.object({
  partition: z.number(),
  baseOffset: z.number(),
  count: z.number(),
  sizeBytes: z.number().nullable(),
  at: z.number(),
})
export type Append = z.infer<typeof append>

const topicRate = z.object({
  name: z.string(),
  records: z.number().nullable(),
  precision,
  sizeBytes: z.number().nullable(),
  recordsPerSecond: z.number(),
})

const hits = z.object({ progress: searchProgress, records: z.array(record) })

/** Data of a snapshot, by channel: the whole state. */
export const snapshots = {
  clusters: z.object({ clusters: z.array(cluster) }),
  overview: z.object({ overview, history: overviewHistory }),
  /** Only topics that are not at rest; figures of all come from `GET …/topics`. */
  topics: z.object({ topics: z.array(topicRate) }),
  topic: z.object({ partitions: z.array(partition), history: topicHistory }),
  groups: z.object({ groups: z.array(groupRow) }),
  group: z.object({ group, history: groupHistory, steps: z.array(rebalanceStep) }),
  brokers: z.object({ brokers: z.array(brokerRow) }),
  clients: z.object({ clients: z.array(clientRow) }),
  sample: sampleStatus,
  /** Empty at first; after a drop, the newest records that are still kept. */
  tail: z.object({ records: z.array(record), skipped: z.number() }),
  search: hits,
} as const

/** Data of an update, by channel: what changed since the message before. */
export const updates = {
  clusters: z.object({ clusters: z.array(cluster) }),
  overview: z.object({
    overview: overview.omit({ activity: true }),
    /** Newly happened, oldest first. */
    activity: z.array(activity),
    /** New points to append to the history. */
    points: z.object({
      recordsInPerSecond: z.array(point),
      bytesInPerSecond: z.array(point),
      bytesOutPerSecond: z.array(point),
      lag: z.array(point),
    }),
  }),
  topics: z.object({
    topics: z.array(topicRate),
    /** Topics were created, deleted or got partitions: load the list again. */
    changed: z.boolean(),
  }),
  topic: z.object({
    /** Only those that changed. */
    partitions: z.array(partition),
    appends: z.array(append),
    points: topicHistory,
    /** Partitions were added, or the topic is gone. */
    changed: z.boolean(),
  }),
  groups: z.object({
    /** Rows that changed or are new. */
    groups: z.array(groupRow),
    removed: z.array(z.string()),
  }),
  group: z.object({
    /** State, epoch, lag figures; members only when they changed. */
    group: group.omit({ partitions: true, members: true }),
    members: group.shape.members.nullable(),
    /** Only those that changed. */
    partitions: z.array(groupPartition),
    points: groupHistory,
    steps: z.array(rebalanceStep),
  }),
  brokers: z.object({ brokers: z.array(brokerRow) }),
  clients: z.object({ clients: z.array(clientRow), removed: z.array(z.string()) }),
  sample: sampleStatus,
  tail: z.object({
    records: z.array(record),
    /** Records that were not sent because there were too many to show. */
    skipped: z.number(),
  }),
  search: hits,
} as const

export type Snapshot<C extends Channel> = z.infer<(typeof snapshots)[C]>
export type Update<C extends Channel> = z.infer<(typeof updates)[C]>

const id = z.int().min(1)

export const clientMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('subscribe'), id, subscription }),
  z.object({ type: z.literal('unsubscribe'), id }),
  /** Nothing is sent until `resume`; a tail keeps the newest records meanwhile and counts the rest. */
  z.object({ type: z.literal('pause'), id }),
  z.object({ type: z.literal('resume'), id }),
  /** After a gap: send a snapshot. */
  z.object({ type: z.literal('resync'), id }),
  /** Ends a search; its last update has state `stopped`. */
  z.object({ type: z.literal('stop'), id }),
  z.object({ type: z.literal('ping'), at: z.number() }),
])
export type ClientMessage = z.input<typeof clientMessage>

export type SnapshotMessage = {
  [C in Channel]: { type: 'snapshot'; id: number; seq: number; channel: C; data: Snapshot<C> }
}[Channel]
export type UpdateMessage = {
  [C in Channel]: { type: 'update'; id: number; seq: number; channel: C; data: Update<C> }
}[Channel]

export type ServerMessage =
  | { type: 'hello'; version: string; serverTime: number }
  | SnapshotMessage
  | UpdateMessage
  /** The subscription `id` failed and is gone; `id` null: the message was not understood. */
  | { type: 'error'; id: number | null; code: string; message: string; retriable: boolean }
  /** A search or tail is over by itself. */
  | { type: 'end'; id: number; reason: string }
  | { type: 'pong'; at: number; serverTime: number }

/** One WebSocket text frame from the server. */
export type ServerFrame = { messages: ServerMessage[] }
