import type { MemoryDisk } from '../../broker/core/memory-disk.ts'
import { partitionDir } from '../../broker/log/log-dir.ts'
import { checkCommits } from './checks/commit-rules.ts'
import { checkLog } from './checks/log-rules.ts'
import { type PartitionContents, readCommitted, readContents } from './checks/partition-contents.ts'
import { checkAtomic, checkNoDirtyRead, checkNothingStuck } from './checks/transaction-rules.ts'
import { type Client, upTo } from './clients/client.ts'
import { transactionTimeoutMs } from './clients/transactional-producer.ts'
import { areGroupsStable, type Crew, clientsOf, membersOf, newCrew } from './crew.ts'
import type { Fault } from './fault-plan.ts'
import { damageOneFile } from './file-damage.ts'
import { Ledger, Violation } from './ledger.ts'
import { Machine, type PowerLoss } from './machine.ts'
import { Network } from './network.ts'
import type { NodeProcess } from './node-process.ts'
import { brokerConfig, createTopics, indexes, mayLose, type Topic, topics, transactional } from './topics.ts'

export type ScheduleOptions = {
  readonly random: () => number
  readonly faults: readonly Fault[]
  /** How long clients work before everything is set right and checked. */
  readonly durationMs: number
  /** Share of frames that something happens to. */
  readonly unreliability: number
  /** log.flush.interval.messages=1: then a power cut may take nothing that was acknowledged. */
  readonly flushesEveryMessage: boolean
  /** Files are damaged while the node is down, the time of day is set, the node is stopped and started. */
  readonly isRough: boolean
  /** kill -9 at this time, so that recovery comes among what can fail. */
  readonly killsAtMs?: number
  readonly isTracing?: boolean
}

/** What a schedule has seen, so that a test can tell that it tested something. */
export type Figures = {
  /** Those that could fail: until all faults ceased. */
  readonly diskCalls: number
  readonly kills: number
  readonly powerLosses: number
  readonly startFailures: number
  readonly damagedFiles: number
  readonly cutLogs: number
  readonly acknowledged: number
  readonly committed: number
  readonly errors: ReadonlyMap<string, number>
}

const hourMs = 3_600_000
const thinkMs = 400
const setupLimitMs = 120_000
const finishLimitMs = 240_000

/** One schedule from an empty disk to the last check. */
export class Simulation {
  readonly machine: Machine
  readonly #options: ScheduleOptions
  readonly #network: Network
  readonly #ledger = new Ledger(
    (partition) => this.machine.plan.struckFolders.has(partition) || this.#beyondRepair.has(partition),
  )
  readonly #crew: Crew
  readonly #contents = new Map<string, PartitionContents>()
  /** Acknowledged records were lost to a power cut that had the right to take them. */
  #hasForgotten = false
  #diskCalls = 0
  #damagedFiles = 0
  #cutLogs = 0
  readonly #beyondRepair = new Set<string>()
  /** By partition that has not been looked at since a power cut: what it must hold at least. */
  readonly #flushedEnds = new Map<string, number>()

  constructor(options: ScheduleOptions) {
    const { random, faults } = options
    this.#options = options
    const flush = options.flushesEveryMessage ? [['log.flush.interval.messages', '1'] as const] : []
    this.machine = new Machine({
      random,
      faults,
      config: new Map([...Object.entries(brokerConfig), ...flush]),
      onStarted: (process, powerLoss) => this.#started(process, powerLoss),
      whileDown: (disk, wasClean) => this.machine.plan.pausedFor(() => this.#whileDown(disk, wasClean)),
    })
    this.machine.isTracing = options.isTracing ?? false
    this.#network = new Network(this.machine, random, 0)
    this.#crew = newCrew({ network: this.#network, ledger: this.#ledger, random })
  }

  /** Throws Violation, or what the node threw. */
  async run(): Promise<Figures> {
    const { machine } = this
    await machine.start()
    await this.#until('the topics are there', createTopics(this.#network), setupLimitMs)
    this.#network.unreliability = this.#options.unreliability
    let isEnding = false
    const lives = Promise.all(clientsOf(this.#crew).map((client) => this.#live(client, () => isEnding)))
    if (this.#options.isRough) this.#scheduleRoughness()
    if (this.#options.killsAtMs) machine.clock.schedule(this.#options.killsAtMs, () => machine.kill(false))
    await this.#run(this.#options.durationMs)
    isEnding = true
    machine.plan.cease()
    this.#diskCalls = machine.plan.callCount
    machine.clock.setToLatest()
    await this.#until('all clients have their answers', lives, finishLimitMs)
    this.#network.unreliability = 0
    await this.#checkEnd()
    return this.#figures()
  }

  async #live(client: Client, isOver: () => boolean): Promise<void> {
    const { random } = this.#options
    try {
      while (!isOver()) {
        await this.machine.clock.sleep(upTo(random, thinkMs))
        if (!isOver()) await client.act()
      }
      await client.finish?.()
    } catch (error) {
      this.machine.bugs.push(error)
    }
  }

  /** Jumps of the time of day, and orderly restarts. */
  #scheduleRoughness(): void {
    const { random, durationMs } = this.#options
    const { clock } = this.machine
    for (let count = upTo(random, 4); count > 0; count--) {
      const size = random() < 0.5 ? 5 : 6 * hourMs
      clock.schedule(upTo(random, durationMs), () =>
        this.machine.jump(Math.round((random() - 0.5) * 2 * size)),
      )
    }
    for (let count = upTo(random, 3); count > 0; count--) {
      clock.schedule(upTo(random, durationMs), () => {
        if (random() < 0.5) this.machine.stop()
        else this.machine.kill(this.#options.flushesEveryMessage && random() < 0.5)
      })
    }
  }

  /** Runs for a while. Throws the first thing that went wrong. */
  async #run(forMs: number): Promise<void> {
    const { machine } = this
    await machine.run(machine.clock.elapsedMs() + forMs)
    if (machine.bugs.length > 0) throw machine.bugs[0]
  }

  async #until(what: string, done: Promise<unknown>, limitMs: number): Promise<void> {
    let isDone = false
    done.then(
      () => {
        isDone = true
      },
      (error: unknown) => this.machine.bugs.push(error),
    )
    const endMs = this.machine.clock.elapsedMs() + limitMs
    while (!isDone) {
      await this.#run(500)
      if (!isDone && this.machine.clock.elapsedMs() >= endMs)
        throw new Violation(`after ${limitMs} ms still not: ${what}`)
    }
  }

  #whileDown(disk: MemoryDisk, wasClean: boolean): void {
    for (const partition of this.#beyondRepair) {
      disk.removeTree(`/data/${partition}`)
      this.#flushedEnds.delete(partition)
      this.#forget(partition, 0)
    }
    this.#beyondRepair.clear()
    const { random, isRough } = this.#options
    if (!isRough || wasClean || random() < 0.5) return
    this.#damagedFiles++
    const lost = damageOneFile(disk, random, mayLose)
    if (!lost) return
    this.machine.note(`damage takes ${lost.partition} from ${lost.endOffset} on`)
    this.#forget(lost.partition, lost.endOffset)
    for (const producer of this.#crew.batchProducers) producer.mayForget = true
  }

  /** After each start: the logs are what they were. */
  async #started(process: NodeProcess, powerLoss: PowerLoss | undefined): Promise<void> {
    const { random, flushesEveryMessage } = this.#options
    if (powerLoss && !flushesEveryMessage) this.#lostPower(powerLoss)
    if (this.#flushedEnds.size === 0 && random() < 0.5) return
    await this.machine.plan.pausedFor(async () => {
      const offline = new Set(process.offlinePartitions())
      for (const topic of topics) {
        for (const index of indexes(topic)) {
          const isThere = process.node.partition(topic.name, index) !== undefined
          if (isThere && !offline.has(partitionDir(topic.name, index)))
            await this.#checkLog(topic, index, process.recoveredEnds)
        }
      }
      if (this.#hasForgotten) this.#giveUpLogs(process)
    })
  }

  /** What was not flushed may be gone: the next look at each partition will tell how much. */
  #lostPower({ flushedEnds }: PowerLoss): void {
    this.#hasForgotten = true
    const all = [...this.#crew.batchProducers, ...this.#crew.transactionalProducers, ...membersOf(this.#crew)]
    for (const client of all) client.mayForget = true
    for (const topic of topics) {
      for (const index of indexes(topic)) {
        const partition = partitionDir(topic.name, index)
        const known = this.#flushedEnds.get(partition) ?? 0
        this.#flushedEnds.set(partition, Math.max(known, flushedEnds.get(partition) ?? 0))
      }
    }
  }

  async #checkLog(
    topic: Topic,
    index: number,
    recoveredEnds: ReadonlyMap<string, number>,
  ): Promise<PartitionContents> {
    const contents = await readContents(this.#network, topic.name, index)
    const { partition } = contents
    const flushedEnd = this.#flushedEnds.get(partition)
    this.#flushedEnds.delete(partition)
    if (flushedEnd !== undefined) {
      const end = recoveredEnds.get(partition) ?? 0
      if (end < flushedEnd)
        throw new Violation(`${partition} was flushed up to ${flushedEnd} and ends at ${end}`)
      this.#forget(partition, end)
    }
    const before = this.#contents.get(partition)
    const isCompacted = topic.configs?.['cleanup.policy'] === 'compact'
    const hasLostEpochs = this.#hasForgotten && topic === transactional
    checkLog(this.#ledger, contents, { isCompacted, hasLostEpochs, ...(before ? { before } : {}) })
    this.#contents.set(partition, contents)
    return contents
  }

  /** What was acknowledged from `endOffset` on need not be there any more. */
  #forget(partition: string, endOffset: number): void {
    this.#ledger.lostFrom(partition, endOffset)
    const before = this.#contents.get(partition)
    if (before && before.highWatermark > endOffset) {
      const records = before.records.filter(({ offset }) => offset < endOffset)
      this.#contents.set(partition, { ...before, records, highWatermark: endOffset })
    }
    for (const [index, reader] of this.#crew.readers.entries())
      if (partition === partitionDir(transactional.name, index)) reader.forgetFrom(endOffset)
  }

  /** A torn segment below later ones is for a person to decide (GAPS.md): here the folder goes. */
  #giveUpLogs(process: NodeProcess): void {
    for (const { topic, index, state } of process.node.partitions()) {
      if (state.status !== 'offline' || !state.reason.includes('Later segments hold records')) continue
      this.#beyondRepair.add(partitionDir(topic, index))
      this.#cutLogs++
    }
    if (this.#beyondRepair.size > 0) this.machine.stop()
  }

  async #checkEnd(): Promise<void> {
    const { random } = this.#options
    const choice = random()
    if (choice < 0.4) this.machine.stop()
    else if (choice < 0.8) this.machine.kill(false)
    // What nobody ends any more times out; markers that could not be written are tried again.
    await this.#run(transactionTimeoutMs + 15_000)
    await this.#untilChecked(async () => {
      for (const topic of topics) {
        for (const index of indexes(topic)) {
          const contents = await this.#checkLog(topic, index, this.machine.process!.recoveredEnds)
          if (!this.#hasForgotten) checkNothingStuck(contents)
        }
      }
      if (this.#hasForgotten) return
      await this.#checkTransactions()
      await checkCommits(this.#network, this.#ledger, this.#crew.transactionalProducers)
    })
    await this.#checkGoesOn()
  }

  #untilChecked(check: () => Promise<void>): Promise<void> {
    return this.#until('the checks are done', check(), 10_000)
  }

  async #checkTransactions(): Promise<void> {
    const values = new Set<string>()
    for (const [index, reader] of this.#crew.readers.entries()) {
      const committed = await readCommitted(this.#network, transactional.name, index)
      for (const { value } of committed) values.add(value)
      checkNoDirtyRead(reader, new Map(committed.map(({ offset, value }) => [offset, value])))
    }
    checkAtomic(this.#crew.transactionalProducers, values)
  }

  /** Everything works again: records are taken, transactions end, groups come to rest. */
  async #checkGoesOn(): Promise<void> {
    await this.#until('everyone is served again', this.#serveAgain(), finishLimitMs)
    const lives = Promise.all(
      membersOf(this.#crew).map((member) => this.#live(member, () => areGroupsStable(this.#crew))),
    )
    await this.#until('the groups have come to rest', lives, finishLimitMs)
    if (this.machine.process!.unansweredCount > 0) throw new Violation('requests were never answered')
  }

  async #serveAgain(): Promise<void> {
    for (const producer of this.#crew.batchProducers) {
      const before = producer.acknowledged
      while (producer.acknowledged === before) await producer.act()
    }
    if (!this.#hasForgotten)
      for (const producer of this.#crew.transactionalProducers) await producer.commitOne()
  }

  #figures(): Figures {
    const { machine } = this
    const committed = this.#crew.transactionalProducers.flatMap(({ transactions }) => transactions)
    return {
      diskCalls: this.#diskCalls,
      kills: machine.kills,
      powerLosses: machine.powerLosses,
      startFailures: machine.startFailures,
      damagedFiles: this.#damagedFiles,
      cutLogs: this.#cutLogs,
      acknowledged: this.#crew.batchProducers.reduce((sum, each) => sum + each.acknowledged, 0),
      committed: committed.filter(({ outcome }) => outcome === 'committed').length,
      errors: this.#ledger.errors,
    }
  }
}
