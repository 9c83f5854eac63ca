import { describe, expect, test } from 'vitest'
import { type FaultKind, faultKinds, playOneFault } from './schedules.ts'

/** `SIM_FAULT=kind SIM_CALL=n` runs one schedule again, of the seed `SIM_SEED` (1). */
const { SIM_FAULT: kindAsked, SIM_CALL: callAsked, SIM_SEED: seedAsked } = process.env
const seed = Number(seedAsked ?? 1)
const timeoutMs = 300_000

/** Fewer would mean that the load does nothing. */
const leastCalls = 200

describe.skipIf(seedAsked !== undefined && kindAsked === undefined)(
  'a fault at each call of the disk',
  () => {
    const kinds = faultKinds.filter((kind) => kindAsked === undefined || kind === kindAsked)

    test.each(kinds)(
      '%s: what was promised holds',
      async (kind: FaultKind) => {
        if (callAsked !== undefined) return void (await playOneFault(seed, kind, Number(callAsked)))
        const { diskCalls } = await playOneFault(seed, kind, 0)
        expect(diskCalls).toBeGreaterThan(leastCalls)
        for (let atCall = 1; atCall <= diskCalls; atCall++) await playOneFault(seed, kind, atCall)
      },
      timeoutMs,
    )
  },
)
