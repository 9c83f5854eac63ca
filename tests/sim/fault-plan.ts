import type { DiskCall, DiskFault } from '../../broker/core/memory-disk.ts'

/**
 * What goes wrong at the `atCall`-th call of the disk, counted over a whole schedule. `error`: that one call fails.
 * `full`: no file grows until `forMs` are over. `folder`: everything in the folder of that call fails for so long.
 * `kill`: the process dies in that call, the page cache stays. `power-loss`: what was not fsynced goes, too.
 */
export type Fault =
  | { readonly kind: 'error'; readonly atCall: number; readonly code: 'EIO' | 'ENOSPC' }
  | { readonly kind: 'full' | 'folder'; readonly atCall: number; readonly forMs: number }
  | { readonly kind: 'kill' | 'power-loss'; readonly atCall: number }

/** Calls that can need room on a disk; `open` only where it makes the file. */
const growing = new Set(['open', 'write'])

export type FaultEffects = {
  elapsedMs(): number
  random(): number
  /** Ends the process that calls. */
  kill(withPowerLoss: boolean): void
  trace(line: string): void
  exists(path: string): boolean
}

/** Counts the calls of a disk and lets them fail when their turn has come. */
export class FaultPlan {
  callCount = 0
  /** Partition folders that a call has failed in since the node was started last. */
  readonly struckFolders = new Set<string>()
  /** A call failed outside of all partitions' folders. */
  struckElsewhere = false
  readonly #effects: FaultEffects
  #faults: readonly Fault[]
  #isPaused = false
  #fullUntilMs = Number.NEGATIVE_INFINITY
  #folder = { path: '', untilMs: Number.NEGATIVE_INFINITY }

  constructor(faults: readonly Fault[], effects: FaultEffects) {
    this.#faults = faults
    this.#effects = effects
  }

  /** Runs `work`, a check's own calls, uncounted and untouched. */
  pausedFor<T>(work: () => T): T {
    this.#isPaused = true
    const resume = () => {
      this.#isPaused = false
    }
    const result = work()
    if (result instanceof Promise) void result.then(resume, resume)
    else resume()
    return result
  }

  /** Nothing fails from now on. */
  cease(): void {
    this.#faults = []
    this.#fullUntilMs = this.#folder.untilMs = Number.NEGATIVE_INFINITY
  }

  get isFailing(): boolean {
    const nowMs = this.#effects.elapsedMs()
    return nowMs < this.#fullUntilMs || nowMs < this.#folder.untilMs
  }

  forgetStruck(): void {
    this.struckFolders.clear()
    this.struckElsewhere = false
  }

  /** For the disk: what becomes of its next call. */
  next(call: DiskCall): DiskFault | undefined {
    if (this.#isPaused) return undefined
    this.callCount++
    const due = this.#faults.find(({ atCall }) => atCall === this.callCount)
    const fault = (due && this.#begin(due, call)) ?? this.#lasting(call)
    if (!fault) return undefined
    this.#effects.trace(
      `#${this.callCount} ${call.operation} ${call.path}: ${due?.kind ?? 'still'} ${fault.code}`,
    )
    const folder = folderOf(call.path)
    if (folder) this.struckFolders.add(folder)
    else this.struckElsewhere = true
    return fault
  }

  #begin(fault: Fault, call: DiskCall): DiskFault | undefined {
    const { random, elapsedMs, kill } = this.#effects
    switch (fault.kind) {
      case 'error':
        return failed(fault.code, random)
      case 'full':
        this.#fullUntilMs = elapsedMs() + fault.forMs
        return undefined
      case 'folder':
        this.#folder = { path: folderOf(call.path) ?? '/', untilMs: elapsedMs() + fault.forMs }
        return undefined
      case 'kill':
      case 'power-loss':
        kill(fault.kind === 'power-loss')
        return failed('EIO', random)
    }
  }

  #needsRoom(operation: string, path: string): boolean {
    return (
      growing.has(operation) && (operation !== 'open' || !this.pausedFor(() => this.#effects.exists(path)))
    )
  }

  #lasting({ operation, path }: DiskCall): DiskFault | undefined {
    const nowMs = this.#effects.elapsedMs()
    if (nowMs < this.#fullUntilMs && this.#needsRoom(operation, path))
      return failed('ENOSPC', this.#effects.random)
    if (nowMs < this.#folder.untilMs && folderOf(path) === this.#folder.path) return { code: 'EIO' }
    return undefined
  }
}

/** A write that fails may have written a part. */
function failed(code: string, random: () => number): DiskFault {
  return { code, writtenBytes: random() < 0.5 ? 0 : Math.floor(random() * 200) }
}

/** `t-0` of a file of partition 0 of `t`; undefined for all files that belong to no partition. */
function folderOf(path: string): string | undefined {
  return /^\/data\/([^/]+-\d+)(\/|$)/.exec(path)?.[1]
}
