import { describe, expect, test } from 'vitest'
import {
  applyCommit,
  applyCommittedOffsets,
  applyGroupList,
} from '../../../../lib/server/live/apply-groups.ts'
import { groupView } from '../../../../lib/server/live/group-views.ts'
import { LiveState } from '../../../../lib/server/live/live-state.ts'
import { computeGroup, tick } from '../../../../lib/server/live/tick.ts'

function stateWith(offsets: number[]) {
  let now = 1_000_000
  const state = new LiveState('exact', () => now)
  const topic = state.topic('t')
  state.partition(topic, offsets.length - 1)
  const arrive = (partition: number, highWatermark: number) =>
    state.applyOffsets('t', partition, { highWatermark, logStartOffset: 0 }, now)
  offsets.forEach((offset, partition) => {
    arrive(partition, offset)
  })
  const group = state.group('g')
  return { state, group, arrive, wait: (ms: number) => (now += ms), now: () => now }
}

describe('lag', () => {
  test('is what lies between the committed offset and the high watermark', () => {
    const { state, group, now } = stateWith([100, 50])
    applyCommit(state, group, { topic: 't', partition: 0, offset: 90 }, now())
    applyCommit(state, group, { topic: 't', partition: 1, offset: 50 }, now())
    computeGroup(state, group, now())
    expect(groupView(state, group)).toMatchObject({
      lag: 10,
      partitions: [{ lag: 10 }, { lag: 0, lagSeconds: 0 }],
    })
  })

  test('is exact where each offset is a record, and while there is none', () => {
    const { state, group, now } = stateWith([100])
    const precisionAt = (offset: number) => {
      applyCommit(state, group, { topic: 't', partition: 0, offset }, now())
      computeGroup(state, group, now())
      return groupView(state, group).precision
    }
    expect(precisionAt(10)).toBe('exact')
    state.applyOffsets('t', 0, { denseFrom: 50 }, now())
    expect([precisionAt(10), precisionAt(50), precisionAt(90)]).toEqual(['estimate', 'exact', 'exact'])
    state.applyOffsets('t', 0, { denseFrom: 100 }, now())
    expect([precisionAt(90), precisionAt(100)]).toEqual(['estimate', 'exact'])
  })

  test('is an estimate where only offsets are known', () => {
    const state = new LiveState('estimate', () => 1_000_000)
    state.partition(state.topic('t'), 0)
    state.applyOffsets('t', 0, { highWatermark: 100, logStartOffset: 0 }, 1_000_000)
    const group = state.group('g')
    applyCommit(state, group, { topic: 't', partition: 0, offset: 100 }, 1_000_000)
    computeGroup(state, group, 1_000_000)
    expect(groupView(state, group)).toMatchObject({ lag: 0, precision: 'estimate' })
  })

  test('is unknown without a commit, not zero', () => {
    const { state, group, now } = stateWith([100])
    group.partition('t', 0)
    computeGroup(state, group, now())
    expect(group.lag).toBeNull()
  })

  test('does not count what retention took', () => {
    const { state, group, now } = stateWith([100])
    applyCommit(state, group, { topic: 't', partition: 0, offset: 10 }, now())
    state.applyOffsets('t', 0, { logStartOffset: 60 }, now())
    computeGroup(state, group, now())
    expect(group.lag).toBe(40)
  })

  test('in seconds is the age of the oldest unread record by the time it arrived', () => {
    const { state, group, arrive, wait, now } = stateWith([0])
    applyCommit(state, group, { topic: 't', partition: 0, offset: 0 }, now())
    wait(5_000)
    arrive(0, 10)
    wait(20_000)
    arrive(0, 20)
    applyCommit(state, group, { topic: 't', partition: 0, offset: 10 }, now())
    wait(7_000)
    tick(state)
    // Record 10 came at some time in the 20 s before the second look; the first moment is what can be known.
    expect(group.lagSeconds).toBe(27)
    applyCommit(state, group, { topic: 't', partition: 0, offset: 20 }, now())
    computeGroup(state, group, now())
    expect(group.lagSeconds).toBe(0)
  })

  test('versions tell what changed, and nothing else', () => {
    const { state, group, arrive, now } = stateWith([100, 50])
    applyCommit(state, group, { topic: 't', partition: 0, offset: 90 }, now())
    applyCommit(state, group, { topic: 't', partition: 1, offset: 40 }, now())
    computeGroup(state, group, now())
    const before = state.version
    computeGroup(state, group, now())
    expect(state.version).toBe(before)
    arrive(1, 51)
    computeGroup(state, group, now())
    const changed = [...group.partitions.values()].filter(({ version }) => version > before)
    expect(changed.map(({ partition }) => partition)).toEqual([1])
  })

  test('an offset that is gone from the coordinator is unknown again', () => {
    const { state, group, now } = stateWith([100])
    applyCommittedOffsets(
      state,
      'g',
      [{ topic: 't', partition: 0, offset: 5, leaderEpoch: null, metadata: null }],
      now(),
    )
    applyCommittedOffsets(state, 'g', [], now())
    computeGroup(state, group, now())
    expect(group.lag).toBeNull()
  })

  test('groups that are gone from the list are told of', () => {
    const { state } = stateWith([1])
    applyGroupList(state, [], false)
    expect(state.removedGroups.all()).toEqual(['g'])
    expect(state.activity.all().at(-1)).toMatchObject({ kind: 'groupDeleted', subject: 'g' })
  })
})
