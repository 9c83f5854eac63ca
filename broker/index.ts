import type { HostChannel } from './host.ts'

export type StartBrokerOptions = {
  /** Kafka port; 0 takes a free one. Default 9092. */
  readonly port?: number
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string
  /** Host told to clients; default: the address of ours that each connection reached. */
  readonly advertisedHost?: string
  /** Default: a temporary folder that goes away at close. */
  readonly dataDir?: string
  /** Broker configs by Kafka's names, as text. */
  readonly config?: Readonly<Record<string, string>>
  /** Default true: run in a worker thread of its own. */
  readonly thread?: boolean
}

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

/** Starts a broker; resolves when it accepts connections. Throws when the port or the data folder is in use. */
export async function startBroker(options: StartBrokerOptions = {}): Promise<Broker> {
  throw new Error(`not yet: ${JSON.stringify(options)}`)
}
