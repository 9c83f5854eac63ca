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
})

/** No request is sent here, so nothing is ever dispatched. */
const noDispatcher = {} as Dispatcher

function listen(port: number, maxConnections: number): Promise<Listener> {
  return Listener.listen({
    host: '127.0.0.1',
    port,
    dispatcher: noDispatcher,
    advertise: (_connection, { host, port: brokerPort }) => ({ host, port: brokerPort }),
    observer: { opened: () => {}, closed: () => {}, log: (_level, message) => logged.push(message) },
    buffers: new BufferPool(),
    clock: systemClock,
    maxConnections,
    limits: () => ({ maxFrameBytes: 1000, maxIdleMs: 60_000 }),
  })
}

function open(port: number): Socket {
  return connect({ port, host: '127.0.0.1' }).on('error', () => {})
}

describe('the listener', () => {
  test('refuses connections above its limit, and takes new ones when others go', async () => {
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
