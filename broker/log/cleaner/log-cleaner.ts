import type { Clock, Timer } from '../../core/clock.ts'
import { CorruptRecordError, DecompressedTooLargeError } from '../../records/corrupt-record-error.ts'
import { defaultMaxDecompressedBytes } from '../../records/record.ts'
import type { Log } from '../log.ts'
import { LogCorruptError, LogIoError } from '../log-error.ts'
import { type CleanedLog, type CleanTask, cleanLog } from './clean-log.ts'
import { type CleanPlan, isWorthCleaning, planCleaning } from './clean-plan.ts'

/** The log.cleaner.* configs, read anew at every use. */
export type CleanerConfig = {
  isEnabled: boolean
  backoffMs: number
  dedupeBufferBytes: number
  loadFactor: number
  /** Infinity: no bound. */
  maxBytesPerSecond: number
}

export type CleanableLog = { log: Log; highWatermark: number }

export type LogCleanerOptions = {
  clock: Clock
  config: () => CleanerConfig
  /** The logs that are open now. */
  logs: () => Iterable<CleanableLog>
  cleanedOffset: (log: Log) => number | undefined
  checkpoint: (log: Log, cleanedOffset: number) => void
  onCleaned: (log: Log, cleaned: CleanedLog) => void
  /** The log is left alone from then on (damaged) or tried again later (disk). */
  onFailed: (log: Log, error: Error) => void
  /** Milliseconds of a clock that only goes forward; default performance.now. */
  elapsedMs?: () => number
}

/** Work in one turn of the event loop: produce and fetch wait for no longer than this and one batch. */
const stepBudgetMs = 2
/** A step's share of time: after 2 ms of work others have at least as much. */
const pauseMs = 2

/**
 * Compacts logs in the background (Kafka's LogCleaner with one thread): the one with the greatest dirty ratio
 * first, in short steps on the clock, until none is worth it; then it looks again every log.cleaner.backoff.ms.
 */
export class LogCleaner {
  readonly #options: LogCleanerOptions
  readonly #elapsedMs: () => number
  /** Logs that hold what cannot be cleaned. */
  readonly #uncleanable = new WeakSet<Log>()
  #timer: Timer | undefined
  #wakePaused: (() => void) | undefined
  #isStopped = false
  /** The longest turn so far, for the curious and for tests. */
  longestStepMs = 0

  constructor(options: LogCleanerOptions) {
    this.#options = options
    this.#elapsedMs = options.elapsedMs ?? (() => performance.now())
  }

  start(): void {
    this.#timer = this.#options.clock.schedule(this.#options.config().backoffMs, () => void this.#round())
  }

  /** What is being cleaned is left as it was. */
  stop(): void {
    this.#isStopped = true
    this.#timer?.cancel()
    this.#wakePaused?.()
  }

  /** Cleans everything that is worth it now; true when something was cleaned. */
  async cleanAll(): Promise<boolean> {
    let hasCleaned = false
    for (;;) {
      const next = this.#isStopped ? undefined : this.#dirtiest()
      if (next === undefined || !(await this.#clean(next.log, next.plan))) return hasCleaned
      hasCleaned = true
    }
  }

  async #round(): Promise<void> {
    if (this.#options.config().isEnabled) await this.cleanAll()
    if (!this.#isStopped) this.start()
  }

  #dirtiest(): { log: Log; plan: CleanPlan } | undefined {
    let dirtiest: { log: Log; plan: CleanPlan } | undefined
    for (const { log, highWatermark } of this.#options.logs()) {
      if (!log.config.cleanupPolicy.includes('compact') || log.allSegments.length < 2) continue
      if (this.#uncleanable.has(log) || log.isClosed || log.failure) continue
      const plan = this.#planOf(log, highWatermark)
      if (!isWorthCleaning(plan, log.config)) continue
      if (!dirtiest || plan.dirtyRatio > dirtiest.plan.dirtyRatio) dirtiest = { log, plan }
    }
    return dirtiest
  }

  #planOf(log: Log, highWatermark: number): CleanPlan {
    return planCleaning({
      segments: log.allSegments,
      config: log.config,
      logStartOffset: log.logStartOffset,
      logEndOffset: log.logEndOffset,
      lastStableOffset: log.lastStableOffset(highWatermark),
      cleanedOffset: this.#options.cleanedOffset(log),
      nowMs: this.#options.clock.nowMs(),
    })
  }

  /** False when it came to nothing: then another look now would choose the same log again. */
  async #clean(log: Log, plan: CleanPlan): Promise<boolean> {
    const { config, clock, cleanedOffset, checkpoint, onCleaned, onFailed } = this.#options
    const { dedupeBufferBytes, loadFactor } = config()
    const task: CleanTask = {
      log,
      plan,
      nowMs: clock.nowMs(),
      dedupeBufferBytes,
      loadFactor,
      maxDecompressedBytes: defaultMaxDecompressedBytes,
      inUse: [],
      readBytes: 0,
    }
    try {
      // Before the first gap in the offsets, so that recovery expects them whatever comes.
      if (cleanedOffset(log) === undefined) checkpoint(log, plan.firstDirtyOffset)
      const cleaned = await this.#run(task)
      if (!cleaned) return false
      checkpoint(log, cleaned.cleanedOffset)
      onCleaned(log, cleaned)
      return cleaned.cleanedOffset > plan.firstDirtyOffset
    } catch (error) {
      if (!isStorageFault(error)) throw error
      if (!(error instanceof LogIoError)) this.#uncleanable.add(log)
      onFailed(log, error)
      return false
    }
  }

  /** Runs a cleaning to its end in steps; undefined when the log changed under it or the cleaner was stopped. */
  async #run(task: CleanTask): Promise<CleanedLog | undefined> {
    const steps = cleanLog(task)
    const beganMs = this.#elapsedMs()
    for (;;) {
      const startedMs = this.#elapsedMs()
      let step = steps.next()
      while (!step.done && step.value === undefined && this.#elapsedMs() - startedMs < stepBudgetMs)
        step = steps.next()
      this.longestStepMs = Math.max(this.longestStepMs, this.#elapsedMs() - startedMs)
      if (step.done) return step.value
      await this.#settled(step.value, steps)
      await this.#pause(task.readBytes, beganMs)
      const isCurrent = task.log.holds(task.inUse) && task.log.config.cleanupPolicy.includes('compact')
      if (this.#isStopped || !isCurrent) {
        steps.return(undefined as never)
        return undefined
      }
    }
  }

  /** What the cleaning waits for; when that fails, the cleaning gets to tidy up. */
  async #settled(promise: Promise<unknown> | undefined, steps: Generator): Promise<void> {
    try {
      await promise
    } catch (error) {
      steps.throw(error)
    }
  }

  /** At least `pauseMs`; longer where log.cleaner.io.max.bytes.per.second asks for it. */
  #pause(readBytes: number, beganMs: number): Promise<void> {
    const { maxBytesPerSecond } = this.#options.config()
    const dueMs = beganMs + (readBytes / maxBytesPerSecond) * 1000
    const delayMs = Math.max(pauseMs, dueMs - this.#elapsedMs())
    if (this.#isStopped) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = this.#options.clock.schedule(delayMs, resolve)
      this.#wakePaused = () => {
        timer.cancel()
        resolve()
      }
    })
  }
}

function isStorageFault(error: unknown): error is Error {
  return (
    error instanceof LogIoError ||
    error instanceof LogCorruptError ||
    error instanceof CorruptRecordError ||
    error instanceof DecompressedTooLargeError
  )
}
