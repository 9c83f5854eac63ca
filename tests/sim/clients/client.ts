import type { Ledger } from '../ledger.ts'
import type { Network } from '../network.ts'

/** What a simulated client has to do with. */
export type Surroundings = {
  readonly network: Network
  readonly ledger: Ledger
  readonly random: () => number
}

/** Somebody who uses the node: `act` does one thing to its end, however often it has to be sent. */
export type Client = {
  readonly name: string
  act(): Promise<void>
  /** What must be settled before the checks: an unanswered batch, an open transaction. */
  finish?(): Promise<void>
}

export function upTo(random: () => number, limit: number): number {
  return Math.floor(random() * limit)
}
