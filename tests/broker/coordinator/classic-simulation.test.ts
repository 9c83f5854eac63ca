import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ClassicClient } from './classic-client.ts'
import { CoordinatorFixture, settle } from './coordinator-fixture.ts'

type Step =
  | { kind: 'act' | 'leave' | 'crash' | 'rest'; client: number }
  | { kind: 'advance'; seconds: number }
  | { kind: 'restart' }

const client = fc.nat({ max: 4 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('act' as const), client }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('leave' as const, 'crash' as const), client }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('advance' as const), seconds: fc.nat({ max: 40 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
)

const partitionCount = 7

class Simulation {
  readonly fixture = new CoordinatorFixture()
  readonly clients: ClassicClient[] = []
  readonly resting = new Set<number>()

  async start(): Promise<void> {
    await this.fixture.start()
    this.fixture.setTopic('t', partitionCount)
    for (let index = 0; index < 5; index++) {
      this.clients.push(new ClassicClient(this.fixture, index < 2 ? `i${index}` : null))
      this.resting.add(index)
    }
  }

  async run(action: Step): Promise<void> {
    switch (action.kind) {
      case 'act':
        this.resting.delete(action.client)
        this.clients[action.client]!.act()
        break
      case 'leave':
        this.resting.add(action.client)
        await this.clients[action.client]!.leave()
        break
      case 'crash':
      case 'rest':
        this.resting.add(action.client)
        this.clients[action.client]!.crash()
        break
      case 'advance':
        await this.advance(action.seconds)
        break
      case 'restart':
        await this.#restart()
    }
    await settle()
  }

  async advance(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 3) {
      this.fixture.clock.advance(3_000)
      await settle()
      for (const [index, one] of this.clients.entries()) if (!this.resting.has(index)) one.act()
      await settle()
    }
  }

  async #restart(): Promise<void> {
    const before = this.fixture.coordinator.snapshotOf('g')
    await this.fixture.restart()
    const after = this.fixture.coordinator.snapshotOf('g')
    // What is between two records, a rebalance under way, a restart forgets: its members come again.
    if (before?.state !== 'Stable' && before?.state !== 'Empty') return
    expect(after).toEqual(before)
  }

  /** In one generation no partition has two owners. */
  checkOwnership(): void {
    const owners = new Set<string>()
    for (const one of this.clients) {
      for (const partition of one.assigned) {
        const key = `${one.generation}/${partition}`
        expect(owners.has(key), `partition ${partition} has two owners in generation ${one.generation}`).toBe(
          false,
        )
        owners.add(key)
      }
    }
  }

  checkCalm(): void {
    const live = this.clients.filter((_one, index) => !this.resting.has(index))
    const group = this.fixture.coordinator.snapshotOf('g')
    if (live.length === 0) {
      if (group) expect(group.state).toBe('Empty')
      return
    }
    expect(group?.state).toBe('Stable')
    expect(live.every(({ state }) => state === 'in')).toBe(true)
    expect(group?.members.map(({ memberId }) => memberId).sort()).toEqual(
      live.map(({ memberId }) => memberId).sort(),
    )
    expect(live.flatMap(({ assigned }) => assigned).sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
  }
}

test('classic groups: one owner in a generation, all assigned in the end, a restart changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const simulation = new Simulation()
      await simulation.start()
      for (const action of steps) {
        await simulation.run(action)
        simulation.checkOwnership()
      }
      await simulation.advance(400)
      simulation.checkOwnership()
      simulation.checkCalm()
      expect(simulation.fixture.errors).toEqual([])
    }),
    { numRuns: 100 },
  )
}, 60_000)
