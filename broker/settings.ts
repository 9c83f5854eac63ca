import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { EmbeddedSettings } from './embedded-broker.ts'
import { parseAdvertised } from './server/advertised.ts'

export type StartBrokerOptions = {
  /** Kafka port; 0 takes a free one. Default 9092. */
  readonly port?: number
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string
  /** `host` or `host:port` told to clients; default: the address of ours that each connection reached. */
  readonly advertisedHost?: string
  /** Default: a temporary folder that goes away at close. */
  readonly dataDir?: string
  /** Broker configs by Kafka's names, as text. */
  readonly config?: Readonly<Record<string, string>>
  /** Default true: run in a worker thread of its own. */
  readonly thread?: boolean
}

export const defaultPort = 9092
export const defaultHost = '127.0.0.1'

/** Fills in the defaults and makes the temporary folder. Throws when the advertised address is none. */
export function settingsOf(options: StartBrokerOptions): EmbeddedSettings {
  const advertised = options.advertisedHost === undefined ? {} : parseAdvertised(options.advertisedHost)
  const ephemeral = options.dataDir === undefined
  return {
    nodeId: Number(options.config?.['node.id'] ?? 0),
    host: options.host ?? defaultHost,
    port: options.port ?? defaultPort,
    advertised,
    dataDir: ephemeral ? mkdtempSync(join(tmpdir(), 'millrace-')) : resolve(options.dataDir!),
    config: new Map(Object.entries(options.config ?? {})),
    ephemeral,
  }
}
