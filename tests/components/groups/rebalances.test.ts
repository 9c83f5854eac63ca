import { expect, test } from 'vitest'
import { isBehind } from '../../../components/groups/behind.ts'
import { rebalancesOf } from '../../../components/groups/rebalances-tab.tsx'
import { targetOf } from '../../../components/groups/reset-target.ts'
import type { GroupState, RebalanceStep } from '../../../lib/contract/groups.ts'

function step(at: number, kind: RebalanceStep['kind'], state: GroupState | null = null): RebalanceStep {
  return {
    at,
    kind,
    state,
    precision: 'exact',
    memberId: null,
    clientId: null,
    epoch: null,
    assignment: null,
    text: kind,
  }
}

test('a rebalance lasts from its cause to the group at rest, what is told just after included', () => {
  const rebalances = rebalancesOf([
    step(0, 'joined'),
    step(1, 'stateChanged', 'PreparingRebalance'),
    step(5, 'stateChanged', 'Stable'),
    step(5, 'synced'),
    step(6, 'assigned'),
    step(90, 'left'),
    step(91, 'stateChanged', 'PreparingRebalance'),
  ])
  expect(rebalances.map(({ startedAt, endedAt, steps }) => [startedAt, endedAt, steps.length])).toEqual([
    [0, 6, 5],
    [90, null, 2],
  ])
})

test('a lag deserves attention by its age, by its size where the age is not known', () => {
  expect(isBehind(50, 0.4)).toBe(false)
  expect(isBehind(50, 5)).toBe(true)
  expect(isBehind(50, null)).toBe(false)
  expect(isBehind(5000, null)).toBe(true)
  expect(isBehind(null, null)).toBe(false)
})

test('a reset target is there when the form is complete', () => {
  const form = { to: 'earliest' as const, time: '', offset: 'x', by: '-5', groupId: '' }
  expect(targetOf(form)).toEqual({ to: 'earliest' })
  expect(targetOf({ ...form, to: 'offset' })).toBeUndefined()
  expect(targetOf({ ...form, to: 'shift' })).toEqual({ to: 'shift', by: -5 })
  expect(targetOf({ ...form, to: 'group' })).toBeUndefined()
  expect(targetOf({ ...form, to: 'time', time: '1970-01-01T00:00:01Z' })).toEqual({
    to: 'time',
    timestamp: 1000,
  })
})
