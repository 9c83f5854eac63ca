import type { CoordinatorRecord, StoredBatch } from '../../../../broker/coordinator/partition-writer.ts'
import type { TransactionMarker } from '../../../../broker/coordinator/transaction/marker-writer.ts'
import type { TopicPartitions } from '../../../../broker/coordinator/transaction/transaction.ts'
import {
  NoProducerIdError,
  TransactionCoordinator,
} from '../../../../broker/coordinator/transaction/transaction-coordinator.ts'
import {
  decodeTransaction,
  encodeTransaction,
} from '../../../../broker/coordinator/transaction/transaction-record.ts'
import { ManualClock } from '../../../../broker/core/clock.ts'
import type { BrokerConfig } from '../../../../broker/core/config/broker-configs.ts'
import { noBrokerOverrides, resolveBrokerConfig } from '../../../../broker/core/config/resolve.ts'

const partitionCount = 2

/** A transaction coordinator over logs in memory, with a clock that stands still and partitions that may fail. */
export class TransactionFixture {
  readonly clock = new ManualClock(1_000_000)
  readonly logs = new Map<number, StoredBatch[]>()
  /** What was written and marked since this was last emptied. */
  readonly written: string[] = []
  readonly errors: Error[] = []
  /** Set: appends fail with this code. */
  failWith: number | undefined
  /** Topics whose partitions take no markers now. */
  readonly offline = new Set<string>()
  /** Set: appends are committed only when this is kept. */
  commitWhen: Promise<void> | undefined
  hasProducerIds = true
  nextProducerId = 100
  coordinator: TransactionCoordinator
  #overrides = new Map<string, string>()
  #config: BrokerConfig | undefined

  constructor() {
    this.coordinator = this.#open()
  }

  configure(name: string, value: string): void {
    this.#overrides = new Map([...this.#overrides, [name, value]])
    this.#config = undefined
  }

  get config(): BrokerConfig {
    this.#config ??= resolveBrokerConfig({ ...noBrokerOverrides, static: this.#overrides })
    return this.#config
  }

  async start(): Promise<void> {
    for (let partition = 0; partition < partitionCount; partition++) {
      await this.coordinator.elected(partition, 0)
    }
  }

  /** A new coordinator that knows nothing but the logs. */
  async restart(): Promise<void> {
    this.coordinator.close()
    this.coordinator = this.#open()
    await this.start()
  }

  /** As if so many transactions had been ended: the last record of `transactionalId`, with another epoch. */
  async jumpTo(transactionalId: string, producerEpoch: number): Promise<void> {
    for (const [partition, log] of this.logs) {
      const records = log
        .flatMap((batch) => batch.records)
        .map(({ key, value }) => decodeTransaction(key!, value)!)
      const last = records.findLast((record) => record.transactionalId === transactionalId)
      if (last?.transaction)
        this.#append(partition, [encodeTransaction({ ...last.transaction, producerEpoch })])
    }
    this.written.length = 0
    await this.restart()
  }

  #open(): TransactionCoordinator {
    return new TransactionCoordinator({
      clock: this.clock,
      brokerConfig: () => this.config,
      partitionCount: () => partitionCount,
      writer: {
        append: (partition, records) => {
          if (this.failWith !== undefined) return { ok: false, errorCode: this.failWith }
          this.#append(partition, records)
          return this.commitWhen ? { ok: true, committed: this.commitWhen } : { ok: true }
        },
        read: (partition) => [...(this.logs.get(partition) ?? [])],
      },
      markers: { write: (marker, partitions) => this.#mark(marker, partitions) },
      newProducerId: () => {
        if (!this.hasProducerIds) throw new NoProducerIdError('the metadata log is full')
        return this.nextProducerId++
      },
      onError: (_partition, error) => this.errors.push(error),
    })
  }

  #append(partition: number, records: readonly CoordinatorRecord[]): void {
    const log = this.logs.get(partition) ?? []
    this.logs.set(partition, log)
    log.push({ baseOffset: log.length, records })
    for (const { key, value } of records) {
      const { transactionalId, transaction } = decodeTransaction(key, value)!
      this.written.push(transaction ? `${transactionalId}:${transaction.state}` : `-${transactionalId}`)
    }
  }

  #mark(marker: TransactionMarker, partitions: TopicPartitions): TopicPartitions {
    const left = new Map<string, ReadonlySet<number>>()
    for (const [topic, indexes] of partitions) {
      if (this.offline.has(topic)) left.set(topic, indexes)
      else {
        const kind = marker.committed ? 'commit' : 'abort'
        const who = `${marker.producerId}/${marker.producerEpoch}`
        this.written.push(`[${kind} ${who} ${topic}/${[...indexes].sort((a, b) => a - b).join(',')}]`)
      }
    }
    return left
  }
}
