'use client'

import { useEffect, useMemo, useRef, useState } from 'react'
import type { KafkaRecord, TailRequest } from '../../lib/contract/records.ts'
import { useLiveSocket } from '../../lib/live/provider.tsx'
import type { LiveHandle } from '../../lib/live/socket.ts'

/** So many of the newest records stay on the page. */
export const tailKept = 2000
/** Where more than a screenful comes at once, the list changes only so often: nobody reads ten screens a second. */
const restMs = 250
const screenful = 40

export type Tail = {
  /** Newest first. */
  records: readonly KafkaRecord[]
  /** Records that came but were too many to send. */
  skipped: number
  seen: number
  paused: boolean
  error: string | null
  pause: () => void
  resume: () => void
  clear: () => void
}

type Seen = Pick<Tail, 'records' | 'skipped' | 'seen'>
type TailData = { records: readonly KafkaRecord[]; skipped: number }

const nothing: Seen = { records: [], skipped: 0, seen: 0 }

/** What was seen, with what came since: its records oldest first. */
function withFresh(old: Seen, fresh: Seen): Seen {
  const newestFirst = fresh.records.slice(-tailKept).reverse()
  return {
    records: [...newestFirst, ...old.records].slice(0, tailKept),
    skipped: old.skipped + fresh.skipped,
    seen: old.seen + fresh.seen,
  }
}

/** Joins what comes into one paint a frame, and where much comes, into one every `restMs`. */
function paintsOf(paint: (fresh: Seen) => void): { take: (data: TailData) => void; stop: () => void } {
  let waiting: KafkaRecord[] = []
  let seen = 0
  let skipped = 0
  let frame = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let paintedAtMs = 0
  const flush = (nowMs: number) => {
    const fresh = { records: waiting, seen, skipped }
    waiting = []
    seen = skipped = frame = 0
    timer = undefined
    paintedAtMs = nowMs
    paint(fresh)
  }
  return {
    take: (data) => {
      waiting.push(...data.records)
      seen += data.records.length
      skipped += data.skipped
      // A page in the background has no frames: what piles up there is not kept.
      if (waiting.length > 2 * tailKept) waiting = waiting.slice(-tailKept)
      const rest = waiting.length > screenful ? restMs - (performance.now() - paintedAtMs) : 0
      timer ??= setTimeout(
        () => {
          frame = requestAnimationFrame(flush)
        },
        Math.max(0, rest),
      )
    },
    stop: () => {
      clearTimeout(timer)
      cancelAnimationFrame(frame)
    },
  }
}

/** Follows the end of a topic while `request` is not null. Frames are joined into one paint each. */
export function useTail(request: TailRequest | null): Tail {
  const socket = useLiveSocket()
  const [state, setState] = useState(nothing)
  const [paused, setPaused] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const handle = useRef<LiveHandle | null>(null)
  const name = request === null ? null : JSON.stringify(request)
  const stable = useMemo(() => (name === null ? null : (JSON.parse(name) as TailRequest)), [name])

  useEffect(() => {
    if (!socket || !stable) return
    const { take, stop } = paintsOf((fresh) => setState((old) => withFresh(old, fresh)))
    setState(nothing)
    setPaused(false)
    setError(null)
    handle.current = socket.subscribe<'tail'>(
      { channel: 'tail', ...stable },
      { snapshot: take, update: take, error: (failure) => setError(failure.message) },
    )
    return () => {
      stop()
      handle.current?.unsubscribe()
      handle.current = null
    }
  }, [socket, stable])

  return {
    ...state,
    paused,
    error,
    pause: () => {
      handle.current?.pause()
      setPaused(true)
    },
    resume: () => {
      handle.current?.resume()
      setPaused(false)
    },
    clear: () => setState(nothing),
  }
}
