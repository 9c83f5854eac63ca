import { describe, expect, test } from 'vitest'
import { encodeAssignment, encodeSubscription } from '../../../broker/coordinator/group/consumer-protocol.ts'
import { ConsumerClient } from './consumer-client.ts'
import { CoordinatorFixture, settle } from './coordinator-fixture.ts'

const metadata = encodeSubscription({ topics: ['t'] }, 1)
const context = { apiVersion: 3, clientId: 'c', clientHost: '/h' }

async function classicGroup(count: number): Promise<number> {
  const fixture = new CoordinatorFixture()
  await fixture.start()
  fixture.setTopic('t', count)
  const startedMs = performance.now()
  const joins = Array.from({ length: count }, () =>
    fixture.coordinator.joinGroup(
      {
        groupId: 'g',
        memberId: '',
        sessionTimeoutMs: 45_000,
        rebalanceTimeoutMs: 300_000,
        groupInstanceId: null,
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata }],
        reason: null,
      },
      context,
    ),
  )
  fixture.clock.advance(0)
  const members = await Promise.all(joins)
  const assignment = encodeAssignment([{ topic: 't', partitions: [1] }], 1)
  const syncs = members.map(({ memberId, leader, generationId }) =>
    fixture.coordinator.syncGroup({
      groupId: 'g',
      memberId,
      generationId: generationId!,
      groupInstanceId: null,
      protocolType: null,
      protocolName: null,
      assignments: memberId === leader ? members.map((one) => ({ memberId: one.memberId, assignment })) : [],
    }),
  )
  expect((await Promise.all(syncs)).every(({ errorCode }) => errorCode === 0)).toBe(true)
  for (let round = 0; round < 3; round++) {
    fixture.clock.advance(3_000)
    for (const { memberId, generationId } of members) {
      void fixture.coordinator.heartbeat({
        groupId: 'g',
        memberId,
        generationId: generationId!,
        groupInstanceId: null,
      })
    }
    await settle()
  }
  expect(fixture.coordinator.snapshotOf('g')).toMatchObject({ state: 'Stable' })
  return performance.now() - startedMs
}

async function consumerGroup(count: number): Promise<number> {
  const fixture = new CoordinatorFixture()
  await fixture.start()
  fixture.setTopic('t', 2 * count)
  const clients = Array.from({ length: count }, (_, index) => new ConsumerClient(fixture, `m${index}`, ['t']))
  const startedMs = performance.now()
  for (let round = 0; round < 6; round++) {
    for (const one of clients) await one.beat()
    fixture.clock.advance(5_000)
  }
  expect(fixture.coordinator.snapshotOf('g')).toMatchObject({ state: 'Stable' })
  return performance.now() - startedMs
}

/** Twice the members may cost more than twice the time, for noise and caches, but not the square of it. */
describe('many members', () => {
  test.each([
    ['classic', classicGroup],
    ['consumer', consumerGroup],
  ] as const)(
    'a %s group of 5000 forms in time that grows with its size',
    async (_name, form) => {
      await form(500)
      const small = await form(1_250)
      const big = await form(5_000)
      console.info(`${_name}: 1250 members ${small.toFixed(0)} ms, 5000 members ${big.toFixed(0)} ms`)
      expect(big).toBeLessThan(Math.max(12 * small, 1_000))
    },
    60_000,
  )
})
