import { fillCleanupPolicies } from '../configs/cleanup-policies.ts'
import { fetchOffsetsOfGroups } from '../groups/committed-offsets.ts'
import { describeGroups, listGroups } from '../groups/describe-groups.ts'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import { earliestOffset, latestOffset, listOffsets, type OffsetQuestion } from '../kafka/list-offsets.ts'
import { fetchLogDirs } from '../kafka/log-dirs.ts'
import { applyCommittedOffsets, applyDescription, applyGroupList } from './apply-groups.ts'
import type { LiveState } from './live-state.ts'
import { fillOldestUnread } from './oldest-unread.ts'
import { tick } from './tick.ts'

export type PollerOptions = {
  /** The broker tells offsets and commits by itself: polling only reconciles. */
  hosted: boolean
}

type Loop = { name: string; everyMs: () => number; run: () => Promise<void> }

const watchedMs = 1_000
const unwatchedMs = 5_000
/** The embedded broker tells everything as it happens; this only makes up for what nobody thought of. */
const hostedMs = 60_000
const earliestMs = 10_000
/** A loop rests so many times as long as it worked, so that a huge cluster is not kept busy by us. */
const restFactor = 4

/** Keeps a `LiveState` up to date over the Kafka protocol alone; several loops, each at its own pace. */
export class Poller {
  readonly #client: KafkaClient
  readonly #state: LiveState
  readonly #timers = new Map<string, NodeJS.Timeout>()
  #closed = false
  #groupsListed = false
  #earliestAt = 0
  readonly #loops: Loop[]

  constructor(client: KafkaClient, state: LiveState, { hosted }: PollerOptions) {
    this.#client = client
    this.#state = state
    const pace = () => (hosted ? hostedMs : state.viewers > 0 ? watchedMs : unwatchedMs)
    this.#loops = [
      { name: 'metadata', everyMs: () => (hosted ? hostedMs : 3_000), run: () => this.refreshMetadata() },
      { name: 'groups', everyMs: pace, run: () => this.refreshGroups() },
      { name: 'cleanupPolicies', everyMs: () => 2_000, run: () => fillCleanupPolicies(client, state) },
      { name: 'oldestUnread', everyMs: () => 2_000, run: () => fillOldestUnread(client, state) },
    ]
    if (hosted) return
    this.#loops.push(
      { name: 'offsets', everyMs: pace, run: () => this.#pollOffsets() },
      { name: 'logDirs', everyMs: () => 15_000, run: () => this.#pollLogDirs() },
    )
  }

  /** Resolves after the first look at the cluster, or when it proved to be away. */
  async start(): Promise<void> {
    await this.#turn(this.#loops[0]!)
    if (this.#closed) return
    this.#timers.set(
      'tick',
      setInterval(() => tick(this.#state), 1_000),
    )
    await Promise.all(this.#loops.slice(1).map((loop) => this.#turn(loop)))
  }

  /** Somebody began to look: poll at once instead of when the slow pace says. */
  hurry(): void {
    for (const loop of this.#loops) {
      if (loop.name !== 'offsets' && loop.name !== 'groups') continue
      const timer = this.#timers.get(loop.name)
      // Without a timer it is at work just now.
      if (timer === undefined) continue
      clearTimeout(timer)
      void this.#turn(loop)
    }
  }

  close(): void {
    this.#closed = true
    for (const timer of this.#timers.values()) clearTimeout(timer)
  }

  /** Looks again at once, after an action of ours. */
  async refreshMetadata(): Promise<void> {
    const metadata = await this.#client.metadata(null)
    const back = this.#state.health.state === 'offline'
    if (back) this.#client.forgetAll()
    this.#state.applyMetadata(metadata)
    this.#state.setHealth({ state: 'online', problem: null })
    if (back) this.hurry()
  }

  /** Looks again at some topics alone: on a large cluster the whole takes a while. */
  async refreshTopics(names: readonly string[]): Promise<void> {
    this.#state.applyTopics(await this.#client.metadata(names))
  }

  async refreshGroups(): Promise<void> {
    const state = this.#state
    if (state.health.state !== 'online') return
    applyGroupList(state, await listGroups(this.#client, state.nodes.keys()), !this.#groupsListed)
    this.#groupsListed = true
    const groups = [...state.groups.values()]
    const [offsets] = await Promise.all([
      fetchOffsetsOfGroups(
        this.#client,
        groups.filter(({ type }) => type !== 'share').map(({ groupId }) => groupId),
      ),
      this.refreshDescriptions(
        groups.filter((group) => group.state !== 'Empty' || !group.described || group.members.length > 0),
      ),
    ])
    const now = state.now()
    for (const [groupId, committed] of offsets) applyCommittedOffsets(state, groupId, committed, now)
  }

  async refreshDescriptions(groups: readonly { groupId: string; type: string }[]): Promise<void> {
    if (groups.length === 0) return
    for (const described of await describeGroups(this.#client, groups))
      applyDescription(this.#state, described)
  }

  async #pollOffsets(): Promise<void> {
    const state = this.#state
    if (state.health.state !== 'online') return
    const withEarliest = state.now() - this.#earliestAt > earliestMs
    const [latest, earliest] = await Promise.all([
      listOffsets(this.#client, this.#questions(latestOffset)),
      withEarliest ? listOffsets(this.#client, this.#questions(earliestOffset)) : [],
    ])
    const now = state.now()
    if (withEarliest) this.#earliestAt = now
    const starts = new Map(earliest.map((answer) => [`${answer.topic}/${answer.partition}`, answer]))
    for (const { topic, partition, errorCode, offset } of latest) {
      if (errorCode !== 0) continue
      const start = starts.get(`${topic}/${partition}`)
      const logStartOffset = start?.errorCode === 0 ? start.offset : undefined
      state.applyOffsets(topic, partition, { highWatermark: offset, logStartOffset }, now)
    }
  }

  #questions(timestamp: number): OffsetQuestion[] {
    const questions: OffsetQuestion[] = []
    for (const topic of this.#state.topics.values()) {
      for (const { partition, leader } of topic.partitions) {
        if (leader >= 0) questions.push({ topic: topic.name, partition, leader, timestamp })
      }
    }
    return questions
  }

  async #pollLogDirs(): Promise<void> {
    const state = this.#state
    if (state.health.state !== 'online') return
    const now = state.now()
    for (const dir of await fetchLogDirs(this.#client, state.nodes.keys())) {
      for (const { topic, partition, sizeBytes } of dir.partitions) {
        const known = state.topics.get(topic)?.partitions[partition]
        // Replicas are of about the same size; the leader's is the one to show.
        if (known?.leader === dir.broker)
          state.applyOffsets(topic, partition, { sizeBytes, arrivedRecords: 0 }, now)
      }
    }
  }

  async #turn(loop: Loop): Promise<void> {
    if (this.#closed) return
    this.#timers.delete(loop.name)
    const begun = performance.now()
    try {
      await loop.run()
    } catch (error) {
      if (this.#closed) return
      if (loop.name === 'metadata') {
        const problem = error instanceof Error ? error.message : String(error)
        this.#state.setHealth({ state: 'offline', problem })
      } else this.#client.forgetCoordinator()
    }
    if (this.#closed) return
    const worked = performance.now() - begun
    const away = this.#state.health.state !== 'online' ? 1_000 : 0
    const wait = Math.max(away || loop.everyMs(), away ? 0 : worked * restFactor)
    this.#timers.set(
      loop.name,
      setTimeout(() => void this.#turn(loop), wait),
    )
  }
}
