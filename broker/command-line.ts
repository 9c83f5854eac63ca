/* What `cli.ts` runs: reads the flags and starts a broker in the main thread, since nothing else runs there. */
import { startBroker } from './index.ts'
import { optimizeEarly } from './module-loading.ts'
import { formatAddress } from './server/advertised.ts'
import { defaultHost, defaultPort } from './settings.ts'

const help = `Usage: npm run broker -- [options]

  --kafka-port <port>       port for Kafka clients, 0 takes a free one (default ${defaultPort})
  --host <address>          address to listen on (default ${defaultHost}; 0.0.0.0 opens it to the network)
  --advertised-host <host>  host, or host:port, told to clients (default: the address each client reached)
  --data <folder>           data folder (default ./data)
  --ephemeral               keep the data in a temporary folder that goes away at exit
  --config <name=value>     a broker config by Kafka's name; may be given several times
  --help                    this text
`

const maxPort = 65_535

/** Not by `import`: that evaluates all that node:util offers, 14 ms of it. */
const { parseArgs } = process.getBuiltinModule('node:util')

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        'kafka-port': { type: 'string', default: String(defaultPort) },
        host: { type: 'string', default: defaultHost },
        'advertised-host': { type: 'string' },
        data: { type: 'string', default: './data' },
        ephemeral: { type: 'boolean', default: false },
        config: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\nTry --help.`)
  }
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > maxPort)
    fail(`--kafka-port ${text}: a port is a number from 0 to ${maxPort}.`)
  return port
}

function parseConfigs(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) fail(`--config ${pair}: write it as name=value.`)
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}

const values = readArguments()
if (values.help) {
  process.stdout.write(help)
  process.exit(0)
}
const advertisedHost = values['advertised-host']
const broker = await startBroker({
  port: parsePort(values['kafka-port']),
  host: values.host,
  config: parseConfigs(values.config),
  thread: false,
  ...(advertisedHost === undefined ? {} : { advertisedHost }),
  ...(values.ephemeral ? {} : { dataDir: values.data }),
}).catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)))

let isClosing = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (isClosing) return
    isClosing = true
    broker.close().then(
      () => process.exit(0),
      (error: unknown) =>
        fail(`The broker did not shut down cleanly: ${error instanceof Error ? error.message : error}`),
    )
  })
}
process.stdout.write(`Kafka listening on ${formatAddress({ host: values.host, port: broker.port })}\n`)
optimizeEarly()
