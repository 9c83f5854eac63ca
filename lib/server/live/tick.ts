import { type GroupLiveState, type GroupPartitionState, partitionKey } from './group-state.ts'
import type { LiveState } from './live-state.ts'
import { Series } from './series.ts'

/** Once a second: rates settle, lag in seconds grows, histories get their points. */
export function tick(state: LiveState): void {
  const nowMs = state.now()
  settleTopics(state, nowMs)
  let lag: number | null = null
  for (const group of state.groups.values()) {
    computeGroup(state, group, nowMs)
    sampleGroup(group, nowMs)
    if (group.lag !== null) lag = (lag ?? 0) + group.lag
  }
  if (state.health.state !== 'online') return
  state.recordsIn.set(nowMs, state.recordsInPerSecond)
  state.bytesIn.set(nowMs, state.bytesInPerSecond)
  state.bytesOut.set(nowMs, state.bytesOutPerSecond)
  state.lag.set(nowMs, lag)
}

function settleTopics(state: LiveState, nowMs: number): void {
  let recordsPerSecond = 0
  let bytesPerSecond: number | null = null
  for (const topic of state.topics.values()) {
    let changed = false
    for (const partition of topic.partitions) {
      if (partition.records === null) continue
      if (partition.settle(nowMs)) {
        partition.version = state.touch()
        changed = true
      }
      partition.sample(nowMs)
      if (partition.bytesPerSecond !== null) bytesPerSecond = (bytesPerSecond ?? 0) + partition.bytesPerSecond
    }
    if (changed) {
      topic.settle()
      topic.version = state.touch()
    }
    topic.sample(nowMs)
    if (!topic.internal) recordsPerSecond += topic.recordsPerSecond
  }
  state.recordsInPerSecond = Math.round(recordsPerSecond * 10) / 10
  if (state.precision !== 'exact') return
  state.bytesInPerSecond = bytesPerSecond ?? 0
  state.bytesOutPerSecond = state.bytesOutRate.perSecond(nowMs)
}

/** Lag of each partition and of the group from what is known now. */
export function computeGroup(state: LiveState, group: GroupLiveState, nowMs: number): void {
  let changed = false
  for (const partition of group.partitions.values()) {
    if (partition.log === null)
      partition.log = state.topics.get(partition.topic)?.partitions[partition.partition] ?? null
    const lag = lagOf(partition)
    const lagSeconds = lag === null ? null : lagSecondsOf(partition, lag, nowMs)
    if (lag === partition.lag && lagSeconds === partition.lagSeconds) continue
    partition.lag = lag
    partition.lagSeconds = lagSeconds
    partition.version = state.touch()
    changed = true
  }
  if (!changed) return
  group.sum()
  group.version = state.touch()
}

/** Records that the group has still to read; null: nothing committed or the topic is gone. */
function lagOf({ committedOffset, log }: GroupPartitionState): number | null {
  if (committedOffset === null || log === null || !log.known) return null
  // What retention or DeleteRecords took can no longer be read.
  return Math.max(0, log.highWatermark - Math.max(committedOffset, log.logStartOffset))
}

/** Age of the oldest unread record by when the broker had it; coarse, so that it does not change all the time. */
function lagSecondsOf(partition: GroupPartitionState, lag: number, nowMs: number): number | null {
  if (lag === 0) return 0
  const { log, committedOffset, oldestUnread } = partition
  const offset = Math.max(committedOffset!, log!.logStartOffset)
  const since = log!.clock.timeOf(offset) ?? (oldestUnread?.offset === offset ? oldestUnread.timestamp : null)
  if (since === null) return null
  const seconds = Math.max(0, (nowMs - since) / 1_000)
  return seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)
}

function sampleGroup(group: GroupLiveState, nowMs: number): void {
  group.trend.sample(nowMs, group.lag)
  group.lagHistory.set(nowMs, group.lag)
  group.lagSecondsHistory.set(nowMs, group.lagSeconds)
  for (const partition of group.partitions.values()) {
    partition.trend.sample(nowMs, partition.lag)
    partition.consumedPerSecond = partition.consumed?.perSecond(nowMs) ?? partition.consumedPerSecond
    if (partition.history !== null || (partition.lag ?? 0) > 0) samplePartition(partition, nowMs)
  }
}

function samplePartition(partition: GroupPartitionState, nowMs: number): void {
  partition.history ??= new Series()
  partition.history.set(nowMs, partition.lag)
}

/** Members' assignments onto the partitions, so that each says who reads it. */
export function assignMembers(state: LiveState, group: GroupLiveState): void {
  const owners = new Map<string, string>()
  for (const member of group.members) {
    for (const { topic, partitions } of member.assignment) {
      for (const partition of partitions) owners.set(partitionKey(topic, partition), member.memberId)
    }
  }
  for (const key of owners.keys()) {
    const [topic, partition] = key.split('\0') as [string, string]
    group.partition(topic, Number(partition))
  }
  for (const [key, partition] of group.partitions) {
    const memberId = owners.get(key) ?? null
    if (memberId === partition.memberId) continue
    partition.memberId = memberId
    partition.version = state.touch()
  }
}
