import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ConsumerClient } from './consumer-client.ts'
import { CoordinatorFixture } from './coordinator-fixture.ts'

type Step =
  | { kind: 'beat' | 'leave' | 'crash'; client: number }
  | { kind: 'subscribe'; client: number; both: boolean }
  | { kind: 'advance'; seconds: number }
  | { kind: 'grow'; topic: 't' | 'u' }
  | { kind: 'restart' }
  | { kind: 'together'; clients: readonly number[]; leaving: number }

const client = fc.nat({ max: 4 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('beat' as const), client }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('leave' as const, 'crash' as const), client }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('subscribe' as const), client, both: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('advance' as const), seconds: fc.nat({ max: 20 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('grow' as const),
      topic: fc.constantFrom('t' as const, 'u' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('together' as const),
      clients: fc.uniqueArray(client, { minLength: 2 }),
      leaving: fc.nat({ max: 12 }),
    }),
  },
)

class Simulation {
  readonly fixture = new CoordinatorFixture()
  readonly clients: ConsumerClient[] = []
  /** Clients that stopped without a word: they may go on reading what is no longer theirs. */
  readonly crashed = new Set<number>()

  async start(intervalMs: number): Promise<void> {
    this.fixture.configure('group.consumer.assignment.interval.ms', String(intervalMs))
    await this.fixture.start()
    this.fixture.setTopic('t', 3)
    this.fixture.setTopic('u', 2)
    for (let index = 0; index < 5; index++)
      this.clients.push(new ConsumerClient(this.fixture, `m${index}`, ['t']))
  }

  async run(action: Step): Promise<void> {
    switch (action.kind) {
      case 'beat':
        this.#revive(action.client)
        return this.clients[action.client]!.beat()
      case 'leave':
        this.#revive(action.client)
        return this.clients[action.client]!.leave()
      case 'crash':
        this.crashed.add(action.client)
        return
      case 'subscribe':
        this.clients[action.client]!.subscribe(action.both ? ['t', 'u'] : ['t'])
        return
      case 'advance':
        return this.#advance(action.seconds)
      case 'grow':
        this.fixture.setTopic(action.topic, (this.fixture.topics.get(action.topic)?.partitions ?? 0) + 1)
        return
      case 'restart':
        return this.#restart()
      case 'together':
        return this.#together(action.clients, action.leaving)
    }
  }

  /** Heartbeats that are dealt with in one turn; one of them may be the last of its client. */
  async #together(clients: readonly number[], leaving: number): Promise<void> {
    for (const index of clients) this.#revive(index)
    const requests = clients.map((index) => () => {
      const one = this.clients[index]!
      return index === leaving ? one.leave() : one.beat()
    })
    await this.fixture.together(requests)
  }

  /** A client that comes back after a crash has lost what it knew. */
  #revive(index: number): void {
    if (!this.crashed.delete(index)) return
    const { memberId, topics } = this.clients[index]!
    this.clients[index] = new ConsumerClient(this.fixture, `${memberId}+`, topics)
  }

  /** Time passes while the clients that live go on beating: only silence costs a membership. */
  async #advance(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 5) {
      this.fixture.clock.advance(5_000)
      await this.beatAll()
    }
  }

  async beatAll(): Promise<void> {
    for (const [index, one] of this.clients.entries()) {
      if (!this.crashed.has(index) && one.epoch > 0) await one.beat()
    }
  }

  async #restart(): Promise<void> {
    const before = this.fixture.coordinator.snapshot()
    await this.fixture.restart()
    expect(this.fixture.coordinator.snapshot()).toEqual(before)
  }

  checkOwnership(): void {
    const owners = new Map<string, string>()
    for (const [index, one] of this.clients.entries()) {
      if (this.crashed.has(index)) continue
      for (const partition of one.partitions()) {
        expect(owners.get(partition), `${partition} has two owners`).toBeUndefined()
        owners.set(partition, one.memberId)
      }
    }
    const claimed = new Set<string>()
    for (const member of this.fixture.coordinator.snapshotOf('g')?.members ?? []) {
      for (const { topic, partitions } of [...member.assigned, ...member.pendingRevocation]) {
        for (const partition of partitions) {
          expect(claimed.has(`${topic}/${partition}`), `${topic}/${partition} is given twice`).toBe(false)
          claimed.add(`${topic}/${partition}`)
        }
      }
    }
  }

  /** Long enough for the silent to be dropped and the others to settle. */
  async calm(): Promise<void> {
    await this.#advance(60)
    for (let round = 0; round < 30; round++) {
      this.fixture.clock.advance(1_000)
      await this.beatAll()
    }
  }

  checkCalm(): void {
    const live = this.clients.filter((one, index) => !this.crashed.has(index) && one.epoch > 0)
    const group = this.fixture.coordinator.snapshotOf('g')
    if (live.length === 0) return
    expect(group?.state).toBe('Stable')
    expect(group?.members.map(({ memberId }) => memberId).sort()).toEqual(
      live.map(({ memberId }) => memberId).sort(),
    )
    const wanted = new Set(live.flatMap(({ topics }) => topics))
    const expected = [...wanted].reduce(
      (sum, topic) => sum + (this.fixture.topics.get(topic)?.partitions ?? 0),
      0,
    )
    const counts = live.map((one) => one.partitions().length)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(expected)
    const isHomogeneous = live.every(({ topics }) => topics.length === live[0]!.topics.length)
    if (isHomogeneous) expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
  }
}

test('consumer groups: no partition has two owners, all are assigned in the end, a restart changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(0, 1000),
      fc.array(step, { maxLength: 60 }),
      async (intervalMs, steps) => {
        const simulation = new Simulation()
        await simulation.start(intervalMs)
        for (const action of steps) {
          await simulation.run(action)
          simulation.checkOwnership()
        }
        await simulation.calm()
        simulation.checkOwnership()
        simulation.checkCalm()
        expect(simulation.fixture.errors).toEqual([])
      },
    ),
    { numRuns: 150 },
  )
}, 60_000)
