import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DeadlineTimer } from '../../../broker/coordinator/timer.ts'
import { ManualClock } from '../../../broker/core/clock.ts'

test('a deadline fires once, when it is due', () => {
  const clock = new ManualClock()
  const timer = new DeadlineTimer(clock)
  const fired: string[] = []
  timer.set('a', 10, () => fired.push('a'))
  timer.set('b', 5, () => fired.push('b'))
  clock.advance(5)
  expect(fired).toEqual(['b'])
  clock.advance(100)
  expect(fired).toEqual(['b', 'a'])
  expect(timer.size).toBe(0)
})

test('setting it again moves it, to later and to earlier', () => {
  const clock = new ManualClock()
  const timer = new DeadlineTimer(clock)
  const fired: number[] = []
  timer.set('a', 10, () => fired.push(clock.nowMs()))
  clock.advance(9)
  timer.set('a', 10, () => fired.push(clock.nowMs()))
  clock.advance(9)
  expect(fired).toEqual([])
  timer.set('a', 0, () => fired.push(clock.nowMs()))
  clock.advance(0)
  expect(fired).toEqual([18])
  clock.advance(100)
  expect(fired).toEqual([18])
})

test.each([-3_600_000, 3_600_000])('the time of day that jumps by %i ms moves no deadline', (byMs) => {
  const clock = new ManualClock()
  const timer = new DeadlineTimer(clock)
  const fired: string[] = []
  timer.set('a', 10, () => fired.push('a'))
  clock.jump(byMs)
  timer.set('b', 20, () => fired.push('b'))
  clock.advance(9)
  expect(fired).toEqual([])
  clock.advance(1)
  expect(fired).toEqual(['a'])
  clock.advance(10)
  expect(fired).toEqual(['a', 'b'])
})

test('a task may set and cancel others, and itself again', () => {
  const clock = new ManualClock()
  const timer = new DeadlineTimer(clock)
  const fired: string[] = []
  timer.set('a', 5, () => {
    fired.push('a')
    timer.cancel('b')
    timer.set('c', 7, () => fired.push('c at 12'))
    timer.set('a', 5, () => fired.push('a again'))
  })
  timer.set('b', 5, () => fired.push('b'))
  timer.set('c', 5, () => fired.push('c at 5'))
  clock.advance(5)
  expect(fired).toEqual(['a'])
  clock.advance(20)
  expect(fired).toEqual(['a', 'a again', 'c at 12'])
})

test('any sequence of sets and cancels ends as a plain list of deadlines would', () => {
  const action = fc.record({
    key: fc.constantFrom('a', 'b', 'c'),
    delayMs: fc.option(fc.nat({ max: 20 })),
    waitMs: fc.nat({ max: 8 }),
  })
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const clock = new ManualClock()
      const timer = new DeadlineTimer(clock)
      const fired: string[] = []
      const model = new Map<string, number>()
      const expected: string[] = []
      const wait = (ms: number) => {
        const untilMs = clock.nowMs() + ms
        for (const [key, atMs] of [...model].sort((a, b) => a[1] - b[1])) {
          if (atMs > untilMs) continue
          expected.push(`${key}@${atMs}`)
          model.delete(key)
        }
        clock.advance(ms)
      }
      for (const { key, delayMs, waitMs } of actions) {
        if (delayMs === null) {
          timer.cancel(key)
          model.delete(key)
        } else {
          timer.set(key, delayMs, () => fired.push(`${key}@${clock.nowMs()}`))
          model.set(key, clock.nowMs() + delayMs)
        }
        wait(waitMs)
      }
      wait(100)
      expect(fired.sort()).toEqual(expected.sort())
    }),
  )
})
