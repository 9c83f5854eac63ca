import { setTimeout as delay } from 'node:timers/promises'
import { untilAnswers } from '../../support/child.ts'
import type { KillableBroker } from './killable.ts'
import type { Load } from './load.ts'
import type { Schedule } from './seed.ts'

const progressTimeoutMs = 60_000

/** Resolves when it is so; throws with `what` when it takes longer than a minute. */
export async function until(what: () => string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  try {
    await untilAnswers(async () => (await isSo()) || undefined, {
      timeoutMs: progressTimeoutMs,
      intervalMs: 2,
    })
  } catch (cause) {
    throw new Error(`waited in vain for ${what()}`, { cause })
  }
}

/** Each program has brought `count` events more. */
export async function untilEachGoesOn(loads: readonly Load[], count: number): Promise<void> {
  const targets = loads.map(({ events }) => events.length + count)
  const behind = () => loads.filter(({ events }, index) => events.length < targets[index]!)
  await until(
    () => `events of ${behind().map(({ name, events }) => `${name}, last ${events.slice(-3).join('; ')}`)}`,
    () => behind().length === 0,
  )
}

/**
 * Kills the broker `times` times at moments of the schedule: when the programs together have brought a number of
 * events, and up to 20 ms later. In the end each program goes on.
 */
export async function killRepeatedly(
  broker: KillableBroker,
  loads: readonly Load[],
  plan: Schedule,
  options: {
    times: number
    events: readonly [number, number]
    /** Happens shortly before each kill. */
    before?: () => void
  },
): Promise<void> {
  const count = () => loads.reduce((sum, load) => sum + load.events.length, 0)
  await untilEachGoesOn(loads, 1)
  for (let killed = 0; killed < options.times; killed++) {
    const target = count() + plan.between(...options.events)
    await until(
      () => `${target} events, there are ${count()}`,
      () => count() >= target,
    )
    options.before?.()
    await delay(plan.between(0, 20))
    await broker.kill()
    await broker.start()
  }
  await untilEachGoesOn(loads, 5)
}
