import { errorCode } from '../protocol/error-codes.ts'
import type { Encodable } from '../protocol/fields.ts'
import type { heartbeatResponse } from '../protocol/schemas/12-heartbeat.ts'
import type { listGroupsResponse } from '../protocol/schemas/16-list-groups.ts'
import type { deleteGroupsResponse } from '../protocol/schemas/42-delete-groups.ts'
import {
  type JoinRequest,
  type JoinResponse,
  joinError,
  type SyncResponse,
  syncError,
} from './group/classic/classic-group.ts'
import type { HeartbeatRequest, LeaveRequest, LeaveResponse } from './group/classic/membership.ts'
import type { SyncRequest } from './group/classic/sync.ts'
import {
  type ConsumerHeartbeat,
  type ConsumerHeartbeatResponse,
  heartbeatFailure,
} from './group/consumer/heartbeat.ts'
import { heartbeatRequestFailure } from './group/consumer/validation.ts'
import {
  classicGroupError,
  consumerGroupError,
  type DescribedClassicGroup,
  type DescribedConsumerGroup,
  describeClassicGroup,
  describeConsumerGroup,
} from './group/describe.ts'
import {
  beginConsumerHeartbeat,
  concludeTurn,
  heartbeatGroup,
  heartbeatKey,
  joinGroup,
  leaveGroup,
  patienceMs,
  startTimers,
  syncGroup,
} from './group/group-operations.ts'
import type { GroupShard } from './group/group-shard.ts'
import { type GroupFilter, listGroups } from './group/list.ts'
import { commitOffsets, type OffsetCommit, type OffsetCommitResult } from './group/offsets/commit.ts'
import { fetchOffsets, type OffsetFetch, type OffsetFetchResult } from './group/offsets/fetch.ts'
import {
  deleteGroup,
  deleteOffsets,
  deleteTopicOffsets,
  expireOffsets,
  type OffsetDelete,
  type OffsetDeleteResult,
} from './group/offsets/removal.ts'
import {
  commitTransactionalOffsets,
  endTransactionalOffsets,
  type TransactionalCommit,
} from './group/offsets/transactional.ts'
import { type GroupSnapshot, snapshotGroup } from './group/snapshot.ts'
import { topicsChanged } from './group/topic-changes.ts'
import type { CoordinatorLifecycle, GroupCoordinatorOptions } from './group-coordinator-options.ts'
import { partitionFor } from './partition-for.ts'
import type { RequestContext } from './request-context.ts'
import { CoordinatorRuntime } from './runtime.ts'
import type { ReplyTo, Turn } from './turn.ts'

type HeartbeatResponse = Encodable<typeof heartbeatResponse>
type ListedGroups = Encodable<typeof listGroupsResponse>
type DeletedGroup = Encodable<typeof deleteGroupsResponse>['results'][number]

/** Tombstones of one expiry turn: they make one batch. */
const maxExpiredARun = 1_000

/**
 * The group coordinator of one node: answers the group APIs for the partitions of `__consumer_offsets` that the
 * node leads. Requests come with ids resolved by the handlers; errors are codes in the answers, never thrown.
 */
export class GroupCoordinator implements CoordinatorLifecycle {
  readonly #options: GroupCoordinatorOptions
  readonly #runtime: CoordinatorRuntime

  constructor(options: GroupCoordinatorOptions) {
    this.#options = options
    this.#runtime = new CoordinatorRuntime(options, {
      loaded: (turn, shard) => {
        startTimers(turn, shard)
        this.#scheduleExpiry(turn, shard, turn.config['offsets.retention.check.interval.ms'])
      },
      concluding: concludeTurn,
    })
  }

  elected(partition: number): Promise<void> {
    return this.#runtime.load(partition)
  }

  resigned(partition: number): void {
    this.#runtime.unload(partition, errorCode.notCoordinator)
  }

  close(): void {
    for (const partition of this.#runtime.partitions()) this.resigned(partition)
  }

  partitionFor(groupId: string): number {
    return partitionFor(groupId, this.#options.brokerConfig()['offsets.topic.num.partitions'])
  }

  topicsChanged(topicNames: readonly string[]): void {
    for (const shard of this.#runtime.activeShards()) topicsChanged(shard, topicNames)
  }

  topicsDeleted(topicNames: readonly string[]): void {
    this.topicsChanged(topicNames)
    const topics = new Set(topicNames)
    this.#runtime.runOnAll((turn, shard) => deleteTopicOffsets(turn, shard, topics))
  }

  /** All groups that are loaded, as they are at this moment. */
  snapshot(): GroupSnapshot[] {
    const snapshots: GroupSnapshot[] = []
    for (const shard of this.#runtime.activeShards()) {
      for (const group of shard.groups.values())
        snapshots.push(snapshotGroup(shard, group, this.#options.topics))
    }
    return snapshots
  }

  /** One group as `snapshot` shows it; undefined when this node does not have it. */
  snapshotOf(groupId: string): GroupSnapshot | undefined {
    for (const shard of this.#runtime.activeShards()) {
      const group = shard.groups.get(groupId)
      if (group) return snapshotGroup(shard, group, this.#options.topics)
    }
    return undefined
  }

  joinGroup(request: JoinRequest, context: RequestContext): Promise<JoinResponse> {
    const config = this.#options.brokerConfig()
    const { groupId, memberId, sessionTimeoutMs } = request
    if (groupId === '') return Promise.resolve(joinError('invalidGroupId', memberId))
    const isTooShort = sessionTimeoutMs < config['group.min.session.timeout.ms']
    if (isTooShort || sessionTimeoutMs > config['group.max.session.timeout.ms']) {
      return Promise.resolve(joinError('invalidSessionTimeout', memberId))
    }
    const onError = (code: number) => ({ ...joinError('none', memberId), errorCode: code })
    return this.#request(groupId, onError, (turn, shard, to: ReplyTo<JoinResponse>) =>
      joinGroup(turn, shard, { request, context, to }),
    )
  }

  syncGroup(request: SyncRequest): Promise<SyncResponse> {
    if (request.groupId === '') return Promise.resolve(syncError('invalidGroupId'))
    const onError = (code: number) => ({ ...syncError('none'), errorCode: code })
    return this.#request(request.groupId, onError, (turn, shard, to: ReplyTo<SyncResponse>) =>
      syncGroup(turn, shard, request, to),
    )
  }

  heartbeat(request: HeartbeatRequest): Promise<HeartbeatResponse> {
    const answer = (code: number) => ({ throttleTimeMs: 0, errorCode: code })
    if (request.groupId === '') return Promise.resolve(answer(errorCode.invalidGroupId))
    // While the group is read in nobody knows better than the client: it is told to go on.
    const onError = (code: number) =>
      answer(code === errorCode.coordinatorLoadInProgress ? errorCode.none : code)
    return this.#answer(request.groupId, onError, (turn, shard) =>
      answer(errorCode[heartbeatGroup(turn, shard, request)]),
    )
  }

  leaveGroup(groupId: string, members: LeaveRequest['members']): Promise<LeaveResponse> {
    const onError = (code: number): LeaveResponse => ({ throttleTimeMs: 0, errorCode: code, members: [] })
    if (groupId === '') return Promise.resolve(onError(errorCode.invalidGroupId))
    return this.#answer(groupId, onError, (turn, shard) => leaveGroup(turn, shard, groupId, members))
  }

  consumerGroupHeartbeat(
    request: ConsumerHeartbeat,
    context: RequestContext,
  ): Promise<ConsumerHeartbeatResponse> {
    const assignors = this.#options.brokerConfig()['group.consumer.assignors']
    const wrong = heartbeatRequestFailure(request, context, assignors)
    if (wrong) return Promise.resolve(heartbeatFailure(wrong))
    const onError = (code: number): ConsumerHeartbeatResponse => ({
      ...heartbeatFailure({ error: 'none', message: '' }),
      errorMessage: null,
      errorCode: code,
    })
    const { groupId } = request
    return this.#runtime.requestTogether(
      this.partitionFor(groupId),
      onError,
      heartbeatKey(request),
      (shard) => patienceMs(shard, request),
      (turn, shard) => beginConsumerHeartbeat(turn, shard, request, context),
    )
  }

  commitOffsets(commit: OffsetCommit, context: RequestContext): Promise<OffsetCommitResult> {
    const onError = (code: number) => ({ errorCode: code, topics: [] })
    return this.#answer(commit.groupId, onError, (turn, shard) => commitOffsets(turn, shard, commit, context))
  }

  commitTransactionalOffsets(commit: TransactionalCommit): Promise<OffsetCommitResult> {
    const onError = (code: number) => ({ errorCode: code, topics: [] })
    return this.#request(commit.groupId, onError, (turn, shard, to: ReplyTo<OffsetCommitResult>) => {
      const refused = (code: number) => to(onError(code))
      turn.reply(to, commitTransactionalOffsets(turn, shard, commit, refused))
    })
  }

  /**
   * Ends what a producer has committed to a partition of `__consumer_offsets` within a transaction, once
   * `writeMarker` has put the marker into it. Its error code, or why the partition is not ours to end.
   */
  endTransaction(
    partition: number,
    producerId: number,
    committed: boolean,
    writeMarker: () => number,
  ): number {
    return this.#runtime.followWrite(partition, writeMarker, (turn, shard) => {
      for (const { groupId, topic, partition: index, offset } of endTransactionalOffsets(
        shard,
        producerId,
        committed,
      )) {
        const committedAs = { groupId, topic, partition: index, offset: offset.offset, memberId: '' }
        turn.emit({ kind: 'offsetCommitted', ...committedAs })
      }
    })
  }

  fetchOffsets(fetch: OffsetFetch): Promise<OffsetFetchResult> {
    const onError = (code: number) => ({ errorCode: code, topics: [] })
    return this.#answer(fetch.groupId, onError, (_turn, shard) => fetchOffsets(shard, fetch))
  }

  deleteOffsets(request: OffsetDelete): Promise<OffsetDeleteResult> {
    const onError = (code: number) => ({ errorCode: code, topics: [] })
    if (request.groupId === '') return Promise.resolve(onError(errorCode.invalidGroupId))
    return this.#answer(request.groupId, onError, (turn, shard) => deleteOffsets(turn, shard, request))
  }

  deleteGroup(groupId: string): Promise<DeletedGroup> {
    const answer = (code: number): DeletedGroup => ({ groupId, errorCode: code })
    return this.#answer(groupId, answer, (turn, shard) =>
      answer(errorCode[deleteGroup(turn, shard, groupId)]),
    )
  }

  describeGroup(groupId: string, apiVersion: number): Promise<DescribedClassicGroup> {
    const onError = (code: number) => classicGroupError(groupId, code, null)
    return this.#answer(groupId, onError, (_turn, shard) =>
      describeClassicGroup(shard.groups.get(groupId), groupId, apiVersion),
    )
  }

  describeConsumerGroup(groupId: string): Promise<DescribedConsumerGroup> {
    const onError = (code: number) => consumerGroupError(groupId, code, null)
    if (groupId === '') return Promise.resolve(onError(errorCode.invalidGroupId))
    return this.#answer(groupId, onError, (turn, shard) =>
      describeConsumerGroup(turn, shard.groups.get(groupId), groupId),
    )
  }

  listGroups(filter: GroupFilter): ListedGroups {
    if (this.#runtime.isLoading) {
      return { throttleTimeMs: 0, errorCode: errorCode.coordinatorLoadInProgress, groups: [] }
    }
    const groups = [...this.#runtime.activeShards()].flatMap((shard) => listGroups(shard, filter))
    return { throttleTimeMs: 0, errorCode: errorCode.none, groups }
  }

  #request<Response>(
    groupId: string,
    onError: (code: number) => Response,
    operation: (turn: Turn, shard: GroupShard, to: ReplyTo<Response>) => void,
  ): Promise<Response> {
    return this.#runtime.request(this.partitionFor(groupId), onError, operation)
  }

  /** A request whose answer is there as soon as its turn is over. */
  #answer<Response>(
    groupId: string,
    onError: (code: number) => Response,
    operation: (turn: Turn, shard: GroupShard) => Response,
  ): Promise<Response> {
    return this.#request(groupId, onError, (turn, shard, to: ReplyTo<Response>) =>
      turn.reply(to, operation(turn, shard)),
    )
  }

  #scheduleExpiry(turn: Turn, shard: GroupShard, delayMs: number): void {
    turn.schedule('offset-expiry', delayMs, (expiry) => {
      const hasMore = expireOffsets(expiry, shard, maxExpiredARun)
      this.#scheduleExpiry(expiry, shard, hasMore ? 0 : expiry.config['offsets.retention.check.interval.ms'])
    })
  }
}
