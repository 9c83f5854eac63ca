import { execFileSync } from 'node:child_process'
import { networkInterfaces } from 'node:os'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startBroker } from '../../../broker/index.ts'
import { runChild, startChild, untilAnswers } from '../../support/child.ts'
import { type HandedAddresses, handedAddresses } from './handed-addresses.ts'

const addresses = Object.values(networkInterfaces()).flatMap(
  (all) => all?.map(({ address }) => address) ?? [],
)
const hasIpv6 = addresses.includes('::1')
const root = resolve(import.meta.dirname, '../../..')

function everywhere(host: string, port: number): HandedAddresses {
  const address = { host, port }
  return { metadata: address, coordinator: address, cluster: address, followed: address }
}

describe('a broker on all addresses', () => {
  test.for(['127.0.0.1', '127.0.0.2', '::1'])(
    'hands a client that reached %s this address',
    async (host, { skip }) => {
      if (host === '::1' && !hasIpv6) skip('this machine has no IPv6 loopback')
      if (host === '127.0.0.2' && process.platform === 'darwin') skip('macOS has 127.0.0.1 alone')
      await using broker = await startBroker({ host: hasIpv6 ? '::' : '0.0.0.0', port: 0, thread: false })
      expect(await handedAddresses(host, broker.port)).toEqual(everywhere(host, broker.port))
    },
  )

  test('hands everyone the address that was set', async () => {
    await using broker = await startBroker({ port: 0, thread: false, advertisedHost: 'localhost' })
    const handed = await handedAddresses('127.0.0.1', broker.port)
    expect(handed).toEqual(everywhere('localhost', broker.port))
  })
})

const suffix = process.pid
const server = `mr-server-${suffix}`
const client = `mr-client-${suffix}`
const port = 9092

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** Why there can be no namespaces here, or undefined. */
function namespacesFault(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux'
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  try {
    ip('netns', 'add', server)
    ip('netns', 'delete', server)
    return undefined
  } catch (error) {
    return `ip netns add failed (Debian's iproute2 has it): ${error instanceof Error ? error.message : error}`
  }
}

/** Two machines on one wire: 10.77.0.1 (and fd77::1) with the broker, 10.77.0.2 with the client. */
function connectNamespaces(): void {
  for (const namespace of [server, client]) {
    ip('netns', 'add', namespace)
    ip('-n', namespace, 'link', 'set', 'lo', 'up')
  }
  ip('-n', server, 'link', 'add', 'wire', 'type', 'veth', 'peer', 'name', 'wire', 'netns', client)
  for (const [namespace, host] of [
    [server, 1],
    [client, 2],
  ] as const) {
    ip('-n', namespace, 'address', 'add', `10.77.0.${host}/24`, 'dev', 'wire')
    ip('-n', namespace, 'address', 'add', `fd77::${host}/64`, 'dev', 'wire', 'nodad')
    ip('-n', namespace, 'link', 'set', 'wire', 'up')
  }
}

function removeNamespaces(): void {
  for (const namespace of [server, client]) {
    try {
      ip('netns', 'delete', namespace)
    } catch {
      // It was never made: the test failed before.
    }
  }
}

async function askFrom(namespace: string, host: string): Promise<HandedAddresses> {
  const script = 'tests/broker/server/handed-addresses.ts'
  const args = ['netns', 'exec', namespace, process.execPath, script, host, String(port)]
  const output = await runChild('ip', args, { cwd: root, timeoutMs: 20_000 })
  return JSON.parse(output.trim().split('\n').at(-1)!)
}

describe('a client on another machine', () => {
  const fault = namespacesFault()

  test('is handed the address that it reached, one beside the broker the loopback', async ({ skip }) => {
    if (fault) skip(fault)
    try {
      connectNamespaces()
      const flags = ['--kafka-port', String(port), '--host', '::', '--ephemeral']
      const args = ['netns', 'exec', server, process.execPath, 'broker/cli.ts', ...flags]
      await using broker = startChild('ip', args, { cwd: root })
      const isListening = () => Promise.resolve(broker.output().includes('Kafka listening') || undefined)
      await untilAnswers(isListening, { timeoutMs: 15_000, intervalMs: 20, child: broker })
      for (const host of ['10.77.0.1', 'fd77::1']) {
        expect(await askFrom(client, host)).toEqual(everywhere(host, port))
      }
      for (const host of ['127.0.0.1', '::1', '10.77.0.1']) {
        expect(await askFrom(server, host)).toEqual(everywhere(host, port))
      }
    } finally {
      removeNamespaces()
    }
  }, 60_000)
})
