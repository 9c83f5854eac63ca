import { errorCode } from '../../../broker/protocol/error-codes.ts'
import type { CoordinatorFixture } from './coordinator-fixture.ts'

/** A client of the consumer protocol that does what it is told: the model that simulations run many of. */
export class ConsumerClient {
  readonly memberId: string
  readonly #fixture: CoordinatorFixture
  epoch = 0
  isLeaving = false
  topics: readonly string[]
  /** By topic id; what it reads from just now. */
  owned = new Map<string, Set<number>>()
  #isFull = true

  constructor(fixture: CoordinatorFixture, memberId: string, topics: readonly string[]) {
    this.#fixture = fixture
    this.memberId = memberId
    this.topics = topics
  }

  subscribe(topics: readonly string[]): void {
    this.topics = topics
    this.#isFull = true
  }

  partitions(): string[] {
    return [...this.owned].flatMap(([topicId, set]) => [...set].map((partition) => `${topicId}/${partition}`))
  }

  async beat(): Promise<void> {
    const isJoin = this.epoch === 0
    const owned = [...this.owned].map(([topicId, set]) => ({ topicId, partitions: [...set] }))
    const response = await this.#fixture.coordinator.consumerGroupHeartbeat(
      {
        groupId: 'g',
        memberId: this.memberId,
        memberEpoch: this.epoch,
        instanceId: null,
        rackId: null,
        rebalanceTimeoutMs: this.#isFull || isJoin ? 30_000 : -1,
        subscribedTopicNames: this.#isFull || isJoin ? [...this.topics] : null,
        subscribedTopicRegex: null,
        serverAssignor: null,
        topicPartitions: isJoin ? [] : owned,
      },
      { apiVersion: 1, clientId: 'c', clientHost: '/h' },
    )
    if (
      response.errorCode === errorCode.fencedMemberEpoch ||
      response.errorCode === errorCode.unknownMemberId
    ) {
      this.epoch = 0
      this.owned = new Map()
      this.#isFull = true
      return
    }
    if (response.errorCode !== errorCode.none) return
    this.#isFull = false
    this.epoch = response.memberEpoch
    if (!response.assignment) return
    this.owned = new Map(
      response.assignment.topicPartitions.map(({ topicId, partitions }) => [topicId, new Set(partitions)]),
    )
  }

  async leave(): Promise<void> {
    this.owned = new Map()
    if (this.epoch === 0) return
    this.epoch = -1
    await this.beat()
    this.epoch = 0
    this.#isFull = true
  }
}
