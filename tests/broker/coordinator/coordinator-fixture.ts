import { decodeGroupRecord } from '../../../broker/coordinator/coordinator-record.ts'
import { GroupCoordinator } from '../../../broker/coordinator/group-coordinator.ts'
import type { GroupEvent } from '../../../broker/coordinator/group-event.ts'
import type {
  CoordinatorRecord,
  ProducerOfRecords,
  StoredBatch,
  WriteResult,
} from '../../../broker/coordinator/partition-writer.ts'
import { ManualClock } from '../../../broker/core/clock.ts'
import type { BrokerConfig } from '../../../broker/core/config/broker-configs.ts'
import {
  noBrokerOverrides,
  resolveBrokerConfig,
  resolveGroupConfig,
} from '../../../broker/core/config/resolve.ts'

type Topic = { name: string; topicId: string; partitions: number }

/** A group coordinator over logs in memory, with a clock that stands still and member ids that count up. */
export class CoordinatorFixture {
  readonly clock = new ManualClock(1_000_000)
  readonly topics = new Map<string, Topic>()
  readonly logs = new Map<number, StoredBatch[]>()
  readonly events: GroupEvent[] = []
  /** What was written, by kind, since this was last emptied. */
  readonly written: string[] = []
  readonly errors: Error[] = []
  /** Set: appends fail with this code. */
  failWith: number | undefined
  /** Set: appends are committed only when this is kept. */
  commitWhen: Promise<void> | undefined
  coordinator: GroupCoordinator
  #overrides = new Map<string, string>([['offsets.topic.num.partitions', '2']])
  #config: BrokerConfig | undefined
  #ids = 0
  /** Set: what is to be done soon is kept here; else it is done at once. */
  #soon: (() => void)[] | undefined

  constructor() {
    this.coordinator = this.#open()
  }

  #open(): GroupCoordinator {
    return new GroupCoordinator({
      clock: this.clock,
      brokerConfig: () => this.config,
      groupConfig: () => resolveGroupConfig(new Map(), this.#sources),
      topics: {
        topicId: (name) => this.topics.get(name)?.topicId,
        topicName: (id) => [...this.topics.values()].find(({ topicId }) => topicId === id)?.name,
        partitionCount: (name) => this.topics.get(name)?.partitions ?? 0,
        topicNames: () => this.topics.keys(),
      },
      writer: {
        append: (partition, records, _timestampMs, producer) => this.#append(partition, records, producer),
        read: (partition) => [...(this.logs.get(partition) ?? [])],
      },
      emit: (event) => this.events.push(event),
      newUuid: () => `id-${++this.#ids}`,
      soon: (task) => {
        if (this.#soon) this.#soon.push(task)
        else task()
      },
      onError: (_partition, error) => this.errors.push(error),
    })
  }

  get #sources() {
    return { ...noBrokerOverrides, static: this.#overrides }
  }

  get config(): BrokerConfig {
    this.#config ??= resolveBrokerConfig(this.#sources)
    return this.#config
  }

  configure(name: string, value: string): void {
    this.#overrides = new Map([...this.#overrides, [name, value]])
    this.#config = undefined
  }

  async start(): Promise<void> {
    for (let partition = 0; partition < this.config['offsets.topic.num.partitions']; partition++) {
      await this.coordinator.elected(partition)
    }
  }

  /** A new coordinator that knows nothing but the logs. */
  async restart(): Promise<void> {
    this.coordinator.close()
    this.coordinator = this.#open()
    await this.start()
  }

  /** Sends requests that are all there before the first of them is dealt with; `meanwhile` happens in between. */
  async together<Response>(
    requests: readonly (() => Promise<Response>)[],
    meanwhile = () => {},
  ): Promise<Response[]> {
    const tasks: (() => void)[] = []
    this.#soon = tasks
    const answers = requests.map((send) => send())
    meanwhile()
    for (let task = tasks.shift(); task; task = tasks.shift()) task()
    this.#soon = undefined
    return Promise.all(answers)
  }

  setTopic(name: string, partitions: number): void {
    const topicId = this.topics.get(name)?.topicId ?? Buffer.from(name.padEnd(16, '.')).toString('base64url')
    this.topics.set(name, { name, topicId, partitions })
    this.coordinator.topicsChanged([name])
  }

  dropTopic(name: string): void {
    this.topics.delete(name)
    this.coordinator.topicsDeleted([name])
  }

  topicId(name: string): string {
    return this.topics.get(name)?.topicId ?? 'AAAAAAAAAAAAAAAAAAAAAA'
  }

  /** A transaction coordinator's marker in every partition, as if the producer had written to all of them. */
  endTransaction(producerId: number, committed: boolean): number[] {
    return [...this.logs.keys()].map((partition) =>
      this.coordinator.endTransaction(partition, producerId, committed, () => {
        const log = this.logs.get(partition)!
        const marker = committed ? 'commit' : 'abort'
        log.push({ baseOffset: log.length, records: [], transaction: { producerId, marker } })
        return 0
      }),
    )
  }

  #append(
    partition: number,
    records: readonly CoordinatorRecord[],
    producer: ProducerOfRecords | undefined,
  ): WriteResult {
    if (this.failWith !== undefined) return { ok: false, errorCode: this.failWith }
    const log = this.logs.get(partition) ?? []
    this.logs.set(partition, log)
    const transaction = producer && { transaction: { producerId: producer.producerId } }
    log.push({ baseOffset: log.length, records, ...transaction })
    for (const { key, value } of records) {
      const kind = decodeGroupRecord(key, value)?.kind ?? 'unknown'
      this.written.push(value === null ? `-${kind}` : kind)
    }
    return this.commitWhen ? { ok: true, committed: this.commitWhen } : { ok: true }
  }
}

/** Lets all promises that can settle settle. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}
