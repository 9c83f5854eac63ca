import { describe, expect, test } from 'vitest'
import { EventRing } from '../../../../lib/server/live/event-ring.ts'
import { OffsetClock } from '../../../../lib/server/live/offset-clock.ts'
import { Rate } from '../../../../lib/server/live/rate.ts'
import { historyStepMs, historySteps, Series } from '../../../../lib/server/live/series.ts'

describe('rate', () => {
  test('is the mean of the last seconds and falls to zero', () => {
    const rate = new Rate(0)
    for (let ms = 0; ms < 10_000; ms += 100) rate.add(10, ms)
    expect(rate.perSecond(9_999)).toBeCloseTo(100, -1)
    expect(rate.perSecond(12_500)).toBeLessThan(60)
    expect(rate.perSecond(16_000)).toBe(0)
  })

  test('a young meter does not understate', () => {
    const rate = new Rate(0)
    rate.add(50, 500)
    expect(rate.perSecond(1_000)).toBe(50)
  })
})

describe('offset clock', () => {
  test('tells when the broker had a record, between its samples too', () => {
    const clock = new OffsetClock()
    clock.observe(100, 1_000)
    clock.observe(200, 3_000)
    clock.observe(400, 5_000)
    expect(clock.timeOf(100)).toBe(1_000)
    expect(clock.timeOf(150)).toBe(2_000)
    expect(clock.timeOf(300)).toBe(4_000)
    expect(clock.timeOf(99)).toBeNull()
    expect(clock.timeOf(400)).toBeNull()
  })

  test('forgets when the log begins anew', () => {
    const clock = new OffsetClock()
    clock.observe(100, 0)
    clock.observe(200, 2_000)
    clock.observe(5, 4_000)
    expect(clock.timeOf(150)).toBeNull()
  })

  test('stays bounded however long it runs', () => {
    const clock = new OffsetClock()
    for (let second = 0; second < 10_000; second++) clock.observe(second * 10, second * 1_000)
    expect(clock.timeOf(9_500 * 10)).toBe(9_500_000)
    expect(clock.timeOf(10)).toBeNull()
  })
})

describe('series', () => {
  test('keeps one value a step, the newest wins, gaps are unknown', () => {
    const series = new Series()
    series.set(historyStepMs * 10, 1)
    series.set(historyStepMs * 10 + 1, 2)
    series.set(historyStepMs * 12, 3)
    expect(series.points()).toEqual([
      [historyStepMs * 10, 2],
      [historyStepMs * 11, null],
      [historyStepMs * 12, 3],
    ])
    expect(series.points(historyStepMs * 11)).toEqual([[historyStepMs * 12, 3]])
  })

  test('keeps half an hour', () => {
    const series = new Series()
    for (let step = 0; step < historySteps * 3; step++) series.set(step * historyStepMs, step)
    const points = series.points()
    expect(points).toHaveLength(historySteps)
    expect(points.at(-1)).toEqual([(historySteps * 3 - 1) * historyStepMs, historySteps * 3 - 1])
  })

  test('a pause longer than all of it leaves nothing of before', () => {
    const series = new Series()
    series.set(0, 1)
    series.set(historyStepMs * historySteps * 5, 2)
    expect(series.points()).toEqual([[historyStepMs * historySteps * 5, 2]])
  })
})

test('an event ring tells a late reader how much it missed', () => {
  const ring = new EventRing<number>(3)
  for (let i = 0; i < 5; i++) ring.push(i)
  expect(ring.since(0)).toEqual({ events: [2, 3, 4], lost: 2 })
  expect(ring.since(4)).toEqual({ events: [4], lost: 0 })
  expect(ring.since(ring.next)).toEqual({ events: [], lost: 0 })
})
