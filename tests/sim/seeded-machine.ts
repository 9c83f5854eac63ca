import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { performance } from 'node:perf_hooks'

/** What a call of the processor's clock takes, so that work that is cut into slices of time is cut alike each time. */
const callMs = 0.25
/** More than this is only there to take space. */
const maxRandomBytes = 64

/**
 * Runs `work` on a machine whose random ids and processor time come from `random`: nothing else in the broker
 * differs from run to run, so that a seed tells everything.
 */
export async function onSeededMachine<T>(random: () => number, work: () => Promise<T>): Promise<T> {
  const { randomBytes, randomUUID } = crypto
  const { random: mathRandom } = Math
  const { now } = performance
  let busyMs = 0
  const bytes = (size: number) =>
    size > maxRandomBytes
      ? Buffer.alloc(size)
      : Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256)))
  const hex = (size: number) => bytes(size).toString('hex')
  Object.assign(crypto, {
    randomBytes: bytes,
    randomUUID: () => [4, 2, 2, 2, 6].map(hex).join('-'),
  })
  syncBuiltinESMExports()
  Math.random = random
  performance.now = () => {
    busyMs += callMs
    return busyMs
  }
  try {
    return await work()
  } finally {
    Object.assign(crypto, { randomBytes, randomUUID })
    syncBuiltinESMExports()
    Math.random = mathRandom
    performance.now = now
  }
}
