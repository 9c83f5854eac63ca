import { seededRandom } from '../../broker/core/random.ts'
import { upTo } from './clients/client.ts'
import type { Fault } from './fault-plan.ts'
import { onSeededMachine } from './seeded-machine.ts'
import { type Figures, Simulation } from './simulation.ts'

/** A schedule failed: which one, why, how to run it again, and with `SIM_TRACE` all that happened. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError'
}

/** Everything at once, for a seed: any faults, an unreliable network, damaged files, clocks that jump. */
export async function playRandom(seed: number): Promise<Figures> {
  const random = seededRandom(seed)
  const faults = Array.from({ length: upTo(random, 4) }, () => randomFault(random))
  const flushesEveryMessage = random() < 0.5
  return play(`SIM_SEED=${seed}`, random, (isTracing) => {
    return new Simulation({
      random,
      faults,
      durationMs: 2_000 + upTo(random, 6_000),
      unreliability: random() < 0.2 ? 0 : 0.15,
      flushesEveryMessage,
      isRough: random() < 0.8,
      isTracing,
    })
  })
}

/** What may happen at each call of the disk in its turn. */
export const faultKinds = ['EIO', 'ENOSPC', 'full', 'folder', 'kill', 'power-loss'] as const
export type FaultKind = (typeof faultKinds)[number]

const oneFaultDurationMs = 1_200

/**
 * A short day of a node, with one kill -9 in the middle, on which nothing else fails but the `atCall`-th call of the
 * disk. Call 0 never comes: then the figures tell how many there are.
 */
export async function playOneFault(seed: number, kind: FaultKind, atCall: number): Promise<Figures> {
  const random = seededRandom(seed)
  return play(`SIM_SEED=${seed} SIM_FAULT=${kind} SIM_CALL=${atCall}`, random, (isTracing) => {
    return new Simulation({
      random,
      faults: [faultOf(kind, atCall)],
      durationMs: oneFaultDurationMs,
      unreliability: 0,
      flushesEveryMessage: kind === 'power-loss',
      isRough: false,
      killsAtMs: oneFaultDurationMs / 2,
      isTracing,
    })
  })
}

function faultOf(kind: FaultKind, atCall: number): Fault {
  if (kind === 'EIO' || kind === 'ENOSPC') return { kind: 'error', atCall, code: kind }
  if (kind === 'full' || kind === 'folder') return { kind, atCall, forMs: oneFaultDurationMs / 4 }
  return { kind, atCall }
}

/** Within these calls of the disk most schedules are over. */
const usualCalls = 1_500
const kinds = ['error', 'error', 'full', 'folder', 'kill', 'kill', 'kill', 'power-loss'] as const

function randomFault(random: () => number): Fault {
  const kind = kinds[upTo(random, kinds.length)]!
  const atCall = 1 + upTo(random, usualCalls)
  if (kind === 'error') return { kind, atCall, code: random() < 0.5 ? 'EIO' : 'ENOSPC' }
  if (kind === 'full' || kind === 'folder') return { kind, atCall, forMs: upTo(random, 4_000) }
  return { kind, atCall }
}

function play(
  replay: string,
  random: () => number,
  newSimulation: (isTracing: boolean) => Simulation,
): Promise<Figures> {
  const isTracing = process.env.SIM_TRACE !== undefined
  return onSeededMachine(random, async () => {
    const simulation = newSimulation(isTracing)
    const { bugs } = simulation.machine
    const onRejection = (error: unknown) => void bugs.push(error)
    process.on('unhandledRejection', onRejection)
    try {
      return await simulation.run()
    } catch (cause) {
      const reason = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
      const trace = isTracing ? `\n${simulation.machine.trace.join('\n')}` : ''
      throw new ScheduleError(
        `${reason}${trace}\nRun it again, with all that happens: ${replay} SIM_TRACE=1 npx vitest run tests/sim`,
        { cause },
      )
    } finally {
      process.off('unhandledRejection', onRejection)
    }
  })
}
