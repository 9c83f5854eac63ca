import { offsetsTopic, transactionsTopic } from './cluster/internal-topics.ts'
import type { BrokerNode } from './cluster/node.ts'
import type { Partition } from './cluster/partition.ts'
import type { MetadataChange } from './cluster/replayed-metadata.ts'
import type { GroupCoordinator } from './coordinator/group-coordinator.ts'
import type { GroupEventSink } from './coordinator/group-event.ts'
import type { TransactionCoordinator } from './coordinator/transaction/transaction-coordinator.ts'
import type { GroupCoordination } from './group-coordination.ts'
import { CloseConnectionError } from './handlers/handler.ts'
import type { TransactionCoordination } from './transaction-coordination.ts'

type Running = { readonly groups: GroupCoordination; readonly transactions: TransactionCoordination }

/**
 * The coordinators of a node. Their code is a third of the broker's: it is loaded at the start where the node holds
 * groups or transactions, else once somebody asks for more than metadata.
 */
export class Coordination {
  readonly #node: BrokerNode
  readonly #emit: GroupEventSink
  readonly #logError: (message: string) => void
  #running: Running | undefined
  #starting: Promise<void> | undefined
  #isClosed = false

  constructor(node: BrokerNode, emit: GroupEventSink, logError: (message: string) => void) {
    this.#node = node
    this.#emit = emit
    this.#logError = logError
  }

  /** Of the groups whose partition of `__consumer_offsets` this node leads; undefined before `start`: there are none. */
  get groups(): GroupCoordinator | undefined {
    return this.#running?.groups.coordinator
  }

  /** Of the transactional ids whose partition of `__transaction_state` this node leads; undefined before `start`. */
  get transactions(): TransactionCoordinator | undefined {
    return this.#running?.transactions.coordinator
  }

  /** The node's topics hold groups or transactions, which go on as soon as it runs. */
  get isNeeded(): boolean {
    const { image } = this.#node
    return image.topic(offsetsTopic) !== undefined || image.topic(transactionsTopic) !== undefined
  }

  /** Reads in what the node's topics hold. Starts once, however often it is called; after a failure the next call tries anew. */
  start(): Promise<void> {
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#stop()
      this.#running = undefined
      this.#starting = undefined
      throw error
    })
    return this.#starting
  }

  /** What is still asked on connections that are about to close is refused by the coordinators themselves. */
  close(): void {
    this.#isClosed = true
    this.#stop()
  }

  partitionOffline(partition: Partition): void {
    this.#running?.groups.partitionOffline(partition)
    this.#running?.transactions.partitionOffline(partition)
  }

  metadataChanged(changes: readonly MetadataChange[]): void {
    this.#running?.groups.metadataChanged(changes)
    this.#running?.transactions.metadataChanged(changes)
  }

  async #start(): Promise<void> {
    const { GroupCoordination } = await import('./group-coordination.ts')
    const { TransactionCoordination } = await import('./transaction-coordination.ts')
    if (this.#isClosed) throw new CloseConnectionError('was still to be answered when the node closed')
    const groups = new GroupCoordination(this.#node, this.#emit, this.#logError)
    const transactions = new TransactionCoordination(this.#node, groups.coordinator, this.#logError)
    this.#running = { groups, transactions }
    // Groups first: the markers of transactions that were decided before go to their offsets too.
    await groups.start()
    await transactions.start()
  }

  #stop(): void {
    this.#running?.transactions.close()
    this.#running?.groups.close()
  }
}
