import { CallError } from '../contract/call.ts'

/** Asks again every `ms`, until the answer is an error that will not go away by itself. */
export function whileAlive(ms: number): (query: { state: { error: Error | null } }) => number | false {
  return ({ state }) => (state.error instanceof CallError && !state.error.retriable ? false : ms)
}
