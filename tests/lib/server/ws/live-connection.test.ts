import { EventEmitter } from 'node:events'
import { describe, expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import type { ServerFrame, ServerMessage } from '../../../../lib/contract/live.ts'
import { Clusters } from '../../../../lib/server/clusters.ts'
import { SearchThreads } from '../../../../lib/server/search/search-job.ts'
import { LiveConnection } from '../../../../lib/server/ws/live-connection.ts'

class FakeSocket extends EventEmitter {
  bufferedAmount = 0
  sent: ServerMessage[] = []
  frames = 0
  closed: number | undefined
  terminated = false
  send(text: string) {
    this.frames++
    this.sent.push(...(JSON.parse(text) as ServerFrame).messages)
  }
  close(code: number) {
    this.closed = code
  }
  terminate() {
    this.terminated = true
  }
  ping() {}
  say(message: unknown) {
    this.emit('message', Buffer.from(JSON.stringify(message)), false)
  }
}

/** A cluster that is never connected to: its state is set by hand. */
function open() {
  let now = 1_000_000
  const clusters = new Clusters()
  const handle = clusters.add({ kind: 'external', bootstrap: ['nowhere:1'] })
  handle.poller.hurry = () => {}
  const { state } = handle
  const topic = state.topic('t')
  state.partition(topic, 0)
  const socket = new FakeSocket()
  const dashboard = { clusters, searches: new SearchThreads(), startedAtMs: 0, now: () => now }
  const connection = new LiveConnection(socket as unknown as WebSocket, dashboard)
  const arrive = (highWatermark: number) => state.applyOffsets('t', 0, { highWatermark }, now)
  const frame = (ms = 50) => {
    now += ms
    connection.flush()
  }
  socket.say({ type: 'subscribe', id: 1, subscription: { channel: 'topic', cluster: handle.id, topic: 't' } })
  return { socket, connection, arrive, frame, handle }
}

const ofId1 = (socket: FakeSocket) =>
  socket.sent.flatMap((m) => ('id' in m && m.id === 1 ? [{ type: m.type, seq: 'seq' in m ? m.seq : 0 }] : []))

describe('live connection', () => {
  test('what is not known yet is not told as nothing: a list of clusters comes when they are described', async () => {
    const { socket, frame, handle } = open()
    socket.say({ type: 'subscribe', id: 2, subscription: { channel: 'clusters' } })
    const ofClusters = () => socket.sent.filter((message) => 'id' in message && message.id === 2)
    expect(ofClusters()).toEqual([])
    await handle.describe()
    await vi.waitFor(() => {
      frame()
      expect(ofClusters()).toMatchObject([
        { type: 'snapshot', seq: 1, data: { clusters: [{ id: handle.id }] } },
      ])
    })
  })

  test('a snapshot, then updates numbered without a gap, at most one a frame', () => {
    const { socket, arrive, frame } = open()
    for (let offset = 1; offset <= 30; offset++) {
      arrive(offset)
      if (offset % 10 === 0) frame()
    }
    expect(ofId1(socket)).toEqual([
      { type: 'snapshot', seq: 1 },
      { type: 'update', seq: 2 },
      { type: 'update', seq: 3 },
      { type: 'update', seq: 4 },
    ])
  })

  test('nothing changed, nothing sent', () => {
    const { socket, frame } = open()
    const before = socket.frames
    for (let i = 0; i < 10; i++) frame()
    expect(socket.frames).toBe(before)
  })

  test('a client that does not read holds nothing up and gets one snapshot when it reads again', () => {
    const { socket, arrive, frame } = open()
    const before = socket.sent.length
    socket.bufferedAmount = 2 * 1024 * 1024
    for (let offset = 1; offset <= 100; offset++) {
      arrive(offset)
      frame()
    }
    expect(socket.sent).toHaveLength(before)
    socket.bufferedAmount = 0
    frame()
    const after = socket.sent.slice(before)
    expect(after).toHaveLength(1)
    expect(after[0]).toMatchObject({
      type: 'snapshot',
      seq: 2,
      data: { partitions: [{ highWatermark: 100 }] },
    })
  })

  test('a client that does not read gets nothing kept for what it subscribes to meanwhile', () => {
    const { socket, frame, handle } = open()
    const before = socket.sent.length
    socket.bufferedAmount = 2 * 1024 * 1024
    for (let round = 0; round < 100; round++) {
      socket.say({
        type: 'subscribe',
        id: 2,
        subscription: { channel: 'topic', cluster: handle.id, topic: 't' },
      })
    }
    frame()
    socket.bufferedAmount = 0
    frame(1)
    expect(socket.sent.slice(before).filter((message) => 'id' in message && message.id === 2)).toHaveLength(1)
  })

  test('a client that never reads again is let go', () => {
    const { socket, frame } = open()
    socket.bufferedAmount = 2 * 1024 * 1024
    frame()
    frame(61_000)
    expect(socket.terminated).toBe(true)
  })

  test('resync answers with a snapshot; pause and resume lose nothing', () => {
    const { socket, arrive, frame } = open()
    socket.say({ type: 'pause', id: 1 })
    arrive(5)
    frame()
    expect(ofId1(socket)).toHaveLength(1)
    socket.say({ type: 'resume', id: 1 })
    frame()
    expect(socket.sent.at(-1)).toMatchObject({
      type: 'update',
      seq: 2,
      data: { partitions: [{ highWatermark: 5 }] },
    })
    socket.say({ type: 'resync', id: 1 })
    frame()
    expect(ofId1(socket).at(-1)).toEqual({ type: 'snapshot', seq: 3 })
  })

  test('what is no message of ours is told, and a flood ends it', () => {
    const { socket, frame } = open()
    socket.emit('message', Buffer.from('{nonsense'), false)
    socket.say({ type: 'subscribe', id: -4 })
    frame()
    expect(socket.sent.filter(({ type }) => type === 'error')).toHaveLength(2)
    for (let i = 0; i < 300; i++) socket.say({ type: 'ping', at: i })
    expect(socket.closed).toBe(1008)
  })

  test('a subscription that fails says why and is gone', () => {
    const { socket, frame, handle } = open()
    const subscription = { channel: 'group', cluster: handle.id, group: 'none' }
    socket.say({ type: 'subscribe', id: 2, subscription })
    frame()
    expect(socket.sent.at(-1)).toMatchObject({ type: 'error', id: 2, code: 'GROUP_ID_NOT_FOUND' })
  })

  test('closing stops watching', () => {
    const { socket, handle } = open()
    expect(handle.state.viewers).toBe(1)
    socket.emit('close')
    expect(handle.state.viewers).toBe(0)
  })
})
