import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ServerMessage } from '../../../lib/contract/live.ts'
import { LiveSocket } from '../../../lib/live/socket.ts'

/** The browser's WebSocket as far as LiveSocket uses it, worked by hand. */
class FakeWebSocket {
  static readonly OPEN = 1
  static made: FakeWebSocket[] = []
  readyState = 0
  readonly sent: { type: string; id?: number }[] = []
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: (() => void) | null = null

  constructor() {
    FakeWebSocket.made.push(this)
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }
  close(): void {
    this.readyState = 3
  }
  open(): void {
    this.readyState = 1
    this.onopen?.()
  }
  say(...messages: Partial<ServerMessage>[]): void {
    this.onmessage?.({ data: JSON.stringify({ messages }) })
  }
  break(): void {
    this.readyState = 3
    this.onclose?.()
  }
}

const newest = () => FakeWebSocket.made.at(-1)!
const heard: string[] = []
const listener = {
  snapshot: () => heard.push('snapshot'),
  update: (data: unknown) => heard.push(`update ${JSON.stringify(data)}`),
  error: ({ code }: { code: string }) => heard.push(code),
}

function started(): LiveSocket {
  const socket = new LiveSocket('ws://test/ws')
  socket.start()
  return socket
}

beforeEach(() => {
  vi.useFakeTimers()
  FakeWebSocket.made = []
  heard.length = 0
  const target = { addEventListener: () => {}, removeEventListener: () => {} }
  vi.stubGlobal('WebSocket', FakeWebSocket)
  vi.stubGlobal('window', target)
  vi.stubGlobal('document', { ...target, hidden: false })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('numbering', () => {
  test('updates in order are handed on', () => {
    const socket = started()
    newest().open()
    socket.subscribe({ channel: 'clusters' }, listener)
    newest().say({ type: 'snapshot', id: 1, seq: 4, data: {} } as never)
    newest().say(
      { type: 'update', id: 1, seq: 5, data: 1 } as never,
      { type: 'update', id: 1, seq: 6, data: 2 } as never,
    )
    expect(heard).toEqual(['snapshot', 'update 1', 'update 2'])
  })

  test('after a gap nothing is handed on until the snapshot that is asked for', () => {
    const socket = started()
    newest().open()
    socket.subscribe({ channel: 'clusters' }, listener)
    newest().say({ type: 'snapshot', id: 1, seq: 4, data: {} } as never)
    newest().say(
      { type: 'update', id: 1, seq: 6, data: 2 } as never,
      { type: 'update', id: 1, seq: 7, data: 3 } as never,
    )
    expect(heard).toEqual(['snapshot'])
    expect(newest().sent.filter((message) => message.type === 'resync')).toEqual([{ type: 'resync', id: 1 }])
    newest().say({ type: 'snapshot', id: 1, seq: 7, data: {} } as never)
    newest().say({ type: 'update', id: 1, seq: 8, data: 4 } as never)
    expect(heard).toEqual(['snapshot', 'snapshot', 'update 4'])
  })
})

describe('reconnect', () => {
  test('a lost connection is told, made again, and everything is subscribed to again', () => {
    const socket = started()
    const reconnected = vi.fn()
    socket.onReconnect = reconnected
    newest().open()
    socket.subscribe({ channel: 'clusters' }, listener)
    expect(socket.getState().status).toBe('live')
    expect(reconnected).not.toHaveBeenCalled()
    newest().break()
    expect(socket.getState().status).toBe('offline')
    vi.advanceTimersByTime(1000)
    expect(FakeWebSocket.made).toHaveLength(2)
    newest().open()
    expect(reconnected).toHaveBeenCalledOnce()
    expect(newest().sent[0]).toMatchObject({ type: 'subscribe', id: 1 })
    newest().say({ type: 'update', id: 1, seq: 9, data: 1 } as never)
    expect(heard).toEqual([])
  })

  test('waits longer each time, never more than some seconds', () => {
    started()
    for (let attempt = 0; attempt < 12; attempt++) {
      newest().break()
      vi.advanceTimersByTime(6500)
    }
    expect(FakeWebSocket.made).toHaveLength(13)
  })

  test('a connection that is silent for long is given up', () => {
    const socket = started()
    newest().open()
    vi.advanceTimersByTime(21_000)
    expect(socket.getState().status).not.toBe('live')
  })
})

describe('failure of a subscription', () => {
  test('one that may be tried again is, by itself', () => {
    const socket = started()
    newest().open()
    socket.subscribe({ channel: 'clusters' }, listener)
    newest().say({ type: 'error', id: 1, code: 'BUSY', message: '', retriable: true })
    vi.advanceTimersByTime(2500)
    expect(heard).toEqual(['BUSY'])
    expect(newest().sent.filter((message) => message.type === 'subscribe')).toHaveLength(2)
  })

  test('what is asked for again stays paused', () => {
    const socket = started()
    newest().open()
    socket.subscribe({ channel: 'clusters' }, listener).pause()
    newest().say({ type: 'error', id: 1, code: 'BUSY', message: '', retriable: true })
    newest().sent.length = 0
    vi.advanceTimersByTime(2_000)
    expect(newest().sent.map(({ type }) => type)).toEqual(['subscribe', 'pause'])
  })

  test('one that may not is gone', () => {
    const socket = started()
    newest().open()
    socket.subscribe({ channel: 'clusters' }, listener)
    newest().say({ type: 'error', id: 1, code: 'NOT_FOUND', message: '', retriable: false })
    newest().break()
    vi.advanceTimersByTime(1000)
    newest().open()
    expect(newest().sent.filter((message) => message.type === 'subscribe')).toEqual([])
  })
})
