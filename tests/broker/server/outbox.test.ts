import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import koffi from 'koffi'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BufferPool } from '../../../broker/core/buffer-pool.ts'
import { type Disk, nodeDisk } from '../../../broker/core/disk.ts'
import { type Chunk, FileRegion } from '../../../broker/core/file-region.ts'
import { type DirectSend, directSendOfSystem } from '../../../broker/server/direct-send.ts'
import { Outbox } from '../../../broker/server/outbox.ts'
import { until } from './broker-fixture.ts'

const fileBytes = 6 * 1024 * 1024
const content = Buffer.alloc(fileBytes)
for (let at = 0; at < fileBytes; at += 4) content.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at)

const folder = mkdtempSync(join(tmpdir(), 'outbox-'))
let descriptor: number
beforeAll(() => {
  writeFileSync(join(folder, 'file'), content)
  descriptor = openSync(join(folder, 'file'), 'r')
})
afterAll(() => {
  closeSync(descriptor)
  rmSync(folder, { recursive: true })
})

/** Regions that are out: made and not released. */
let held = 0
function region(position: number, length: number, disk: Disk = nodeDisk): FileRegion {
  held++
  return new FileRegion({ disk, descriptor, unpin: () => held-- }, position, length)
}

/** A socket of a server and the client at its other end. */
async function socketPair(): Promise<{ server: Socket; client: Socket }> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const accepted = once(listener, 'connection')
  const client = connect({ port: (listener.address() as { port: number }).port, host: '127.0.0.1' })
  const [server] = (await accepted) as [Socket]
  listener.close()
  return { server, client }
}

type Pair = { outbox: Outbox; server: Socket; client: Socket; faults: unknown[] }

async function outboxOn(directSend: () => DirectSend | undefined, sendBufferBytes = 10_000): Promise<Pair> {
  const { server, client } = await socketPair()
  const faults: unknown[] = []
  server.on('error', () => {})
  client.on('error', () => {})
  const outbox = new Outbox({
    socket: server,
    buffers: new BufferPool(),
    directSend,
    sendBufferBytes,
    onProgress: () => {},
    onFault: (error) => faults.push(error),
  })
  return { outbox, server, client, faults }
}

/** A direct send that takes little at a time and often nothing, as a socket with a slow reader does. */
function stingy(): DirectSend {
  const system = directSendOfSystem()!
  let turn = 0
  return {
    setSendBuffer: system.setSendBuffer,
    dropPacing: system.dropPacing,
    file: (socket, from, at) =>
      turn++ % 3 === 0 ? 0 : system.file(socket, shortened(from, at, 100_000), at),
    head: (socket, bytes) => (turn++ % 2 === 0 ? 0 : system.head(socket, bytes.subarray(0, 3))),
  }
}

const shortened = (from: FileRegion, at: number, most: number) =>
  ({
    ...from,
    systemDescriptor: from.systemDescriptor,
    length: Math.min(from.length, at + most),
  }) as FileRegion

const piece = fc.oneof(
  fc.record({ kind: fc.constant('buffer' as const), length: fc.constantFrom(1, 40, 5_000, 200_000) }),
  fc.record({
    kind: fc.constant('region' as const),
    position: fc.nat(fileBytes - 1),
    length: fc.constantFrom(1, 70_000, 1_000_000, 4_000_000),
  }),
)
const answers = fc.array(fc.array(piece, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 })

const ways: [string, () => DirectSend | undefined][] = [['by reading and writing', () => undefined]]
if (process.platform === 'linux') ways.push(['directly', directSendOfSystem], ['in small bits', stingy])

describe.each(ways)('buffers and regions %s', (_, directSend) => {
  test('arrive in order, each answer said to be sent once, and no file is kept open', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (plan) => {
        const { outbox, server, client } = await outboxOn(directSend)
        const expected: Buffer[] = []
        const sent: number[] = []
        for (const [index, pieces] of plan.entries()) {
          const chunks = pieces.map((one): Chunk => {
            if (one.kind === 'buffer') return Buffer.alloc(one.length, index + 1)
            return region(one.position, Math.min(one.length, fileBytes - one.position))
          })
          for (const chunk of chunks) {
            const { position, length } = chunk as FileRegion
            expected.push(Buffer.isBuffer(chunk) ? chunk : content.subarray(position, position + length))
          }
          outbox.add(chunks, () => sent.push(index))
          if (index % 2 === 0) outbox.flush()
        }
        outbox.flush()
        const received: Buffer[] = []
        client.on('data', (chunk: Buffer) => {
          received.push(chunk)
          client.pause()
          setImmediate(() => client.resume())
        })
        outbox.whenEmpty(() => server.end())
        await once(client, 'end')
        client.destroy()
        expect(Buffer.concat(received).equals(Buffer.concat(expected))).toBe(true)
        expect(sent.toSorted((a, b) => a - b)).toEqual(plan.map((_, index) => index))
        expect(outbox.unsentBytes).toBe(0)
        expect(outbox.sentBytes).toBe(expected.reduce((sum, { length }) => sum + length, 0))
        expect(held).toBe(0)
      }),
      { numRuns: 25 },
    )
  })

  test('what is left when the connection closes is dropped, its files let go', async () => {
    const { outbox, server, client } = await outboxOn(directSend)
    client.pause()
    const sent: number[] = []
    for (let index = 0; index < 8; index++) {
      outbox.add([Buffer.from('head'), region(0, fileBytes)], () => sent.push(index))
    }
    outbox.flush()
    expect(outbox.unsentBytes).toBeGreaterThan(0)
    outbox.close()
    server.destroy()
    client.destroy()
    await until(() => server.closed)
    outbox.add([region(0, 10)], undefined)
    expect(held).toBe(0)
    expect(sent.length).toBeLessThan(8)
  })

  test('a file that cannot be read is a fault, and nothing comes after it', async () => {
    const { outbox, server, client, faults } = await outboxOn(() => undefined)
    const failing = { ...nodeDisk, read: () => assertNever() }
    outbox.add([Buffer.from('head'), region(0, 100, failing), Buffer.from('tail')], undefined)
    outbox.flush()
    await until(() => faults.length > 0)
    const received: Buffer[] = []
    client.on('data', (chunk: Buffer) => received.push(chunk))
    outbox.close()
    server.end()
    await once(client, 'end')
    expect(String(Buffer.concat(received))).toBe('head')
    expect(held).toBe(0)
  })
})

function assertNever(): never {
  throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' })
}

test.runIf(process.platform === 'linux')(
  'the system holds less of it with socket.send.buffer.bytes',
  async () => {
    const sentBytes: number[] = []
    for (const sendBufferBytes of [-1, 20_000]) {
      const { outbox, server, client } = await outboxOn(directSendOfSystem, sendBufferBytes)
      client.pause()
      outbox.add([Buffer.from('head'), region(0, fileBytes)], undefined)
      outbox.flush()
      sentBytes.push(outbox.sentBytes)
      outbox.close()
      server.destroy()
      client.destroy()
    }
    expect(sentBytes[1]).toBeLessThan(sentBytes[0]!)
    expect(held).toBe(0)
  },
)

/** What `getsockopt(TCP_CONGESTION)` says of a socket. */
function congestionControlOf(socket: Socket): string {
  const getsockopt = koffi
    .load('libc.so.6')
    .func('int getsockopt(int socket, int level, int name, _Out_ uint8_t *value, _Inout_ uint32_t *size)')
  const name = Buffer.alloc(16)
  const { fd } = (socket as unknown as { _handle: { fd: number } })._handle
  if (getsockopt(fd, 6, 13, name, [name.length]) !== 0) throw new Error('getsockopt failed')
  return name.toString('latin1').replace(/\0.*$/, '')
}

test.runIf(process.platform === 'linux')(
  'a reader on this machine is sent to without pacing, from the first region on',
  async () => {
    const { outbox, server, client } = await outboxOn(directSendOfSystem)
    const before = congestionControlOf(server)
    outbox.add([Buffer.from('head'), Buffer.from('body')], undefined)
    outbox.flush()
    expect(congestionControlOf(server)).toBe(before)
    outbox.add([Buffer.from('head'), region(0, 100_000)], undefined)
    outbox.flush()
    expect(congestionControlOf(server)).toBe('reno')
    client.resume()
    outbox.close()
    server.destroy()
    client.destroy()
  },
)

test('a region that the file is too short for is a fault', () => {
  const beyond = region(fileBytes - 10, 20)
  expect(() => beyond.read(Buffer.alloc(20), 0)).toThrow(
    `the file ends at byte ${fileBytes}, where ${fileBytes + 10} were promised`,
  )
  beyond.release()
  beyond.release()
  expect(held).toBe(0)
})
