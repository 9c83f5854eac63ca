/** A broker in a process of its own, with a look inside it: memory, files, handles, and what its core holds. */
import { readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type BrokerProcess, type BrokerProcessOptions, startBrokerProcess } from '../support/broker.ts'
import { Inspector } from './inspector.ts'

/** What a broker's process holds at one moment. */
export type Gauges = {
  readonly rssBytes: number
  readonly heapUsedBytes: number
  /** Memory outside of V8's heap that its objects own; buffers are part of it. */
  readonly externalBytes: number
  readonly arrayBuffersBytes: number
  readonly fileDescriptors: number
  /** Active libuv handles and requests, timers apart. */
  readonly handles: number
  readonly timers: number
  readonly connections: number
  readonly waitingConnections: number
  /** Answers that clients have not taken, all connections together. */
  readonly unsentBytes: number
  readonly parkedFetches: number
  readonly fetchSessions: number
  readonly pooledFreeBytes: number
}

export type InspectedBroker = AsyncDisposable & {
  readonly process: BrokerProcess
  readonly port: number
  /** With a garbage collection first, so that what is counted is what is held. */
  gauges(options?: { collect?: boolean }): Promise<Gauges>
  /** Writes a heap snapshot, for DevTools to compare with another one. */
  snapshot(file: string): Promise<void>
  /** The most resident memory since `resetPeak`, as the kernel saw it. */
  peakRssBytes(): number
  resetPeak(): void
  close(): Promise<void>
}

/** What ten thousand partitions and some load take at most. */
const roomBytes = 2 * 1024 ** 3

/** Memory where there is room: on a machine whose disk is busy, ten thousand small files take a minute. */
function dataParent(): string | undefined {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize >= roomBytes ? '/dev/shm' : undefined
  } catch {
    return undefined
  }
}

const root = resolve(import.meta.dirname, '../..')

/** Runs in the broker, `this` being [its BrokerNode, its Listener]. */
const readGauges = `function () {
  const [node, listener] = this
  const memory = process.memoryUsage()
  const resources = process.getActiveResourcesInfo()
  const timers = resources.filter((name) => name === 'Timeout' || name === 'Immediate').length
  return {
    rssBytes: memory.rss,
    heapUsedBytes: memory.heapUsed,
    externalBytes: memory.external,
    arrayBuffersBytes: memory.arrayBuffers,
    handles: resources.length - timers,
    timers,
    connections: listener.connections.size,
    waitingConnections: listener.waitingCount,
    unsentBytes: [...listener.connections.values()].reduce((sum, { unsentBytes }) => sum + unsentBytes, 0),
    parkedFetches: node.purgatory.size,
    fetchSessions: node.fetchSessions.size,
    pooledFreeBytes: node.buffers.freeBytes,
  }
}`

/** Starts a broker under Node's inspector; its data is kept in memory where that is possible. */
export async function startInspectedBroker(
  config: Readonly<Record<string, string>> = {},
  options: BrokerProcessOptions = {},
): Promise<InspectedBroker> {
  const args = Object.entries(config).flatMap(([name, value]) => ['--config', `${name}=${value}`])
  const temporaryIn = dataParent()
  const process = await startBrokerProcess({
    nodeFlags: ['--inspect=127.0.0.1:0'],
    ...(temporaryIn === undefined ? {} : { temporaryIn }),
    ...options,
    args,
  })
  try {
    const inspector = await Inspector.connect(process.output())
    await loadAll(inspector)
    const core = await findCore(inspector)
    const close = async () => {
      inspector.close()
      await process.close()
    }
    return {
      process,
      port: Number(process.bootstrap.split(':')[1]),
      gauges: async ({ collect = true } = {}) => {
        if (collect) await inspector.collectGarbage()
        const inside = (await inspector.call(core, readGauges)) as Omit<Gauges, 'fileDescriptors'>
        return { ...inside, fileDescriptors: readdirSync(`/proc/${process.pid}/fd`).length }
      },
      snapshot: async (file) => {
        await inspector.evaluate(
          `process.getBuiltinModule('node:v8').writeHeapSnapshot(${JSON.stringify(resolve(file))})`,
        )
      },
      peakRssBytes: () => readPeak(process.pid),
      resetPeak: () => writeFileSync(`/proc/${process.pid}/clear_refs`, '5'),
      close,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await process.close()
    throw error
  }
}

/** Code that would be loaded later: what it takes belongs to no connection, group or partition. */
async function loadAll(inspector: Inspector): Promise<void> {
  const registry = await instances(inspector, 'broker/handlers/registry.ts', 'ApiRegistry')
  await inspector.call(registry, 'async function () { await this[0].loadAll() }')
}

/** The one BrokerNode and the one Listener of the process, found on its heap. */
async function findCore(inspector: Inspector): Promise<string> {
  const node = await instances(inspector, 'broker/cluster/node.ts', 'BrokerNode')
  const listener = await instances(inspector, 'broker/server/listener.ts', 'Listener')
  return inspector.callForObject(node, 'function (listeners) { return [this[0], listeners[0]] }', listener)
}

/** An array with all objects of a class of the broker's. */
async function instances(inspector: Inspector, path: string, name: string): Promise<string> {
  const load = `process.getBuiltinModule('node:module').createRequire('${root}/package.json')`
  return inspector.instances(await inspector.evaluate(`${load}('./${path}').${name}.prototype`))
}

function readPeak(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024
}
