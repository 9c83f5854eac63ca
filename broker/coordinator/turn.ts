import type { BrokerConfig } from '../core/config/broker-configs.ts'
import type { GroupConfig } from '../core/config/group-configs.ts'
import type { GroupRecord } from './coordinator-record.ts'
import type { GroupEvent } from './group-event.ts'
import type { ProducerOfRecords, TopicDirectory } from './partition-writer.ts'

/** Where an answer goes, once the records of its turn are committed. Only the runtime calls it. */
export type ReplyTo<Response> = (response: Response) => void

/** What a state core may look at besides its state and the input. */
export type Surroundings = {
  readonly config: BrokerConfig
  readonly groupConfig: (groupId: string) => GroupConfig
  readonly topics: TopicDirectory
  readonly newUuid: () => string
}

export type TimerChange =
  | {
      readonly key: string
      readonly delayMs: number
      readonly task: (turn: Turn) => void
      readonly onlyIfAbsent: boolean
    }
  | { readonly key: string; readonly delayMs: null }

type EventBody<E> = E extends GroupEvent ? Omit<E, 'atMs'> : never

/**
 * One transition of a shard: the state cores read the time and their surroundings from it and leave their
 * effects in it. Nothing leaves it but through the runtime, which appends the records, then sets the timers,
 * emits the events, and answers when the records are committed.
 */
export class Turn {
  readonly nowMs: number
  readonly config: BrokerConfig
  readonly groupConfig: (groupId: string) => GroupConfig
  readonly topics: TopicDirectory
  readonly newUuid: () => string
  readonly records: GroupRecord[] = []
  readonly replies: (() => void)[] = []
  readonly timers: TimerChange[] = []
  readonly events: GroupEvent[] = []
  /** Consumer groups that have written: at the end of the turn their state is derived anew. */
  readonly touched = new Set<string>()
  /** Set: the records are part of this producer's transaction. */
  producer: ProducerOfRecords | undefined
  /** Set: a failed append is the client's affair, which hears the error code; the state was not touched. */
  onRefused: ((code: number) => void) | undefined
  /** What the state is to become once the records are appended. */
  onAppended: (() => void) | undefined

  constructor(surroundings: Surroundings, nowMs: number) {
    this.nowMs = nowMs
    this.config = surroundings.config
    this.groupConfig = surroundings.groupConfig
    this.topics = surroundings.topics
    this.newUuid = surroundings.newUuid
  }

  reply<Response>(to: ReplyTo<Response>, response: Response): void {
    this.replies.push(() => to(response))
  }

  /** Runs `task` in a turn of its own, `delayMs` from now, instead of what was set for `key` before. */
  schedule(key: string, delayMs: number, task: (turn: Turn) => void): void {
    this.timers.push({ key, delayMs, task, onlyIfAbsent: false })
  }

  /** The same, but a deadline that is set already stays. */
  scheduleIfAbsent(key: string, delayMs: number, task: (turn: Turn) => void): void {
    this.timers.push({ key, delayMs, task, onlyIfAbsent: true })
  }

  cancel(key: string): void {
    this.timers.push({ key, delayMs: null })
  }

  emit(event: EventBody<GroupEvent>): void {
    this.events.push({ ...event, atMs: this.nowMs } as GroupEvent)
  }
}
