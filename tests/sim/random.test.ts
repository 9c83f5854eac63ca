import { describe, expect, test } from 'vitest'
import { playRandom } from './schedules.ts'
import type { Figures } from './simulation.ts'

/** `SIM_SEED=n` runs one schedule again, `SIM_SEEDS=n` so many from the first. */
const first = Number(process.env.SIM_SEED ?? 1)
const count = process.env.SIM_SEED ? 1 : Number(process.env.SIM_SEEDS ?? 250)
const perTest = 50
const timeoutMs = 60_000 + count * 500

/**
 * A whole node under load of every kind, on a disk that fails in any way and loses power, on a network that loses,
 * delays and repeats, with files damaged while it is down and a time of day that jumps.
 */
describe.skipIf(process.env.SIM_FAULT !== undefined)('whatever happens, what was promised holds', () => {
  const all: Figures[] = []

  test.each(Array.from({ length: Math.ceil(count / perTest) }, (_, index) => first + index * perTest))(
    'seeds from %i on',
    async (from) => {
      for (let seed = from; seed < Math.min(from + perTest, first + count); seed++)
        all.push(await playRandom(seed))
    },
    timeoutMs,
  )

  test.skipIf(count < perTest)('everything that may happen did', () => {
    const sum = (figure: (figures: Figures) => number) => all.reduce((total, each) => total + figure(each), 0)
    for (const figure of ['kills', 'powerLosses', 'startFailures', 'damagedFiles', 'committed'] as const)
      expect(
        sum((each) => each[figure]),
        figure,
      ).toBeGreaterThan(all.length / 20)
    const errors = new Set(all.flatMap((each) => [...each.errors.keys()]))
    for (const name of [
      'KAFKA_STORAGE_ERROR',
      'NOT_COORDINATOR',
      'REBALANCE_IN_PROGRESS',
      'INVALID_PRODUCER_EPOCH',
    ])
      expect(errors).toContain(name)
  })

  test('the same seed is the same schedule', async () => {
    for (let seed = first; seed < first + 3; seed++)
      expect(await playRandom(seed)).toEqual(await playRandom(seed))
  })
})
