import { systemClock } from './core/clock.ts'
import { nodeDisk } from './core/disk.ts'
import type { EmbeddedSettings } from './embedded-broker.ts'
import type { HostChannel } from './host.ts'
import { formatAddress } from './server/advertised.ts'
import { type StartBrokerOptions, settingsOf } from './settings.ts'
import type { LogSink } from './telemetry/node-telemetry.ts'
import type { Ready } from './worker-protocol.ts'

export type { StartBrokerOptions } from './settings.ts'

/** A running broker. */
export type Broker = AsyncDisposable & {
  readonly host: string
  readonly port: number
  /** `host:port` for clients' bootstrap.servers. */
  readonly address: string
  readonly dataDir: string
  readonly nodeId: number
  readonly clusterId: string
  readonly ephemeral: boolean
  readonly channel: HostChannel
  /** Resolves when the broker has stopped, with the error when it died by itself. */
  readonly closed: Promise<Error | undefined>
  /** Flushes, writes checkpoints, closes all connections. Twice does nothing. */
  close(): Promise<void>
}

/** Warnings and errors go to standard error, so that a broker in a test of one's own is quiet while all is well. */
const logToStderr: LogSink = (level, message) => {
  if (level !== 'info') process.stderr.write(`${message}\n`)
}

/** Starts a broker; resolves when it accepts connections. Throws when the port or the data folder is in use. */
export async function startBroker(options: StartBrokerOptions = {}): Promise<Broker> {
  const settings = settingsOf(options)
  return options.thread === false ? startHere(settings) : startThread(settings)
}

async function startHere(settings: EmbeddedSettings): Promise<Broker> {
  // Only where the broker runs: beside a thread it would be loaded twice.
  const embeddedBroker = await import('./embedded-broker.ts')
  const embedded = await embeddedBroker.EmbeddedBroker.start(settings, systemClock, nodeDisk, logToStderr)
  const { node, listener } = embedded.running
  let stopped: (error: Error | undefined) => void
  const closed = new Promise<Error | undefined>((resolve) => {
    stopped = resolve
  })
  const close = async () => {
    await embedded.close()
    stopped(undefined)
  }
  return broker(settings, embedded, { port: listener.port, clusterId: node.image.clusterId }, closed, close)
}

async function startThread(settings: EmbeddedSettings): Promise<Broker> {
  const { BrokerThread } = await import('./broker-thread.ts')
  const thread = await BrokerThread.start({ settings }, logToStderr)
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= thread.ask('close', {}).then(
      () => thread.ended.then(() => undefined),
      () => thread.ended.then(() => undefined),
    )
    return closing
  }
  return broker(settings, thread, thread.ready, thread.ended, close)
}

function broker(
  settings: EmbeddedSettings,
  channel: HostChannel,
  { port, clusterId }: Ready,
  closed: Promise<Error | undefined>,
  close: () => Promise<void>,
): Broker {
  const { host, dataDir, nodeId, ephemeral } = settings
  return {
    host,
    port,
    address: formatAddress({ host: host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host, port }),
    dataDir,
    nodeId,
    clusterId,
    ephemeral,
    channel,
    closed,
    close,
    [Symbol.asyncDispose]: close,
  }
}
