import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { startBrokerProcess } from '../../support/broker.ts'
import { freePorts } from '../../support/free-port.ts'
import { startKafka } from '../../support/kafka.ts'

/** A broker that is killed and started again on the same port and data folder: ours, or Kafka as `target` says. */
export type KillableBroker = AsyncDisposable & {
  bootstrap: string
  port: number
  dataDir: string
  /** What the processes printed, one after the other. */
  output(): string
  /** Whether it runs; false from `kill` until `start` is through. */
  isUp(): boolean
  /** SIGKILL. */
  kill(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

type Running = { output(): string; kill(): Promise<void>; close(): Promise<void> }

export type KillableOptions = {
  configs?: Record<string, string | number>
  /** The port that clients are told, where a proxy stands in between. */
  advertisedPort?: number
}

/** What lets a cluster of one come back at once, for Kafka: it waits until the session of its former self is over. */
const kafkaConfigs = { 'broker.session.timeout.ms': 1500, 'broker.heartbeat.interval.ms': 300 }

export const isOurs = () => inject('target') === 'millrace'

/** Starts a broker of its own for a test of faults. */
export async function startKillable(options: KillableOptions = {}): Promise<KillableBroker> {
  const home = mkdtempSync(join(tmpdir(), 'faults-'))
  const dataDir = join(home, 'data')
  const port = (await freePorts(1))[0]!
  const launch = () => (isOurs() ? launchOurs(port, dataDir, options) : launchKafka(port, dataDir, options))
  let running: Running = await launch()
  let isUp = true
  let printed = ''
  const kill = async () => {
    isUp = false
    await running.kill()
    printed += running.output()
    await running.close()
  }
  const close = async () => {
    await running.close()
    rmSync(home, { recursive: true, force: true })
  }
  return {
    bootstrap: `127.0.0.1:${port}`,
    port,
    dataDir,
    output: () => printed + running.output(),
    isUp: () => isUp,
    kill,
    start: async () => {
      running = await launch()
      isUp = true
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function launchOurs(
  port: number,
  dataDir: string,
  { configs = {}, advertisedPort }: KillableOptions,
): Promise<Running> {
  const args = Object.entries(configs).flatMap(([name, value]) => ['--config', `${name}=${value}`])
  if (advertisedPort !== undefined) args.push('--advertised-host', `127.0.0.1:${advertisedPort}`)
  return startBrokerProcess({ port, dataDir, args })
}

function launchKafka(
  port: number,
  dataDir: string,
  { configs = {}, advertisedPort }: KillableOptions,
): Promise<Running> {
  const advertised: Record<string, string> =
    advertisedPort === undefined ? {} : { 'advertised.listeners': `PLAINTEXT://127.0.0.1:${advertisedPort}` }
  return startKafka({ port, dataDir, configs: { ...kafkaConfigs, ...configs, ...advertised } })
}
