import type { Clock, Timer } from '../core/clock.ts'
import type { BrokerConfig } from '../core/config/broker-configs.ts'
import type { Partition } from './partition.ts'

/** What housekeeping needs of a node. */
export type Housed = {
  readonly clock: Clock
  readonly config: BrokerConfig
  partitions(): Iterable<Partition>
}

/** Kafka's log.flush.offset.checkpoint.interval.ms. */
const checkpointIntervalMs = 60_000
/** Kafka's log.initial.task.delay.ms: a node that is started again and again has its turn too. */
const firstDelayMs = 30_000
/** Partitions looked at in one turn of the event loop. */
const partitionsPerTurn = 100

/** What a node does on the clock: retention and checkpoints. Long rounds are cut into short turns. */
export class Housekeeping {
  readonly #node: Housed
  readonly #checkpoint: () => void
  readonly #timers = new Set<Timer>()
  #stopped = false

  constructor(node: Housed, checkpoint: () => void) {
    this.#node = node
    this.#checkpoint = checkpoint
  }

  start(): void {
    this.#every(() => checkpointIntervalMs, this.#checkpoint)
    this.#every(
      () => this.#node.config['log.retention.check.interval.ms'],
      () => this.#applyRetention([...this.#node.partitions()]),
    )
  }

  stop(): void {
    this.#stopped = true
    for (const timer of this.#timers) timer.cancel()
  }

  #every(intervalMs: () => number, task: () => void, delayMs = Math.min(firstDelayMs, intervalMs())): void {
    this.#later(delayMs, () => {
      task()
      this.#every(intervalMs, task, intervalMs())
    })
  }

  #later(delayMs: number, task: () => void): void {
    if (this.#stopped) return
    const timer = this.#node.clock.schedule(delayMs, () => {
      this.#timers.delete(timer)
      task()
    })
    this.#timers.add(timer)
  }

  #applyRetention(partitions: readonly Partition[]): void {
    for (const partition of partitions.slice(0, partitionsPerTurn)) {
      if (partition.state.status === 'online') partition.applyRetention()
    }
    const rest = partitions.slice(partitionsPerTurn)
    if (rest.length > 0) this.#later(0, () => this.#applyRetention(rest))
  }
}
