import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import flags from './flags.json' with { type: 'json' }

export type ServerOptions = {
  port: number
  kafkaPort: number
  host: string
  advertisedHost: string | undefined
  allowedHosts: string[]
  /** Undefined: temporary, gone at exit. */
  dataDir: string | undefined
  /** External clusters' addresses; empty: none. */
  bootstrap: string[]
  broker: boolean
  dev: boolean
}

/** A mistake in the flags: one line for the person, exit code 1. */
export class OptionError extends Error {}

/** Flags over environment over defaults; the one set that `--help` prints (flags.json). */
export function parseOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ServerOptions {
  const values = read(args, env)
  const text = (flag: string) => (typeof values[flag] === 'string' ? (values[flag] as string) : undefined)
  const on = (flag: string) => values[flag] === true || values[flag] === 'true' || values[flag] === '1'
  const bootstrap = list(text('bootstrap'))
  const broker = !on('no-broker')
  if (!broker && bootstrap.length === 0) throw new OptionError('--no-broker needs --bootstrap HOST:PORT.')
  for (const address of bootstrap) {
    if (!/^.+:\d+$/.test(address)) throw new OptionError(`--bootstrap ${address} is not HOST:PORT.`)
  }
  return {
    port: port('port', text('port') ?? '3000'),
    kafkaPort: port('kafka-port', text('kafka-port') ?? '9092'),
    host: text('host') ?? '127.0.0.1',
    advertisedHost: text('advertised-host'),
    allowedHosts: list(text('allow-host')),
    dataDir: on('ephemeral') ? undefined : resolve(text('data') ?? './data'),
    bootstrap,
    broker,
    dev: on('dev'),
  }
}

function read(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  const fromEnv: Record<string, unknown> = {}
  const options: Record<string, { type: 'string' | 'boolean' }> = {}
  for (const { flag, value, env: name } of flags) {
    const key = flag.slice(2)
    options[key] = { type: value === undefined ? 'boolean' : 'string' }
    if (env[name] !== undefined && env[name] !== '') fromEnv[key] = env[name]
  }
  try {
    return { ...fromEnv, ...parseArgs({ args: [...args], options, strict: true }).values }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message.split('. ')[0] : String(cause)
    throw new OptionError(`${message}. See --help.`, { cause })
  }
}

function port(name: string, text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new OptionError(`--${name} ${text} is not a port.`)
  }
  return number
}

function list(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
