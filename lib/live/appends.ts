import type { Append } from '../contract/live.ts'

type Listener = (appends: readonly Append[]) => void

const listeners = new Map<string, Set<Listener>>()
const nameOf = (cluster: string, topic: string) => `${cluster}/${topic}`

/** Calls `listener` with each batch of appends of a topic; too many and too short-lived for the query cache. */
export function onAppends(cluster: string, topic: string, listener: Listener): () => void {
  const name = nameOf(cluster, topic)
  const set = listeners.get(name) ?? new Set()
  listeners.set(name, set)
  set.add(listener)
  return () => {
    set.delete(listener)
    if (set.size === 0) listeners.delete(name)
  }
}

export function emitAppends(cluster: string, topic: string, appends: readonly Append[]): void {
  for (const listener of listeners.get(nameOf(cluster, topic)) ?? []) listener(appends)
}
