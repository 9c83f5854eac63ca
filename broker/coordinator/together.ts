import type { GroupShard } from './group/group-shard.ts'
import type { Turn } from './turn.ts'

/** A request in two steps, so that what many of them ask for is worked out once. */
export type TwoSteps = {
  /** Requests of one key follow upon each other; null: all that were begun before are ended first. */
  readonly key: string | null
  /** Does what the others are to see. What it returns does the rest, and replies. */
  readonly begin: (turn: Turn, shard: GroupShard) => () => void
}

/** Begins all requests of one turn, then ends them, each in the order in which they came. */
export function runTogether(turn: Turn, shard: GroupShard, requests: readonly TwoSteps[]): void {
  const begun = new Map<string, () => void>()
  let unnamed = 0
  for (const { key, begin } of requests) {
    if (key === null || begun.has(key)) endAll(begun)
    begun.set(key ?? `\0${unnamed++}`, begin(turn, shard))
  }
  endAll(begun)
}

function endAll(begun: Map<string, () => void>): void {
  for (const end of begun.values()) end()
  begun.clear()
}
