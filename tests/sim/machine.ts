import { MetadataWriteError } from '../../broker/cluster/metadata-log.ts'
import { isStorageError } from '../../broker/cluster/partition.ts'
import { MemoryDisk } from '../../broker/core/memory-disk.ts'
import { type Fault, FaultPlan } from './fault-plan.ts'
import { NodeProcess } from './node-process.ts'
import { SimClock } from './sim-clock.ts'

export type PowerLoss = { readonly flushedEnds: ReadonlyMap<string, number> }

export type MachineOptions = {
  readonly random: () => number
  readonly faults: readonly Fault[]
  readonly config: ReadonlyMap<string, string>
  /** Told when a node is up again, before clients reach it; `powerLoss` when the machine lost power meanwhile. */
  readonly onStarted: (process: NodeProcess, powerLoss: PowerLoss | undefined) => Promise<void>
  /** The node is down and its files lie still. */
  readonly whileDown: (disk: MemoryDisk, wasClean: boolean) => void
}

const restartDelayMs = 100
/** An operator who sees a partition or the whole disk fail starts the node anew. */
const repairDelayMs = 3_000
const maxStartsInARow = 100

/** One computer: its clock, its disk, and a node on it that is started again whenever it ends. */
export class Machine {
  readonly clock = new SimClock()
  readonly plan: FaultPlan
  readonly bugs: unknown[] = []
  /** What happened, for a person who replays a schedule. */
  readonly trace: string[] = []
  isTracing = false
  disk = new MemoryDisk()
  process: NodeProcess | undefined
  kills = 0
  powerLosses = 0
  startFailures = 0
  readonly #options: MachineOptions
  #powerLoss: PowerLoss | undefined
  #offlineSinceMs: number | undefined
  #wasClean = false

  constructor(options: MachineOptions) {
    this.#options = options
    this.plan = new FaultPlan(options.faults, {
      elapsedMs: () => this.clock.elapsedMs(),
      random: options.random,
      kill: (withPowerLoss) => this.kill(withPowerLoss),
      trace: (line) => this.note(line),
      exists: (path) => this.disk.stat(path) !== undefined,
    })
    this.disk.mkdir('/data')
    this.disk.fault = (call) => this.plan.next(call)
  }

  note(line: string): void {
    if (this.isTracing) this.trace.push(`${this.clock.elapsedMs()} ms: ${line}`)
  }

  /** Starts the node, again and again while the disk does not let it. */
  async start(): Promise<void> {
    for (let tries = 0; tries < maxStartsInARow; tries++) {
      this.plan.forgetStruck()
      const process = new NodeProcess(
        this.disk,
        (isAlive) => this.clock.ofProcess(isAlive),
        this.#options.config,
        (error) => this.bugs.push(error),
      )
      this.process = process
      try {
        await process.start()
        if (process.isAlive) break
      } catch (error) {
        if (process.isAlive && !isToldToOperator(error)) this.bugs.push(error)
        this.note(`the start failed: ${error instanceof Error ? error.message : error}`)
        this.startFailures++
        process.kill()
      }
      this.#lose()
      this.#options.whileDown(this.disk, this.#wasClean)
      const againMs = this.clock.elapsedMs() + restartDelayMs
      while (this.clock.step(againMs)) await settled()
    }
    if (!this.process?.isAlive) throw new Error('the node does not start any more')
    await this.#started(this.process)
  }

  async #started(process: NodeProcess): Promise<void> {
    this.note('the node is up')
    this.#offlineSinceMs = undefined
    this.#wasClean = false
    const powerLoss = this.#powerLoss
    this.#powerLoss = undefined
    await this.#options.onStarted(process, powerLoss)
  }

  /** The process ends where it stands. */
  kill(withPowerLoss: boolean): void {
    const { process } = this
    if (!process?.isAlive) return
    this.note(withPowerLoss ? 'power loss' : 'kill -9')
    if (withPowerLoss) {
      this.powerLosses++
      // What an earlier power cut left is on the disk, also when the node never came up since.
      this.#powerLoss = {
        flushedEnds: new Map([...(this.#powerLoss?.flushedEnds ?? []), ...process.flushedEnds()]),
      }
    } else this.kills++
    process.kill()
  }

  /** The time of day is set. */
  jump(byMs: number): void {
    this.note(`the clock jumps by ${byMs} ms`)
    this.clock.jump(byMs)
  }

  /** An orderly end; the next step starts the node again. */
  stop(): void {
    const { process } = this
    if (!process?.isAlive) return
    this.note('the node is stopped')
    try {
      process.stop()
      this.#wasClean = true
    } catch (error) {
      if (!isToldToOperator(error)) this.bugs.push(error)
      process.kill()
    }
  }

  /** Runs what is due until the clock shows `untilMs`; a dead node is started again meanwhile. */
  async run(untilMs: number): Promise<void> {
    for (;;) {
      await settled()
      this.#repair()
      if (!this.process?.isAlive) await this.#revive()
      if (this.bugs.length > 0) return
      try {
        if (!this.clock.step(untilMs)) return await settled()
      } catch (error) {
        this.bugs.push(error)
      }
    }
  }

  async #revive(): Promise<void> {
    this.#lose()
    this.#options.whileDown(this.disk, this.#wasClean)
    await this.start()
  }

  /** After a power cut the next process finds what the disk has kept. */
  #lose(): void {
    if (!this.#powerLoss) return
    this.disk = this.disk.crashed(this.#options.random)
    this.disk.fault = (call) => this.plan.next(call)
  }

  #repair(): void {
    const { process } = this
    if (!process?.isAlive || process.faults().length === 0) this.#offlineSinceMs = undefined
    else if (this.#offlineSinceMs === undefined) this.#offlineSinceMs = this.clock.elapsedMs()
    else if (this.clock.elapsedMs() - this.#offlineSinceMs > repairDelayMs && !this.plan.isFailing) {
      this.#offlineSinceMs = undefined
      this.note(`it has failed: ${process.faults().join('; ')}`)
      this.stop()
    }
  }
}

/** Everything that can run without time passing has run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** A node that does not start, or not stop, says why, and a person can act on it. */
function isToldToOperator(error: unknown): boolean {
  return isStorageError(error) || error instanceof MetadataWriteError
}
