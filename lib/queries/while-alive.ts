import { CallError } from '../contract/call.ts'

type Asked = { state: { error: Error | null } }

/** Asks again every `ms`, until the answer is an error that will not go away by itself. */
export function whileAlive(ms: number): (query: Asked) => number | false {
  return ({ state }) => (state.error instanceof CallError && !state.error.retriable ? false : ms)
}

/** Asks again every `ms` while the thing is not there, so that its page comes alive with it. */
export function whileMissing(ms: number): (query: Asked) => number | false {
  return ({ state }) => (state.error instanceof CallError && state.error.status === 404 ? ms : false)
}
