import {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
} from '../../../broker/protocol/schemas/68-consumer-group-heartbeat.ts'
import { Violation } from '../ledger.ts'
import { NoAnswer } from '../network.ts'
import { type Client, type Surroundings, upTo } from './client.ts'
import { commitOffset, coordinatorErrors } from './offset-commits.ts'

const rebalanceTimeoutMs = 15_000
const retryDelayMs = 100
/** Errors after which a member joins again with epoch 0. */
const rejoinErrors = new Set(['FENCED_MEMBER_EPOCH', 'UNKNOWN_MEMBER_ID'])

/** A member of a group of the consumer protocol (KIP-848) that does what it is told. */
export class ConsumerMember implements Client {
  readonly name: string
  /** A power cut may take a group that was not flushed. */
  mayForget = false
  readonly #groupId: string
  readonly #topic: string
  readonly #with: Surroundings
  #epoch = 0
  #topicId = ''
  #owned: readonly number[] = []
  #nextOffset = 0

  constructor(name: string, group: { groupId: string; topic: string }, surroundings: Surroundings) {
    this.name = name
    this.#groupId = group.groupId
    this.#topic = group.topic
    this.#with = surroundings
  }

  get assigned(): readonly number[] | undefined {
    return this.#epoch > 0 ? this.#owned : undefined
  }

  async act(): Promise<void> {
    const { random } = this.#with
    if (this.#epoch === 0 || this.#owned.length === 0 || random() < 0.5) return this.#beat()
    const partition = this.#owned[upTo(random, this.#owned.length)]!
    const committer = { groupId: this.#groupId, memberId: this.name, epoch: this.#epoch }
    const error = await commitOffset(this.#with, committer, this.#topic, partition, this.#nextOffset++)
    // With its next heartbeat it hears of the new epoch.
    if (error !== 'STALE_MEMBER_EPOCH') this.#heard(error)
  }

  async #beat(): Promise<void> {
    const isJoin = this.#epoch === 0
    const body = {
      groupId: this.#groupId,
      memberId: this.name,
      memberEpoch: this.#epoch,
      rebalanceTimeoutMs,
      subscribedTopicNames: [this.#topic],
      topicPartitions:
        isJoin || this.#owned.length === 0 ? [] : [{ topicId: this.#topicId, partitions: [...this.#owned] }],
    }
    const { network, ledger } = this.#with
    try {
      const answer = await network.ask(
        consumerGroupHeartbeatRequest,
        consumerGroupHeartbeatResponse,
        1,
        body,
        {
          repeats: 'late',
        },
      )
      const error = ledger.noteError(answer.errorCode)
      if (error !== 'NONE') return this.#heard(error)
      this.#epoch = answer.memberEpoch
      if (!answer.assignment) return
      const [assigned] = answer.assignment.topicPartitions
      this.#topicId = assigned?.topicId ?? this.#topicId
      this.#owned = assigned?.partitions ?? []
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      await network.machine.clock.sleep(retryDelayMs)
    }
  }

  #heard(error: string): void {
    if (error === 'NONE' || coordinatorErrors.has(error)) return
    const isForgotten = this.mayForget && error === 'GROUP_ID_NOT_FOUND'
    if (!rejoinErrors.has(error) && !isForgotten) throw new Violation(`${this.name} was told ${error}`)
    this.#epoch = 0
    this.#owned = []
  }
}
