import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { ConfigError } from './core/config/parse.ts'
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
  refuseFacts(options.config ?? {})
  const address = options.advertisedHost ?? options.config?.['advertised.listeners']
  const advertised = address === undefined ? {} : parseAdvertised(address)
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

/** Configs that say what a node is: they follow from its options, and setting them apart would make them lie. */
const facts: Readonly<Record<string, string>> = {
  'broker.id': 'node.id',
  listeners: 'the host and the port',
  'listener.security.protocol.map': 'nothing: PLAINTEXT is all there is',
  'log.dirs': 'the data folder',
  'process.roles': 'nothing: a node has all roles',
}

function refuseFacts(config: Readonly<Record<string, string>>): void {
  const name = Object.keys(config).find((each) => Object.hasOwn(facts, each))
  if (name) throw new ConfigError(`The config ${name} cannot be given; it follows from ${facts[name]}.`)
}
