import { z } from 'zod'
import { endpointTable } from './endpoint.ts'
import { done } from './error.ts'
import { point, precision } from './figures.ts'

/** Kafka's names of both protocols' states; `Unknown` when a broker says something newer. */
export const groupState = z.enum([
  'Empty',
  'Stable',
  'PreparingRebalance',
  'CompletingRebalance',
  'Assigning',
  'Reconciling',
  'Dead',
  'NotReady',
  'Unknown',
])
export type GroupState = z.infer<typeof groupState>

export const groupRow = z
  .object({
    groupId: z.string(),
    state: groupState,
    /** `classic`, `consumer`, `share`, `streams`. */
    type: z.string(),
    /** `consumer`, `connect`, … of a classic group; empty when it has no members. */
    protocolType: z.string(),
    /** Assignor: `range`, `cooperative-sticky`, `uniform`, …. */
    protocol: z.string(),
    members: z.number(),
    topics: z.array(z.string()),
    coordinator: z.number().nullable(),
    lag: z.number().nullable(),
    /** Of `lag`. */
    precision,
    lagSeconds: z.number().nullable(),
    /** Change of lag in records a second; negative: catching up. */
    trend: z.number().nullable(),
  })
  .meta({ id: 'GroupRow' })
export type GroupRow = z.infer<typeof groupRow>

export const assignedTopic = z.object({ topic: z.string(), partitions: z.array(z.number()) })

export const groupMember = z
  .object({
    memberId: z.string(),
    groupInstanceId: z.string().nullable(),
    clientId: z.string(),
    host: z.string(),
    /** Consumer protocol only. */
    memberEpoch: z.number().nullable(),
    subscribedTopics: z.array(z.string()),
    assignment: z.array(assignedTopic),
    /** Consumer protocol only: where the member is being moved to. */
    targetAssignment: z.array(assignedTopic).nullable(),
    lag: z.number().nullable(),
  })
  .meta({ id: 'GroupMember' })
export type GroupMember = z.infer<typeof groupMember>

export const groupPartition = z
  .object({
    topic: z.string(),
    partition: z.number(),
    /** Null: nothing committed. */
    committedOffset: z.number().nullable(),
    committedMetadata: z.string().nullable(),
    leaderEpoch: z.number().nullable(),
    logStartOffset: z.number(),
    highWatermark: z.number(),
    lag: z.number().nullable(),
    /** Age of the oldest unread record by when the broker had it; null: not known yet. */
    lagSeconds: z.number().nullable(),
    trend: z.number().nullable(),
    /** Commits a second move the offset by so many records a second. */
    consumedPerSecond: z.number().nullable(),
    memberId: z.string().nullable(),
  })
  .meta({ id: 'GroupPartition' })
export type GroupPartition = z.infer<typeof groupPartition>

export const group = z
  .object({
    groupId: z.string(),
    state: groupState,
    type: z.string(),
    protocolType: z.string(),
    protocol: z.string(),
    /** Generation of a classic group, group epoch of a consumer group; null: not told. */
    epoch: z.number().nullable(),
    coordinator: z.object({ nodeId: z.number(), host: z.string(), port: z.number() }).nullable(),
    precision,
    members: z.array(groupMember),
    partitions: z.array(groupPartition),
    lag: z.number().nullable(),
    lagSeconds: z.number().nullable(),
    trend: z.number().nullable(),
  })
  .meta({ id: 'Group' })
export type Group = z.infer<typeof group>

/** Last 30 minutes, one point each 5 s at most. */
export const groupHistory = z
  .object({
    lag: z.array(point),
    lagSeconds: z.array(point),
    partitions: z.array(z.object({ topic: z.string(), partition: z.number(), lag: z.array(point) })),
  })
  .meta({ id: 'GroupHistory' })
export type GroupHistory = z.infer<typeof groupHistory>

/** One step of a rebalance. On the embedded broker as the coordinator took it; elsewhere from polling. */
export const rebalanceStep = z
  .object({
    at: z.number(),
    precision,
    kind: z.enum([
      'joined',
      'left',
      'expired',
      'fenced',
      'rebalanceStarted',
      'assignmentComputed',
      'synced',
      'revoking',
      'assigned',
      'stateChanged',
    ]),
    memberId: z.string().nullable(),
    clientId: z.string().nullable(),
    epoch: z.number().nullable(),
    state: groupState.nullable(),
    assignment: z.array(assignedTopic).nullable(),
    text: z.string(),
  })
  .meta({ id: 'RebalanceStep' })
export type RebalanceStep = z.infer<typeof rebalanceStep>

export const resetTarget = z.discriminatedUnion('to', [
  z.object({ to: z.literal('earliest') }),
  z.object({ to: z.literal('latest') }),
  z.object({ to: z.literal('time'), timestamp: z.int().min(0) }),
  z.object({ to: z.literal('offset'), offset: z.int().min(0) }),
  z.object({ to: z.literal('shift'), by: z.int() }),
  z.object({ to: z.literal('group'), groupId: z.string().min(1) }),
])
export type ResetTarget = z.infer<typeof resetTarget>

export const resetOffsetsBody = z
  .object({
    target: resetTarget,
    /** Absent: every topic of the group. `partitions` absent: all of the topic's. */
    topics: z
      .array(z.object({ topic: z.string(), partitions: z.array(z.int().min(0)).optional() }))
      .optional(),
    /** Own offset a partition, over the target. */
    overrides: z
      .array(z.object({ topic: z.string(), partition: z.int().min(0), offset: z.int().min(0) }))
      .default([]),
    dryRun: z.boolean().default(true),
  })
  .meta({ id: 'ResetOffsets' })
export type ResetOffsetsBody = z.input<typeof resetOffsetsBody>

export const resetOffsetsResult = z
  .object({
    applied: z.boolean(),
    /** Why it cannot be applied now (members are active); null: it can. */
    blocked: z.string().nullable(),
    partitions: z.array(
      z.object({
        topic: z.string(),
        partition: z.number(),
        currentOffset: z.number().nullable(),
        newOffset: z.number(),
        /** Clamped to the log, no record at that time, … */
        note: z.string().nullable(),
        lagBefore: z.number().nullable(),
        lagAfter: z.number(),
        error: z.string().nullable(),
      }),
    ),
    /** The same with Kafka's own tool. */
    command: z.string(),
  })
  .meta({ id: 'ResetOffsetsResult' })
export type ResetOffsetsResult = z.infer<typeof resetOffsetsResult>

export const deleteOffsetsBody = z
  .object({
    topics: z.array(z.object({ topic: z.string(), partitions: z.array(z.int().min(0)).optional() })).min(1),
  })
  .meta({ id: 'DeleteOffsets' })
export type DeleteOffsetsBody = z.input<typeof deleteOffsetsBody>

export const groupEndpoints = endpointTable({
  'GET /api/clusters/{cluster}/groups': {
    tag: 'Groups',
    summary: 'All groups with lag',
    response: z.object({ precision, groups: z.array(groupRow) }),
  },
  'GET /api/clusters/{cluster}/groups/{group}': {
    tag: 'Groups',
    summary: 'One group: members, assignment, offsets, lag with 30 minutes of history',
    response: z.object({ group, history: groupHistory }),
  },
  'DELETE /api/clusters/{cluster}/groups/{group}': {
    tag: 'Groups',
    summary: 'Delete a group without members and its offsets',
    response: done,
  },
  'GET /api/clusters/{cluster}/groups/{group}/rebalances': {
    tag: 'Groups',
    summary: 'The rebalance timeline, oldest first, as far as it is kept',
    response: z.object({ precision, steps: z.array(rebalanceStep) }),
  },
  'POST /api/clusters/{cluster}/groups/{group}/reset-offsets': {
    tag: 'Groups',
    summary: 'Reset offsets; a dry run unless `dryRun` is false',
    body: resetOffsetsBody,
    response: resetOffsetsResult,
  },
  'POST /api/clusters/{cluster}/groups/{group}/delete-offsets': {
    tag: 'Groups',
    summary: 'Delete committed offsets of topics that the group is not subscribed to',
    body: deleteOffsetsBody,
    response: z.object({
      partitions: z.array(
        z.object({ topic: z.string(), partition: z.number(), error: z.string().nullable() }),
      ),
    }),
  },
})
