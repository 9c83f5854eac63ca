import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { describe, expect, test } from 'vitest'
import { advertisedAddress, formatAddress, parseAdvertised } from '../../../broker/server/advertised.ts'

const listener = { host: '0.0.0.0', port: 9092 }

describe('advertisedAddress', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.2', '127.0.0.2'],
    ['::1', '::1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::FFFF:172.17.0.2', '172.17.0.2'],
    ['192.168.1.20', '192.168.1.20'],
    ['fe80::1%eth0', 'fe80::1'],
    ['2001:db8::5', '2001:db8::5'],
  ])('a connection that reached %s is handed %s', (localAddress, host) =>
    expect(advertisedAddress(localAddress, listener)).toEqual({ host, port: 9092 }),
  )

  test('what the operator set goes first, part by part', () => {
    expect(advertisedAddress('127.0.0.1', listener, { host: 'kafka.example' })).toEqual({
      host: 'kafka.example',
      port: 9092,
    })
    expect(advertisedAddress('127.0.0.1', listener, { port: 19092 })).toEqual({
      host: '127.0.0.1',
      port: 19092,
    })
  })

  test.each([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '::1'],
    ['10.0.0.7', '10.0.0.7'],
  ])('a socket that is gone falls back to the listener %s as %s', (host, expected) =>
    expect(advertisedAddress(undefined, { host, port: 9092 }).host).toBe(expected),
  )
})

describe('parseAdvertised', () => {
  test.each([
    ['kafka.example', { host: 'kafka.example' }],
    ['kafka.example:9093', { host: 'kafka.example', port: 9093 }],
    [' 10.0.0.1:9093 ', { host: '10.0.0.1', port: 9093 }],
    ['PLAINTEXT://kafka.example:9092', { host: 'kafka.example', port: 9092 }],
    ['PLAINTEXT://[::1]:9092', { host: '::1', port: 9092 }],
    ['[2001:db8::5]', { host: '2001:db8::5' }],
    ['::1', { host: '::1' }],
    [':19092', { port: 19092 }],
  ])('%s', (text, expected) => expect(parseAdvertised(text)).toEqual(expected))

  test.each(['', 'a b', 'host:', 'host:0', 'host:65536', 'host:port', 'http://host/path', '[::1', ':'])(
    'refuses %j',
    (text) => expect(() => parseAdvertised(text)).toThrow(/is no address to advertise/),
  )

  test.each(['0.0.0.0', '0.0.0.0:9092', '::', '[::]:9092'])('refuses %s, which no client can reach', (text) =>
    expect(() => parseAdvertised(text)).toThrow(/cannot be advertised/),
  )
})

test('an address is written so that a client can read it', () => {
  expect(formatAddress({ host: '127.0.0.1', port: 9092 })).toBe('127.0.0.1:9092')
  expect(formatAddress({ host: '::1', port: 9092 })).toBe('[::1]:9092')
})

const loopbacks = Object.values(networkInterfaces()).flatMap(
  (all) => all?.map(({ address }) => address) ?? [],
)

describe('a real socket on all addresses', () => {
  test.for(['127.0.0.1', '127.0.0.2', '::1'])('reached at %s hands out %s', async (address, { skip }) => {
    if (address === '::1' && !loopbacks.includes('::1')) skip('this machine has no IPv6 loopback')
    if (address === '127.0.0.2' && process.platform === 'darwin') skip('macOS has 127.0.0.1 alone')
    expect(await addressReachedAt(address)).toBe(address)
  })
})

/** Connects to a dual-stack listener at `address` and returns the host it would hand out. */
async function addressReachedAt(address: string): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, loopbacks.includes('::1') ? '::' : '0.0.0.0', resolve)
  })
  const { port } = server.address() as AddressInfo
  const client = connect(port, address)
  try {
    const socket = await new Promise<import('node:net').Socket>((resolve, reject) => {
      client.once('error', reject)
      server.once('connection', resolve)
    })
    const { host, port: handed } = advertisedAddress(socket.localAddress, { host: '::', port })
    expect(handed).toBe(port)
    socket.destroy()
    return host
  } finally {
    client.destroy()
    server.close()
  }
}
