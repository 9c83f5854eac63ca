import type {
  Channel,
  ClientMessage,
  ServerFrame,
  ServerMessage,
  Snapshot,
  Subscription,
  Update,
} from '../contract/live.ts'

export type ConnectionState = {
  status: 'connecting' | 'live' | 'offline'
  /** How many times in a row the connection could not be made. */
  attempts: number
  roundTripMs: number | null
}

/** What happens to one subscription. `data` belongs to the channel that was subscribed to. */
export type LiveListener<C extends Channel> = {
  snapshot: (data: Snapshot<C>) => void
  update: (data: Update<C>) => void
  /** It failed or ended on the server and is gone, unless `retriable`: then it is asked for again by itself. */
  error?: (error: { code: string; message: string; retriable: boolean }) => void
  end?: (reason: string) => void
}

export type LiveHandle = {
  unsubscribe: () => void
  pause: () => void
  resume: () => void
  /** Asks for a snapshot: what the cache holds came another way and may be older. */
  resync: () => void
  /** Ends a search; its last update has the state `stopped`. */
  stop: () => void
}

type Entry = {
  subscription: Subscription
  listener: LiveListener<Channel>
  /** Number of the last message; null: waiting for a snapshot. */
  seq: number | null
  paused: boolean
}

const firstRetryMs = 250
const longestRetryMs = 5000
const pingEveryMs = 5000
const silenceLimitMs = 15_000
const askAgainMs = 2000

/**
 * One WebSocket for the page. It reconnects by itself, subscribes again, checks the numbering of every
 * subscription and asks for a snapshot when an update is missing, so that nothing is ever silently stale.
 */
export class LiveSocket {
  private readonly url: string
  private socket: WebSocket | null = null
  private nextId = 1
  private readonly entries = new Map<number, Entry>()
  private readonly watchers = new Set<() => void>()
  private state: ConnectionState = { status: 'connecting', attempts: 0, roundTripMs: null }
  private retryTimer: ReturnType<typeof setTimeout> | undefined
  private pingTimer: ReturnType<typeof setInterval> | undefined
  private lastHeardAt = 0
  private wasLive = false
  private stopped = true
  /** Called when the connection is there again after it was lost. */
  onReconnect: () => void = () => {}

  constructor(url: string) {
    this.url = url
  }

  start(): void {
    if (!this.stopped) return
    this.stopped = false
    window.addEventListener('online', this.retryNow)
    document.addEventListener('visibilitychange', this.retryNow)
    this.connect()
  }

  stop(): void {
    this.stopped = true
    window.removeEventListener('online', this.retryNow)
    document.removeEventListener('visibilitychange', this.retryNow)
    clearTimeout(this.retryTimer)
    this.drop()
  }

  getState = (): ConnectionState => this.state

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  subscribe<C extends Channel>(
    subscription: Extract<Subscription, { channel: C }>,
    listener: LiveListener<C>,
  ): LiveHandle {
    const id = this.nextId++
    const entry: Entry = { subscription, listener: widen(listener), seq: null, paused: false }
    this.entries.set(id, entry)
    this.send({ type: 'subscribe', id, subscription })
    return {
      unsubscribe: () => {
        if (this.entries.delete(id)) this.send({ type: 'unsubscribe', id })
      },
      pause: () => {
        entry.paused = true
        this.send({ type: 'pause', id })
      },
      resume: () => {
        entry.paused = false
        this.send({ type: 'resume', id })
      },
      resync: () => {
        entry.seq = null
        this.send({ type: 'resync', id })
      },
      stop: () => this.send({ type: 'stop', id }),
    }
  }

  private readonly retryNow = (): void => {
    if (document.hidden || this.socket !== null) return
    clearTimeout(this.retryTimer)
    this.connect()
  }

  private connect(): void {
    if (this.stopped || this.socket !== null) return
    const socket = new WebSocket(this.url)
    this.socket = socket
    socket.onopen = () => this.opened(socket)
    socket.onmessage = (event: MessageEvent<string>) => {
      if (socket !== this.socket) return
      this.lastHeardAt = Date.now()
      const frame = JSON.parse(event.data) as ServerFrame
      for (const message of frame.messages) this.receive(message)
    }
    socket.onclose = () => {
      if (socket === this.socket) this.lost()
    }
  }

  private opened(socket: WebSocket): void {
    if (socket !== this.socket) return
    this.lastHeardAt = Date.now()
    this.set({ status: 'live', attempts: 0 })
    for (const [id, entry] of this.entries) this.ask(id, entry)
    this.pingTimer = setInterval(() => this.ping(), pingEveryMs)
    this.ping()
    if (this.wasLive) this.onReconnect()
    this.wasLive = true
  }

  /** Subscribes again what was subscribed to before. */
  private ask(id: number, entry: Entry): void {
    entry.seq = null
    this.send({ type: 'subscribe', id, subscription: entry.subscription })
    if (entry.paused) this.send({ type: 'pause', id })
  }

  private ping(): void {
    if (Date.now() - this.lastHeardAt > silenceLimitMs) this.lost()
    else this.send({ type: 'ping', at: Date.now() })
  }

  private lost(): void {
    this.drop()
    if (this.stopped) return
    const attempts = this.state.attempts + 1
    this.set({ status: 'offline', attempts, roundTripMs: null })
    const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** (attempts - 1)) * (0.75 + Math.random() / 2)
    clearTimeout(this.retryTimer)
    this.retryTimer = setTimeout(() => this.connect(), delayMs)
  }

  private drop(): void {
    clearInterval(this.pingTimer)
    const socket = this.socket
    this.socket = null
    socket?.close()
  }

  private receive(message: ServerMessage): void {
    switch (message.type) {
      case 'hello':
        return
      case 'pong':
        this.set({ roundTripMs: Math.max(0, Date.now() - message.at) })
        return
      case 'snapshot': {
        const entry = this.entries.get(message.id)
        if (!entry) return
        entry.seq = message.seq
        entry.listener.snapshot(message.data)
        return
      }
      case 'update': {
        const entry = this.entries.get(message.id)
        if (!entry || entry.seq === null) return
        if (message.seq !== entry.seq + 1) {
          entry.seq = null
          this.send({ type: 'resync', id: message.id })
          return
        }
        entry.seq = message.seq
        entry.listener.update(message.data)
        return
      }
      case 'end':
        this.finish(message.id)?.listener.end?.(message.reason)
        return
      case 'error':
        this.failed(message)
    }
  }

  private failed(message: Extract<ServerMessage, { type: 'error' }>): void {
    if (message.id === null) return
    const { id } = message
    if (!message.retriable) {
      this.finish(id)?.listener.error?.(message)
      return
    }
    const entry = this.entries.get(id)
    entry?.listener.error?.(message)
    setTimeout(() => {
      if (entry && this.entries.get(id) === entry) this.ask(id, entry)
    }, askAgainMs)
  }

  private finish(id: number): Entry | undefined {
    const entry = this.entries.get(id)
    this.entries.delete(id)
    return entry
  }

  private send(message: ClientMessage): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message))
  }

  private set(change: Partial<ConnectionState>): void {
    const next = { ...this.state, ...change }
    if (
      next.status === this.state.status &&
      next.attempts === this.state.attempts &&
      next.roundTripMs === this.state.roundTripMs
    )
      return
    this.state = next
    for (const watcher of this.watchers) watcher()
  }
}

/** A listener is only ever called with data of the channel it subscribed to, which the types of a map cannot say. */
function widen<C extends Channel>(listener: LiveListener<C>): LiveListener<Channel> {
  return listener as unknown as LiveListener<Channel>
}
