import { describe, expect, test } from 'vitest'
import { Figures, isHeld, ratioAtLeast, ratioAtMost, valueAtMost } from '../../bench/figures.ts'

describe('a goal', () => {
  const samples = { kafka: [10, 11, 90], millrace: [5, 6, 7] }

  test.each([
    [ratioAtMost(0.55), true],
    [ratioAtMost(0.5), false],
    [ratioAtLeast(0.5), true],
    [ratioAtLeast(0.6), false],
    [valueAtMost(6), true],
    [valueAtMost(5.9), false],
  ])('%j is held by the medians: %s', (goal, held) => {
    expect(isHeld(goal, samples)).toBe(held)
  })

  test('a ratio to a broker that was not measured is not held', () => {
    expect(isHeld(ratioAtMost(2), { kafka: [], millrace: [1] })).toBe(false)
  })
})

test('the table has a row for each figure and place, with goal and verdict', () => {
  const figures = new Figures()
  const figure = { name: 'fetch', unit: 'MB/s', better: 'more', goal: ratioAtLeast(1) } as const
  for (const place of ['tmpfs', 'disk']) {
    figures.place = place
    figures.add('kafka', figure, 100)
    figures.add('millrace', figure, place === 'disk' ? 90 : 200)
  }
  const [, , first, second] = figures.table().split('\n')
  expect(first).toMatch(/fetch \(tmpfs\) .* 100 .* 200 .* 2\.00× .* ≥ 1× .* held/)
  expect(second).toMatch(/fetch \(disk\) .* 0\.90× .* NOT HELD/)
  expect(figures.goals()).toEqual({ count: 2, held: 1 })
})
