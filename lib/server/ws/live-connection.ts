import type { WebSocket } from 'ws'
import {
  clientMessage,
  type ServerMessage,
  type SnapshotMessage,
  type UpdateMessage,
} from '../../contract/live.ts'
import { type Dashboard, failureOf } from '../http/router.ts'
import { version } from '../version.ts'
import type { Feed } from './feed.ts'
import { openFeed } from './open-feed.ts'

type Parsed = ReturnType<typeof clientMessage.parse>

const maxSubscriptions = 64
/** More than this not yet taken by the client: it is slow, so nothing is added. */
const maxBufferedBytes = 1024 * 1024
/** Held back for longer than this, a client gets a snapshot instead of a large update. */
const snapshotAfterMs = 2_000
/** Held back for longer than this, it is gone. */
const giveUpMs = 60_000
const maxMessagesPerSecond = 200

type Subscription = {
  id: number
  channel: string
  feed: Feed
  viewing: () => void
  seq: number
  dueMs: number
  paused: boolean
  wantsSnapshot: boolean
}

/** One page's WebSocket: its subscriptions, sent together in at most one frame each twentieth of a second. */
export class LiveConnection {
  readonly #socket: WebSocket
  readonly #dashboard: Dashboard
  readonly #subscriptions = new Map<number, Subscription>()
  #out: ServerMessage[] = []
  #blockedSinceMs: number | null = null
  #alive = true
  #received = { second: 0, count: 0 }

  constructor(socket: WebSocket, dashboard: Dashboard) {
    this.#socket = socket
    this.#dashboard = dashboard
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.#refuse('Messages are JSON text.')
      else this.#receive(String(data))
    })
    socket.on('pong', () => {
      this.#alive = true
    })
    socket.on('error', () => socket.terminate())
    socket.on('close', () => this.#dropAll())
    this.#out.push({ type: 'hello', version, serverTime: dashboard.now() })
  }

  /** Sends what is due, unless the client is too slow to take it. */
  flush(): void {
    const now = this.#dashboard.now()
    if (this.#socket.bufferedAmount > maxBufferedBytes) {
      this.#blockedSinceMs ??= now
      if (now - this.#blockedSinceMs > giveUpMs) this.#socket.terminate()
      return
    }
    if (this.#blockedSinceMs !== null) {
      const long = now - this.#blockedSinceMs > snapshotAfterMs
      this.#blockedSinceMs = null
      if (long) for (const subscription of this.#subscriptions.values()) subscription.wantsSnapshot = true
    }
    for (const subscription of this.#subscriptions.values()) {
      if (!subscription.paused && now >= subscription.dueMs) this.#tell(subscription, now)
    }
    if (this.#out.length === 0) return
    this.#socket.send(JSON.stringify({ messages: this.#out }))
    this.#out = []
  }

  ping(): void {
    if (!this.#alive) {
      this.#socket.terminate()
      return
    }
    this.#alive = false
    this.#socket.ping()
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason)
  }

  #tell(subscription: Subscription, now: number): void {
    const { feed } = subscription
    subscription.dueMs = now + feed.everyMs
    try {
      const update = subscription.wantsSnapshot ? 'lost' : feed.update()
      if (update === 'lost') {
        const snapshot = feed.snapshot()
        subscription.wantsSnapshot = snapshot === null
        if (snapshot === null) subscription.dueMs = now
        else this.#push(subscription, 'snapshot', snapshot)
      } else if (update !== null) this.#push(subscription, 'update', update)
      const reason = feed.ended?.()
      if (reason === undefined) return
      this.#out.push({ type: 'end', id: subscription.id, reason })
      this.#drop(subscription.id)
    } catch (error) {
      this.#fail(subscription.id, error)
    }
  }

  /** Channel and data belong together by how the feed was opened; the type is lost on the union of channels. */
  #push({ id, channel, seq }: Subscription, type: 'snapshot' | 'update', data: unknown): void {
    const message = { type, id, seq: seq + 1, channel, data } as SnapshotMessage | UpdateMessage
    this.#subscriptions.get(id)!.seq++
    this.#out.push(message)
  }

  #receive(text: string): void {
    const second = Math.floor(this.#dashboard.now() / 1_000)
    if (this.#received.second !== second) this.#received = { second, count: 0 }
    if (++this.#received.count > maxMessagesPerSecond) {
      this.#socket.close(1008, 'Too many messages')
      return
    }
    const parsed = parse(text)
    if (typeof parsed === 'string') this.#refuse(parsed)
    else this.#obey(parsed)
  }

  #obey(message: Parsed): void {
    if (message.type === 'ping') {
      this.#out.push({ type: 'pong', at: message.at, serverTime: this.#dashboard.now() })
      return
    }
    if (message.type === 'subscribe') {
      this.#subscribe(message.id, message.subscription)
      return
    }
    const subscription = this.#subscriptions.get(message.id)
    if (subscription === undefined) return
    switch (message.type) {
      case 'unsubscribe':
        this.#drop(message.id)
        return
      case 'pause':
        subscription.paused = true
        subscription.feed.pause?.()
        return
      case 'resume':
        subscription.paused = false
        subscription.feed.resume?.()
        return
      case 'resync':
        subscription.wantsSnapshot = true
        return
      case 'stop':
        subscription.feed.stop?.()
        return
    }
  }

  #subscribe(id: number, wanted: Parameters<typeof openFeed>[1]): void {
    this.#drop(id)
    if (this.#subscriptions.size >= maxSubscriptions) {
      const message = `At most ${maxSubscriptions} subscriptions on a connection.`
      this.#out.push({ type: 'error', id, code: 'TOO_MANY', message, retriable: false })
      return
    }
    try {
      const { feed, viewing } = openFeed(this.#dashboard, wanted)
      const subscription = { id, channel: wanted.channel, feed, viewing, seq: 0, dueMs: 0, paused: false }
      this.#subscriptions.set(id, { ...subscription, wantsSnapshot: true })
      // At once, not with the next frame: the page waits for it. But nothing for a client that does not read.
      this.flush()
    } catch (error) {
      this.#fail(id, error)
    }
  }

  #fail(id: number, error: unknown): void {
    const { status, body } = failureOf(error)
    if (status === 500) console.error('WebSocket:', error)
    const { code, message, retriable } = body.error
    this.#out.push({ type: 'error', id, code, message, retriable })
    this.#drop(id)
  }

  #refuse(message: string): void {
    this.#out.push({ type: 'error', id: null, code: 'INVALID_REQUEST', message, retriable: false })
  }

  #drop(id: number): void {
    const subscription = this.#subscriptions.get(id)
    if (subscription === undefined) return
    this.#subscriptions.delete(id)
    subscription.viewing()
    subscription.feed.close()
  }

  #dropAll(): void {
    for (const id of [...this.#subscriptions.keys()]) this.#drop(id)
  }
}

/** The message, or why it is none. */
function parse(text: string): Parsed | string {
  try {
    const result = clientMessage.safeParse(JSON.parse(text))
    if (result.success) return result.data
    const issue = result.error.issues[0]
    return issue === undefined ? 'Not a message of ours.' : `${issue.path.join('.')}: ${issue.message}`
  } catch {
    return 'Not valid JSON.'
  }
}
