import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { WireClient } from '../../broker/protocol/client.ts'
import type { Gauges, InspectedBroker } from './inspected-broker.ts'

export const kib = 1024
export const mib = 1024 * kib

/** Opened so many at a time, so that the listener's backlog of 511 holds them. */
const wave = 250

export async function connectMany(port: number, count: number, timeoutMs = 120_000): Promise<WireClient[]> {
  const clients: WireClient[] = []
  while (clients.length < count) {
    const next = Math.min(wave, count - clients.length)
    clients.push(
      ...(await Promise.all(Array.from({ length: next }, () => WireClient.connect({ port, timeoutMs })))),
    )
  }
  return clients
}

export async function closeAll(clients: readonly WireClient[]): Promise<void> {
  await Promise.all(clients.map((client) => client.close()))
}

/** A bare socket, for what no client would send. */
export function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => {
      socket.on('error', () => {})
      resolve(socket)
    })
    socket.once('error', reject)
  })
}

/** Asks the broker for its gauges until they are as wanted. */
export async function untilGauges(
  broker: InspectedBroker,
  isReached: (gauges: Gauges) => boolean,
): Promise<Gauges> {
  const deadlineMs = Date.now() + 30_000
  for (;;) {
    const gauges = await broker.gauges({ collect: false })
    if (isReached(gauges)) return gauges
    if (Date.now() > deadlineMs) throw new Error(`not reached in 30 s: ${JSON.stringify(gauges)}`)
    await delay(10)
  }
}

/** Until the broker has printed such a line. */
export async function untilPrinted(broker: InspectedBroker, text: string | RegExp): Promise<string> {
  const deadlineMs = Date.now() + 30_000
  for (;;) {
    const line = broker.process
      .output()
      .split('\n')
      .find((each) => (typeof text === 'string' ? each.includes(text) : text.test(each)))
    if (line !== undefined) return line
    if (Date.now() > deadlineMs) throw new Error(`not printed in 30 s: ${text}\n${broker.process.output()}`)
    await delay(10)
  }
}

/** Whether this process may open so many files; Node has raised its own limit as far as it goes. */
export function mayOpen(files: number): boolean {
  const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
  return limit === undefined || Number(limit) > files
}

/** What the process holds more than before, apart from free buffers, which have a bound of their own. */
export function heldBytes(before: Gauges, now: Gauges): number {
  const held = (gauges: Gauges) => gauges.heapUsedBytes + gauges.externalBytes - gauges.pooledFreeBytes
  return held(now) - held(before)
}

/** Prints a measured figure when LOAD_FIGURES is set: what the bounds are held against. */
export function note(what: string, bytes: number): void {
  if (process.env.LOAD_FIGURES) console.log(`${what}: ${(bytes / mib).toFixed(3)} MiB`)
}
