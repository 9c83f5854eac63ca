import { connect, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { BufferPool } from '../../../broker/core/buffer-pool.ts'
import { systemClock } from '../../../broker/core/clock.ts'
import type { Dispatcher } from '../../../broker/server/dispatch.ts'
import { ListenError, Listener } from '../../../broker/server/listener.ts'
import { closed, until } from './broker-fixture.ts'

const logged: string[] = []
let listener: Listener | undefined
afterEach(async () => {
  await listener?.close()
  listener = undefined
  logged.length = 0
  limits.maxConnections = limits.maxConnectionsPerIp = 100
})

/** No request is sent here, so nothing is ever dispatched. */
const noDispatcher = {} as Dispatcher

const limits = { maxConnections: 100, maxConnectionsPerIp: 100 }

function listen(port: number, capacity: number): Promise<Listener> {
  return Listener.listen({
    host: '127.0.0.1',
    port,
    dispatcher: noDispatcher,
    advertise: (_connection, { host, port: brokerPort }) => ({ host, port: brokerPort }),
    observer: { opened: () => {}, closed: () => {}, log: (_level, message) => logged.push(message) },
    buffers: new BufferPool(),
    clock: systemClock,
    capacity,
    holdOffMs: () => 0,
    limits: () => ({ ...limits, maxFrameBytes: 1000, sendBufferBytes: -1, maxIdleMs: 60_000 }),
  })
}

function open(port: number): Socket {
  return connect({ port, host: '127.0.0.1' }).on('error', () => {})
}

describe('the listener', () => {
  test('refuses connections above its capacity, and takes new ones when others go', async () => {
    listener = await listen(0, 2)
    const { connections, port } = listener
    const [first, second] = [open(port), open(port)]
    await until(() => connections.size === 2)
    await closed(open(port))
    expect(logged.join()).toContain('2 are open')
    first!.destroy()
    await until(() => connections.size === 1)
    const third = open(port)
    await until(() => connections.size === 2)
    for (const socket of [second!, third]) socket.destroy()
  })

  test('above max.connections they wait, in order, until others go or the limit grows', async () => {
    limits.maxConnections = 1
    listener = await listen(0, 100)
    const { connections, port } = listener
    const sockets = [open(port)]
    await until(() => connections.size === 1)
    for (let count = 0; count < 3; count++) sockets.push(open(port))
    await until(() => listener!.waitingCount === 3)
    expect(connections.size).toBe(1)
    expect(logged).toEqual(['A connection from 127.0.0.1 waits: max.connections (1) are open.'])
    sockets[0]!.destroy()
    await until(() => listener!.waitingCount === 2)
    expect([...connections.values()].map(({ remotePort }) => remotePort)).toEqual([sockets[1]!.localPort])
    limits.maxConnections = 3
    listener.limitsChanged()
    expect(connections.size).toBe(3)
    for (const socket of sockets) socket.destroy()
    await until(() => connections.size === 0)
  })

  test('those that wait are bounded, and closed with the listener', async () => {
    limits.maxConnections = 0
    listener = await listen(0, 100)
    const sockets = Array.from({ length: 50 }, () => open(listener!.port))
    await until(() => listener!.waitingCount === 50)
    await closed(open(listener.port))
    expect(logged.at(-1)).toContain('was refused: max.connections (0) are open and 50 wait')
    const gone = Promise.all(sockets.map(closed))
    await listener.close()
    await gone
    listener = undefined
  })

  test('one address holds max.connections.per.ip, and gets its slot back', async () => {
    limits.maxConnectionsPerIp = 1
    listener = await listen(0, 100)
    const { connections, port } = listener
    const first = open(port)
    await until(() => connections.size === 1)
    await closed(open(port))
    expect(logged.join()).toContain('127.0.0.1 was refused: max.connections.per.ip (1)')
    const other = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' })
    await until(() => connections.size === 2)
    first.destroy()
    await until(() => connections.size === 1)
    const next = open(port)
    await until(() => connections.size === 2)
    for (const socket of [other, next]) socket.destroy()
  })

  test('closes its connections when it closes', async () => {
    listener = await listen(0, 2)
    const socket = open(listener.port)
    await until(() => listener!.connections.size === 1)
    const gone = closed(socket)
    await listener.close()
    await gone
    listener = undefined
  })

  test('says why it cannot listen', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    await expect(listen(port, 2)).rejects.toThrow(ListenError)
    await expect(listen(port, 2)).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`)
    other.close()
  })
})
