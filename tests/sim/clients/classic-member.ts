import {
  encodeAssignment,
  encodeSubscription,
  parseAssignment,
} from '../../../broker/coordinator/group/consumer-protocol.ts'
import type { DecodedShape } from '../../../broker/protocol/fields.ts'
import { joinGroupRequest, joinGroupResponse } from '../../../broker/protocol/schemas/11-join-group.ts'
import { heartbeatRequest, heartbeatResponse } from '../../../broker/protocol/schemas/12-heartbeat.ts'
import { syncGroupRequest, syncGroupResponse } from '../../../broker/protocol/schemas/14-sync-group.ts'
import { Violation } from '../ledger.ts'
import { NoAnswer } from '../network.ts'
import { type Client, type Surroundings, upTo } from './client.ts'
import { commitOffset, coordinatorErrors, errorName } from './offset-commits.ts'

const sessionTimeoutMs = 10_000
const rebalanceTimeoutMs = 15_000
/** Joins and syncs wait for the others, but no longer than this. */
const maxWaitMs = rebalanceTimeoutMs + sessionTimeoutMs + 1_000
const retryDelayMs = 100
const protocolName = 'range'

/** Errors after which a member joins again as the one it was, and as a new one. */
const rejoinErrors = new Set(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION'])
const unknownErrors = new Set(['UNKNOWN_MEMBER_ID', 'MEMBER_ID_REQUIRED'])

type Joined = DecodedShape<typeof joinGroupResponse.shape>

/** A member of a classic group; the leader deals the partitions out in turn. */
export class ClassicMember implements Client {
  readonly name: string
  /** A power cut may take a group that was not flushed. */
  mayForget = false
  readonly #groupId: string
  readonly #topic: string
  readonly #partitionCount: number
  readonly #with: Surroundings
  #memberId = ''
  #generationId = -1
  #assigned: readonly number[] | undefined
  #nextOffset = 0

  constructor(
    name: string,
    group: { groupId: string; topic: string; partitionCount: number },
    surroundings: Surroundings,
  ) {
    this.name = name
    this.#groupId = group.groupId
    this.#topic = group.topic
    this.#partitionCount = group.partitionCount
    this.#with = surroundings
  }

  get assigned(): readonly number[] | undefined {
    return this.#assigned
  }

  async act(): Promise<void> {
    const { random } = this.#with
    if (!this.#assigned) return this.#join()
    if (random() < 0.5 || this.#assigned.length === 0) return this.#heard(await this.#beat())
    const partition = this.#assigned[upTo(random, this.#assigned.length)]!
    const committer = { groupId: this.#groupId, memberId: this.#memberId, epoch: this.#generationId }
    this.#heard(await commitOffset(this.#with, committer, this.#topic, partition, this.#nextOffset++))
  }

  async #join(): Promise<void> {
    const metadata = encodeSubscription({ topics: [this.#topic] }, 1)
    const body = {
      groupId: this.#groupId,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      memberId: this.#memberId,
      protocolType: 'consumer',
      protocols: [{ name: protocolName, metadata }],
    }
    const joined = await this.#ask(() =>
      this.#with.network.ask(joinGroupRequest, joinGroupResponse, 7, body, { repeats: 'soon', maxWaitMs }),
    )
    if (!joined) return
    this.#memberId = joined.memberId
    this.#generationId = joined.generationId
    await this.#sync(joined)
  }

  async #sync(joined: Joined): Promise<void> {
    const isLeader = joined.leader === this.#memberId
    const body = {
      groupId: this.#groupId,
      generationId: this.#generationId,
      memberId: this.#memberId,
      protocolType: 'consumer',
      protocolName,
      assignments: isLeader ? this.#deal(joined.members.map(({ memberId }) => memberId)) : [],
    }
    const synced = await this.#ask(() =>
      this.#with.network.ask(syncGroupRequest, syncGroupResponse, 5, body, { repeats: 'late', maxWaitMs }),
    )
    if (synced) this.#assigned = parseAssignment(synced.assignment).flatMap(({ partitions }) => partitions)
  }

  #deal(memberIds: readonly string[]) {
    const all = Array.from({ length: this.#partitionCount }, (_, index) => index)
    return memberIds.map((memberId, position) => {
      const partitions = all.filter((partition) => partition % memberIds.length === position)
      return { memberId, assignment: encodeAssignment([{ topic: this.#topic, partitions }], 1) }
    })
  }

  #beat(): Promise<string> {
    const body = { groupId: this.#groupId, generationId: this.#generationId, memberId: this.#memberId }
    return errorName(() =>
      this.#with.network.ask(heartbeatRequest, heartbeatResponse, 4, body, { repeats: 'late' }),
    )
  }

  async #ask<R extends { readonly errorCode: number; readonly memberId?: string }>(
    request: () => Promise<R>,
  ): Promise<R | undefined> {
    try {
      const response = await request()
      const error = this.#with.ledger.noteError(response.errorCode)
      if (error === 'NONE') return response
      if (error === 'MEMBER_ID_REQUIRED') this.#memberId = response.memberId!
      else this.#heard(error)
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
    }
    await this.#with.network.machine.clock.sleep(retryDelayMs)
    return undefined
  }

  #heard(error: string): void {
    if (error === 'NONE' || coordinatorErrors.has(error)) return
    const isForgotten = this.mayForget && error === 'GROUP_ID_NOT_FOUND'
    if (!rejoinErrors.has(error) && !unknownErrors.has(error) && !isForgotten)
      throw new Violation(`${this.name} was told ${error}`)
    this.#assigned = undefined
    if (unknownErrors.has(error)) this.#memberId = ''
  }
}
