import { expect, test } from 'vitest'
import { applyDescription } from '../../../../lib/server/live/apply-groups.ts'
import { applyGroupEvent } from '../../../../lib/server/live/host-group-events.ts'
import { LiveState } from '../../../../lib/server/live/live-state.ts'

test('a step says one member, one partition, and no reason where none was given', () => {
  const state = new LiveState('exact', () => 1_000)
  const about = { groupId: 'g', groupType: 'classic', atMs: 1_000 } as const
  applyGroupEvent(state, {
    ...about,
    kind: 'rebalanceCompleted',
    generation: 1,
    durationMs: 8,
    memberCount: 1,
  })
  applyGroupEvent(state, {
    ...about,
    kind: 'memberJoined',
    memberId: 'm',
    instanceId: null,
    clientId: 'c',
    clientHost: '/127.0.0.1',
    reason: 'not provided',
  })
  applyGroupEvent(state, {
    ...about,
    kind: 'rebalanceStarted',
    generation: 1,
    reason: 'adding new member m; client reason: not provided',
  })
  applyGroupEvent(state, {
    ...about,
    kind: 'assigned',
    memberId: 'm',
    epoch: 1,
    assigned: [{ topic: 't', partitions: [0] }],
    pendingRevocation: [],
  })
  expect(
    state
      .group('g')
      .steps.all()
      .map((step) => step.text),
  ).toEqual([
    '1 member in step after 8 ms',
    'c joined from 127.0.0.1',
    'Adding new member m',
    'c has 1 partition',
  ])
})

test('the coordinator is known with the members, before the next list of groups', () => {
  const state = new LiveState('exact', () => 1_000)
  const group = state.group('g')
  const described = {
    groupId: 'g',
    type: 'classic',
    protocolType: 'consumer',
    protocol: 'range',
    members: [],
  }
  const { version } = group
  applyDescription(state, { ...described, state: 'Stable', epoch: null, coordinator: 3 })
  expect(group.coordinator).toBe(3)
  expect(group.version).toBeGreaterThan(version)
})
