import { createHmac, hash } from 'node:crypto'

/** The mechanisms that Kafka knows, by the number that the wire has for them, and the hash of each. */
const hashes: ReadonlyMap<number, string> = new Map([
  [1, 'sha256'],
  [2, 'sha512'],
])

export const minIterations = 4096
/** Kafka's limit: more would keep a broker busy at each login. */
export const maxIterations = 16_384

/** What is kept of a password (RFC 5802): enough to check it, not enough to log in with it. */
export type ScramCredential = {
  readonly salt: Buffer
  readonly storedKey: Buffer
  readonly serverKey: Buffer
  readonly iterations: number
}

export function isScramMechanism(mechanism: number): boolean {
  return hashes.has(mechanism)
}

/** The credential of a password that the client has salted; undefined for an empty one, which is no key. */
export function scramCredential(
  mechanism: number,
  { salt, saltedPassword, iterations }: { salt: Buffer; saltedPassword: Buffer; iterations: number },
): ScramCredential | undefined {
  const algorithm = hashes.get(mechanism)
  if (algorithm === undefined || saltedPassword.length === 0) return undefined
  const keyed = (text: string) => createHmac(algorithm, saltedPassword).update(text).digest()
  const storedKey = hash(algorithm, keyed('Client Key'), 'buffer')
  return { salt, storedKey, serverKey: keyed('Server Key'), iterations }
}
