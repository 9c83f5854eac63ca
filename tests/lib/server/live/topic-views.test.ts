import { expect, test } from 'vitest'
import type { Precision } from '../../../../lib/contract/figures.ts'
import { LiveState } from '../../../../lib/server/live/live-state.ts'
import { topicColumns, topicView } from '../../../../lib/server/live/topic-views.ts'

const nowMs = 1_000_000

function stateOf(precision: Precision) {
  const state = new LiveState(precision, () => nowMs)
  const topic = state.topic('t')
  state.partition(topic, 1)
  state.applyOffsets('t', 0, { highWatermark: 100, logStartOffset: 20 }, nowMs)
  return { state, topic }
}

test('the number of records is exact until an offset of a partition may be none', () => {
  const { state, topic } = stateOf('exact')
  // The second partition was never told of: it is empty.
  expect(topicView(topic)).toMatchObject({ precision: 'exact', records: 80 })
  const told = (denseFrom: number) => {
    state.applyOffsets('t', 0, { denseFrom }, nowMs)
    return [topicView(topic).precision, topicColumns(state, { internal: false }).precision]
  }
  expect(told(21)).toEqual(['estimate', ['estimate']])
  expect(topicView(topic).partitions.map(({ precision }) => precision)).toEqual(['estimate', 'exact'])
  expect(told(20)).toEqual(['exact', ['exact']])
  told(50)
  // Retention took the last marker.
  state.applyOffsets('t', 0, { logStartOffset: 60 }, nowMs)
  expect(topicView(topic).precision).toBe('exact')
})

test('a change of the mark alone is news', () => {
  const { state, topic } = stateOf('exact')
  const { version } = topic
  state.applyOffsets('t', 0, { denseFrom: 100 }, nowMs)
  expect(topic.version).toBeGreaterThan(version)
})

test('over the protocol it is an estimate', () => {
  const { topic } = stateOf('estimate')
  expect(topicView(topic)).toMatchObject({ precision: 'estimate', records: 80 })
})
