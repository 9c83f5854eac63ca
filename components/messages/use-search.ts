'use client'

import { useEffect, useMemo, useRef, useState } from 'react'
import type { KafkaRecord, SearchProgress, SearchRequest } from '../../lib/contract/records.ts'
import { useLiveSocket } from '../../lib/live/provider.tsx'
import type { LiveHandle } from '../../lib/live/socket.ts'

export type Search = {
  records: readonly KafkaRecord[]
  progress: SearchProgress | null
  error: string | null
  stop: () => void
  /** Runs the same search over what the topic holds by now. */
  again: () => void
}

const nothing = { records: [] as readonly KafkaRecord[], progress: null as SearchProgress | null }

/** Runs a search on the server while `request` is not null; hits arrive while it runs. */
export function useSearch(request: SearchRequest | null): Search {
  const socket = useLiveSocket()
  const [state, setState] = useState(nothing)
  const [error, setError] = useState<string | null>(null)
  const [run, setRun] = useState(0)
  const handle = useRef<LiveHandle | null>(null)
  const name = request === null ? null : JSON.stringify(request)
  const stable = useMemo(() => (name === null ? null : (JSON.parse(name) as SearchRequest)), [name])

  // biome-ignore lint/correctness/useExhaustiveDependencies: `run` starts the same search again
  useEffect(() => {
    setState(nothing)
    setError(null)
    if (!socket || !stable) return
    handle.current = socket.subscribe<'search'>(
      { channel: 'search', ...stable },
      {
        snapshot: (data) => setState(data),
        update: (data) =>
          setState((old) => ({ records: [...old.records, ...data.records], progress: data.progress })),
        error: (failure) => setError(failure.message),
      },
    )
    return () => {
      handle.current?.unsubscribe()
      handle.current = null
    }
  }, [socket, stable, run])

  const newestFirst = request?.order !== 'oldestFirst'
  const records = useMemo(() => inTimeOrder(state.records, newestFirst), [state.records, newestFirst])
  return {
    records,
    progress: state.progress,
    error,
    stop: () => handle.current?.stop(),
    again: () => setRun((count) => count + 1),
  }
}

/** Hits come partition by partition; a person reads them in the order of time. */
function inTimeOrder(hits: readonly KafkaRecord[], newestFirst: boolean): KafkaRecord[] {
  const ascending = (a: KafkaRecord, b: KafkaRecord) =>
    a.timestamp - b.timestamp || a.partition - b.partition || a.offset - b.offset
  return hits.toSorted(newestFirst ? (a, b) => ascending(b, a) : ascending)
}
