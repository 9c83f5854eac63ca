'use client'

import { matchQuery, type QueryKey, useQueryClient } from '@tanstack/react-query'
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { type CachedChannel, type CachedSubscription, cacheListener, keyOf } from './apply.ts'
import { type ConnectionState, LiveSocket } from './socket.ts'

const LiveContext = createContext<LiveSocket | null>(null)
const beforeStart: ConnectionState = { status: 'connecting', attempts: 0, roundTripMs: null }

function socketUrl(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`
}

/** Opens the page's one WebSocket. After a reconnect all that is on the screen is asked for again. */
export function LiveProvider({ children }: { children: ReactNode }): ReactNode {
  const client = useQueryClient()
  const [socket] = useState(() => (typeof window === 'undefined' ? null : new LiveSocket(socketUrl())))
  useEffect(() => {
    if (!socket) return
    socket.onReconnect = () => void client.invalidateQueries()
    socket.start()
    return () => socket.stop()
  }, [socket, client])
  return <LiveContext value={socket}>{children}</LiveContext>
}

/** The socket itself, for tails and searches; null while rendering on the server. */
export function useLiveSocket(): LiveSocket | null {
  return useContext(LiveContext)
}

const watchNothing = () => () => {}

export function useConnection(): ConnectionState {
  const socket = useContext(LiveContext)
  return useSyncExternalStore(
    socket?.watch ?? watchNothing,
    socket?.getState ?? (() => beforeStart),
    () => beforeStart,
  )
}

const lingerMs = 1000

/** Keeps a channel flowing into the query cache while the component is there. Null: nothing. */
export function useLive(subscription: CachedSubscription | null): void {
  const socket = useContext(LiveContext)
  const client = useQueryClient()
  const name = subscription === null ? null : JSON.stringify(subscription)
  const stable = useMemo(() => (name === null ? null : (JSON.parse(name) as CachedSubscription)), [name])
  const shared = useRef(sharedOf(socket))
  shared.current = sharedOf(socket)
  useEffect(() => {
    if (!socket || !stable || name === null) return
    const { current } = shared
    const known = current.get(name)
    if (known) {
      known.users++
      clearTimeout(known.linger)
    } else {
      const handle = subscribeCached(socket, client, stable)
      current.set(name, { users: 1, unsubscribe: handle, linger: undefined })
    }
    return () => {
      const entry = current.get(name)
      if (!entry || --entry.users > 0) return
      entry.linger = setTimeout(() => {
        current.delete(name)
        entry.unsubscribe()
      }, lingerMs)
    }
  }, [socket, client, stable, name])
}

type Shared = Map<
  string,
  { users: number; unsubscribe: () => void; linger: ReturnType<typeof setTimeout> | undefined }
>
const sharedBySocket = new WeakMap<LiveSocket, Shared>()

/** Two components that want the same channel share one subscription. */
function sharedOf(socket: LiveSocket | null): Shared {
  if (!socket) return new Map()
  const known = sharedBySocket.get(socket)
  if (known) return known
  const made: Shared = new Map()
  sharedBySocket.set(socket, made)
  return made
}

/**
 * An answer over REST may be older than the last update that it overwrites, or be there only after the snapshot
 * came; so each one is followed by a fresh snapshot.
 */
function subscribeCached(
  socket: LiveSocket,
  client: ReturnType<typeof useQueryClient>,
  subscription: CachedSubscription,
): () => void {
  const listener = cacheListener<CachedChannel>(client, subscription)
  let gone = false
  const subscribe = () => {
    gone = false
    return socket.subscribe<CachedChannel>(subscription, {
      ...listener,
      error: ({ retriable }) => {
        gone = !retriable
      },
    })
  }
  let handle = subscribe()
  const queryKey: QueryKey = keyOf(subscription)
  const unwatch = client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.action.type !== 'success' || event.action.manual) return
    if (!matchQuery({ queryKey }, event.query)) return
    // What was not there when it was subscribed to is there now.
    if (gone) handle = subscribe()
    else handle.resync()
  })
  return () => {
    unwatch()
    handle.unsubscribe()
  }
}
