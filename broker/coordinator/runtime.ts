import { errorCode } from '../protocol/error-codes.ts'
import { DecodeError } from '../protocol/errors.ts'
import { decodeGroupRecord, encodeGroupRecord } from './coordinator-record.ts'
import { type GroupShard, newGroupShard } from './group/group-shard.ts'
import { endTransactionalOffsets } from './group/offsets/transactional.ts'
import { finishReplay, replay, replayPending } from './group/replay.ts'
import type { GroupCoordinatorOptions } from './group-coordinator-options.ts'
import type { StoredBatch } from './partition-writer.ts'
import { DeadlineTimer } from './timer.ts'
import { runTogether, type TwoSteps } from './together.ts'
import { type ReplyTo, Turn } from './turn.ts'

type Loaded = {
  readonly state: 'loading' | 'active'
  readonly shard: GroupShard
  readonly timer: DeadlineTimer
  /** Answers, with an error, every request that still waits. */
  readonly waiting: Set<(code: number) => void>
  /** Requests for the next common turn, which is on its way as long as there are some. */
  readonly gathered: TwoSteps[]
  /** Until the last append is committed. */
  uncommitted: Promise<void> | undefined
}

const reloadDelayMs = 1_000
/** Requests that share a turn, for nobody is answered before it ends. */
const maxTogether = 200

/** What clients are told when a record of theirs could not be appended, as Kafka translates it. */
function appendError(code: number): number {
  switch (code) {
    case errorCode.unknownTopicOrPartition:
    case errorCode.notEnoughReplicas:
    case errorCode.requestTimedOut:
      return errorCode.coordinatorNotAvailable
    case errorCode.notLeaderOrFollower:
    case errorCode.kafkaStorageError:
      return errorCode.notCoordinator
    default:
      return errorCode.unknownServerError
  }
}

export type RuntimeHooks = {
  /** In the first turn after a shard was replayed. */
  readonly loaded: (turn: Turn, shard: GroupShard) => void
  /** At the end of each turn, while it can still write. */
  readonly concluding: (turn: Turn, shard: GroupShard) => void
}

/**
 * Runs the state cores over the partitions this node leads: one turn at a time, its records appended before
 * anything is told to anybody. State that the log did not take is forgotten, and read from the log again.
 */
export class CoordinatorRuntime {
  readonly #options: GroupCoordinatorOptions
  readonly #hooks: RuntimeHooks
  readonly #loaded = new Map<number, Loaded>()

  constructor(options: GroupCoordinatorOptions, hooks: RuntimeHooks) {
    this.#options = options
    this.#hooks = hooks
  }

  /** Replays a partition and starts to answer for it. */
  async load(partition: number): Promise<void> {
    this.unload(partition, errorCode.notCoordinator)
    const loading = this.#newLoaded('loading', partition)
    this.#loaded.set(partition, loading)
    try {
      for await (const batch of this.#options.writer.read(partition)) {
        if (this.#loaded.get(partition) !== loading) return
        this.#replayBatch(loading.shard, batch)
      }
    } catch (error) {
      this.#reloadLater(loading, errorCode.notCoordinator, error)
      return
    }
    if (this.#loaded.get(partition) !== loading) return
    finishReplay(loading.shard)
    const active: Loaded = { ...loading, state: 'active' }
    this.#loaded.set(partition, active)
    this.#run(active, (turn) => this.#hooks.loaded(turn, active.shard))
  }

  unload(partition: number, code: number): void {
    const loaded = this.#loaded.get(partition)
    if (!loaded) return
    this.#loaded.delete(partition)
    loaded.timer.cancelAll()
    for (const abort of [...loaded.waiting]) abort(code)
  }

  partitions(): number[] {
    return [...this.#loaded.keys()]
  }

  /** The shards that are ready, for those who only look. */
  *activeShards(): Generator<GroupShard> {
    for (const loaded of this.#loaded.values()) if (loaded.state === 'active') yield loaded.shard
  }

  get isLoading(): boolean {
    return [...this.#loaded.values()].some(({ state }) => state === 'loading')
  }

  /**
   * Runs `operation` in a turn of its own. The promise is kept when the operation has replied and its records
   * are committed; `onError` makes the answer when there is no such partition here, or it is lost meanwhile.
   */
  request<Response>(
    partition: number,
    onError: (code: number) => Response,
    operation: (turn: Turn, shard: GroupShard, to: ReplyTo<Response>) => void,
  ): Promise<Response> {
    return this.#accept(partition, onError, (loaded, settle) =>
      this.#run(loaded, (turn) => operation(turn, loaded.shard, settle)),
    )
  }

  /**
   * As `request`, but in one turn, and so one batch of records, with those that are there at the same time. What `begin`
   * returns is run when all of them have begun; requests of one key, and those without, follow upon each other.
   * `patienceMs`: how long one that comes first waits at most for others, as long as some come each millisecond.
   */
  requestTogether<Response>(
    partition: number,
    onError: (code: number) => Response,
    key: string | null,
    patienceMs: (shard: GroupShard) => number,
    begin: (turn: Turn, shard: GroupShard) => () => Response,
  ): Promise<Response> {
    return this.#accept(partition, onError, (loaded, settle) => {
      loaded.gathered.push({
        key,
        begin: (turn, shard) => {
          const end = begin(turn, shard)
          return () => turn.reply(settle, end())
        },
      })
      if (loaded.gathered.length === 1) this.#gather(loaded, patienceMs(loaded.shard))
    })
  }

  #accept<Response>(
    partition: number,
    onError: (code: number) => Response,
    run: (loaded: Loaded, settle: ReplyTo<Response>) => void,
  ): Promise<Response> {
    const loaded = this.#loaded.get(partition)
    if (!loaded) return Promise.resolve(onError(errorCode.notCoordinator))
    if (loaded.state === 'loading') return Promise.resolve(onError(errorCode.coordinatorLoadInProgress))
    return new Promise((resolve) => {
      const abort = (code: number) => settle(onError(code))
      const settle = (response: Response) => {
        loaded.waiting.delete(abort)
        resolve(response)
      }
      loaded.waiting.add(abort)
      run(loaded, settle)
    })
  }

  #gather(loaded: Loaded, patienceMs: number): void {
    const count = loaded.gathered.length
    const decide = () => {
      const goesOn = loaded.gathered.length > count && patienceMs > 1
      if (goesOn) this.#gather(loaded, patienceMs - 1)
      else this.#runGathered(loaded)
    }
    this.#options.soon(decide, Math.min(patienceMs, 1))
  }

  #runGathered(loaded: Loaded): void {
    // The partition was lost meanwhile, and those who waited have been told.
    if (this.#loaded.get(loaded.shard.partition) !== loaded) return
    const requests = loaded.gathered.splice(0, maxTogether)
    if (loaded.gathered.length > 0) this.#gather(loaded, 0)
    this.#run(loaded, (turn) => runTogether(turn, loaded.shard, requests))
  }

  /**
   * Runs `operation` in a turn of its own when the partition is ready and `write` puts what it follows from into
   * the log. The error code of either is the answer.
   */
  followWrite(
    partition: number,
    write: () => number,
    operation: (turn: Turn, shard: GroupShard) => void,
  ): number {
    const loaded = this.#loaded.get(partition)
    if (!loaded) return errorCode.notCoordinator
    if (loaded.state === 'loading') return errorCode.coordinatorLoadInProgress
    const code = write()
    if (code === errorCode.none) this.#run(loaded, (turn) => operation(turn, loaded.shard))
    return code
  }

  /** Runs `operation` on every active shard, for changes that no client asked for. */
  runOnAll(operation: (turn: Turn, shard: GroupShard) => void): void {
    for (const loaded of [...this.#loaded.values()]) {
      if (loaded.state === 'active') this.#run(loaded, (turn) => operation(turn, loaded.shard))
    }
  }

  #newLoaded(state: Loaded['state'], partition: number): Loaded {
    return {
      state,
      shard: newGroupShard(partition),
      timer: new DeadlineTimer(this.#options.clock),
      waiting: new Set(),
      gathered: [],
      uncommitted: undefined,
    }
  }

  #replayBatch(shard: GroupShard, { records, transaction }: StoredBatch): void {
    if (transaction?.marker) {
      endTransactionalOffsets(shard, transaction.producerId, transaction.marker === 'commit')
      return
    }
    for (const { key, value } of records) this.#replay(shard, key, value, transaction?.producerId)
  }

  #replay(shard: GroupShard, key: Buffer | null, value: Buffer | null, producerId?: number): void {
    if (key === null) return
    try {
      const record = decodeGroupRecord(key, value)
      if (record && producerId !== undefined) replayPending(shard, producerId, record)
      else if (record) replay(shard, record)
    } catch (error) {
      // One damaged record must not take all groups of its partition with it: it is reported and skipped.
      if (!(error instanceof DecodeError) && !(error instanceof RangeError)) throw error
      this.#options.onError?.(shard.partition, error)
    }
  }

  #run(loaded: Loaded, operation: (turn: Turn) => void): void {
    const { clock, brokerConfig, groupConfig, topics, newUuid } = this.#options
    const turn = new Turn({ config: brokerConfig(), groupConfig, topics, newUuid }, clock.nowMs())
    try {
      operation(turn)
      this.#hooks.concluding(turn, loaded.shard)
    } catch (error) {
      // The state may be half changed: what the log says is whole.
      this.#reloadLater(loaded, errorCode.unknownServerError, error)
      return
    }
    if (this.#append(loaded, turn)) this.#conclude(loaded, turn)
  }

  #append(loaded: Loaded, turn: Turn): boolean {
    if (turn.records.length === 0) return true
    const { partition } = loaded.shard
    const records = turn.records.map(encodeGroupRecord)
    const result = this.#options.writer.append(partition, records, turn.nowMs, turn.producer)
    if (!result.ok && turn.onRefused) {
      turn.onRefused(result.errorCode)
      return false
    }
    if (!result.ok) {
      const error = new Error(
        `could not append to __consumer_offsets-${partition}: error ${result.errorCode}`,
      )
      this.#reloadLater(loaded, appendError(result.errorCode), error)
      return false
    }
    turn.onAppended?.()
    if (result.committed) this.#awaitCommit(loaded, result.committed)
    return true
  }

  #awaitCommit(loaded: Loaded, committed: Promise<void>): void {
    const previous = loaded.uncommitted ?? Promise.resolve()
    const all = Promise.all([previous, committed]).then(() => {
      if (loaded.uncommitted === all) loaded.uncommitted = undefined
    })
    loaded.uncommitted = all
    all.catch((error: unknown) => this.#reloadLater(loaded, errorCode.notCoordinator, error))
  }

  #conclude(loaded: Loaded, turn: Turn): void {
    for (const change of turn.timers) {
      if (change.delayMs === null) loaded.timer.cancel(change.key)
      else if (!change.onlyIfAbsent || !loaded.timer.has(change.key))
        this.#setTimer(loaded, change.key, change.delayMs, change.task)
    }
    const tell = () => {
      for (const event of turn.events) this.#options.emit(event)
      for (const reply of turn.replies) reply()
    }
    if (loaded.uncommitted) loaded.uncommitted.then(tell, () => {})
    else tell()
  }

  /** Apart from the turn: a closure made in its scope would keep it, and its requests' frames, until the deadline. */
  #setTimer(loaded: Loaded, key: string, delayMs: number, task: (turn: Turn) => void): void {
    loaded.timer.set(key, delayMs, () => this.#run(loaded, task))
  }

  #reloadLater(loaded: Loaded, code: number, error: unknown): void {
    const { partition } = loaded.shard
    if (this.#loaded.get(partition)?.shard !== loaded.shard) return
    this.#options.onError?.(partition, error instanceof Error ? error : new Error(String(error)))
    const pause = this.#newLoaded('loading', partition)
    this.unload(partition, code)
    this.#loaded.set(partition, pause)
    pause.timer.set('reload', reloadDelayMs, () => void this.load(partition))
  }
}
