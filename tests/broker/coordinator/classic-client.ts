import {
  encodeAssignment,
  encodeSubscription,
  parseAssignment,
} from '../../../broker/coordinator/group/consumer-protocol.ts'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import type { CoordinatorFixture } from './coordinator-fixture.ts'

type JoinResponse = Awaited<ReturnType<CoordinatorFixture['coordinator']['joinGroup']>>

/** A client of the classic protocol (eager, the leader assigns round robin): one of many in a simulation. */
export class ClassicClient {
  readonly #fixture: CoordinatorFixture
  readonly instanceId: string | null
  memberId = ''
  generation = -1
  state: 'out' | 'joining' | 'syncing' | 'in' = 'out'
  assigned: readonly number[] = []
  /** Answers that come to a client that has crashed since are not heard. */
  #life = 0

  constructor(fixture: CoordinatorFixture, instanceId: string | null) {
    this.#fixture = fixture
    this.instanceId = instanceId
  }

  crash(): void {
    this.#life++
    this.memberId = ''
    this.#reset()
  }

  #reset(): void {
    this.state = 'out'
    this.generation = -1
    this.assigned = []
  }

  /** What a real client's loop does next: joins when it is out, beats when it is in, waits otherwise. */
  act(): void {
    if (this.state === 'out') void this.#join(this.#life)
    else if (this.state === 'in') void this.#beat(this.#life)
  }

  async #join(life: number): Promise<void> {
    this.state = 'joining'
    this.assigned = []
    const metadata = encodeSubscription({ topics: ['t'] }, 1)
    const response = await this.#fixture.coordinator.joinGroup(
      {
        groupId: 'g',
        sessionTimeoutMs: 30_000,
        rebalanceTimeoutMs: 60_000,
        memberId: this.memberId,
        groupInstanceId: this.instanceId,
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata }],
        reason: null,
      },
      { apiVersion: 9, clientId: 'c', clientHost: '/h' },
    )
    if (life !== this.#life) return
    if (response.errorCode === errorCode.memberIdRequired) {
      this.memberId = response.memberId
      return this.#join(life)
    }
    if (response.errorCode !== errorCode.none) return this.#failed(response.errorCode)
    this.memberId = response.memberId
    this.generation = response.generationId ?? -1
    await this.#sync(life, response)
  }

  async #sync(life: number, joined: JoinResponse): Promise<void> {
    this.state = 'syncing'
    const isLeader = joined.leader === this.memberId && !joined.skipAssignment
    const response = await this.#fixture.coordinator.syncGroup({
      groupId: 'g',
      generationId: this.generation,
      memberId: this.memberId,
      groupInstanceId: this.instanceId,
      protocolType: null,
      protocolName: null,
      assignments: isLeader ? this.#assign(joined.members.map(({ memberId }) => memberId)) : [],
    })
    if (life !== this.#life) return
    if (response.errorCode !== errorCode.none) return this.#failed(response.errorCode)
    const bytes = Buffer.concat([response.assignment].flat() as Buffer[])
    this.assigned = parseAssignment(bytes).flatMap(({ partitions }) => partitions)
    this.state = 'in'
  }

  #assign(memberIds: readonly string[]) {
    const count = this.#fixture.topics.get('t')?.partitions ?? 0
    const partitions = Array.from({ length: count }, (_, index) => index)
    return memberIds.map((memberId, index) => {
      const own = partitions.filter((partition) => partition % memberIds.length === index)
      return { memberId, assignment: encodeAssignment([{ topic: 't', partitions: own }], 1) }
    })
  }

  async #beat(life: number): Promise<void> {
    const { memberId, generation, instanceId } = this
    const request = { groupId: 'g', generationId: generation, memberId, groupInstanceId: instanceId }
    const response = await this.#fixture.coordinator.heartbeat(request)
    if (life !== this.#life || this.state !== 'in' || response.errorCode === errorCode.none) return
    this.#failed(response.errorCode)
  }

  #failed(code: number): void {
    this.#reset()
    const forgets = code === errorCode.unknownMemberId || code === errorCode.fencedInstanceId
    if (forgets) this.memberId = ''
  }

  async leave(): Promise<void> {
    const { memberId, instanceId } = this
    this.crash()
    if (memberId === '') return
    await this.#fixture.coordinator.leaveGroup('g', [{ memberId, groupInstanceId: instanceId, reason: null }])
  }
}
