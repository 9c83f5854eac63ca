import type { GroupMember, GroupState as GroupStateName, RebalanceStep } from '../../contract/groups.ts'
import { EventRing } from './event-ring.ts'
import type { Rate } from './rate.ts'
import { Series } from './series.ts'
import type { PartitionState } from './topic-state.ts'

const keptSteps = 500
/** Over how many seconds a trend is measured. */
const trendSeconds = 15

/** A committed offset of a group with the figures that come of it. */
export class GroupPartitionState {
  readonly topic: string
  readonly partition: number
  version = 0
  committedOffset: number | null = null
  metadata: string | null = null
  leaderEpoch: number | null = null
  lag: number | null = null
  lagSeconds: number | null = null
  consumedPerSecond: number | null = null
  consumed: Rate | null = null
  readonly trend = new Trend()
  /** Kept once there was a lag: there may be 50,000 of these. */
  history: Series | null = null
  /** The partition's own state; null: the topic is gone. */
  log: PartitionState | null = null
  memberId: string | null = null
  /** Time of the oldest unread record where the clock reaches not so far back: read from the log once an offset. */
  oldestUnread: { offset: number; timestamp: number } | null = null

  constructor(topic: string, partition: number) {
    this.topic = topic
    this.partition = partition
  }
}

/** Change a second between now and `trendSeconds` ago. */
export class Trend {
  readonly #samples: { atMs: number; value: number }[] = []

  sample(atMs: number, value: number | null): void {
    if (value === null) return
    this.#samples.push({ atMs, value })
    if (this.#samples.length > trendSeconds + 1) this.#samples.shift()
  }

  get perSecond(): number | null {
    const first = this.#samples[0]
    const last = this.#samples.at(-1)
    if (first === undefined || last === undefined || last.atMs - first.atMs < 2_000) return null
    return Math.round(((last.value - first.value) / (last.atMs - first.atMs)) * 10_000) / 10
  }
}

export class GroupLiveState {
  readonly groupId: string
  version = 0
  membersVersion = 0
  state: GroupStateName = 'Unknown'
  type = 'classic'
  protocolType = ''
  protocol = ''
  epoch: number | null = null
  coordinator: number | null = null
  members: GroupMember[] = []
  /** Asked for once at least. */
  described = false
  lag: number | null = null
  lagSeconds: number | null = null
  readonly partitions = new Map<string, GroupPartitionState>()
  readonly trend = new Trend()
  readonly lagHistory = new Series()
  readonly lagSecondsHistory = new Series()
  readonly steps = new EventRing<RebalanceStep>(keptSteps)

  constructor(groupId: string) {
    this.groupId = groupId
  }

  partition(topic: string, partition: number): GroupPartitionState {
    const key = partitionKey(topic, partition)
    const known = this.partitions.get(key)
    if (known !== undefined) return known
    const created = new GroupPartitionState(topic, partition)
    this.partitions.set(key, created)
    return created
  }

  /** Sums the partitions' lag; null while nothing is committed. */
  sum(): void {
    let lag: number | null = null
    let lagSeconds: number | null = null
    for (const partition of this.partitions.values()) {
      if (partition.lag !== null) lag = (lag ?? 0) + partition.lag
      if (partition.lagSeconds !== null) lagSeconds = Math.max(lagSeconds ?? 0, partition.lagSeconds)
    }
    this.lag = lag
    this.lagSeconds = lagSeconds
  }
}

/** A topic's name holds no NUL. */
export function partitionKey(topic: string, partition: number): string {
  return `${topic}\0${partition}`
}
