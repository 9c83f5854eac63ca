import { seededRandom } from '../../../broker/core/random.ts'

/** `FAULTS_SEED=n` gives the schedule of a failed run again; without it every run has another one. */
const seed = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000)

/** Numbers of one test's schedule: `name` keeps schedules of tests in one process apart. */
export type Schedule = {
  /** Stands in front of what a test says when it fails. */
  label: string
  /** A whole number from `from` up to, not including, `to`. */
  between(from: number, to: number): number
  pick<Item>(items: readonly Item[]): Item
}

export function schedule(name: string): Schedule {
  const random = seededRandom([...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), seed))
  const between = (from: number, to: number) => from + Math.floor(random() * (to - from))
  return {
    label: `FAULTS_SEED=${seed} (${name})`,
    between,
    pick: (items) => items[between(0, items.length)]!,
  }
}

/** Runs a test with a schedule; what it throws says how to run it again. */
export async function withSchedule(name: string, run: (plan: Schedule) => Promise<void>): Promise<void> {
  const plan = schedule(name)
  try {
    await run(plan)
  } catch (error) {
    if (error instanceof Error) error.message = `${plan.label}: ${error.message}`
    throw error
  }
}
