/**
 * Apache Kafka 4.3.1 as one combined KRaft node, from Maven Central's jars: the truth that our broker
 * is measured against. `node tests/support/kafka.ts [config=value …]` runs one until Ctrl-C; KAFKA_PORT
 * sets its port, KAFKA_LOG_FILE=path writes each request and response, decoded, to that file.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Child, runChild, startChild, untilAnswers } from './child.ts'
import { freePorts } from './free-port.ts'
import { kafkaClassPath } from './kafka-jars.ts'
import { probeMetadata } from './metadata-probe.ts'

export type KafkaOptions = {
  /** Broker configs (Kafka's names), over the defaults below. */
  configs?: Record<string, string | number | boolean>
  /** 0 (the default) takes a free one. */
  port?: number
  /** Kept at the end when given; else a temporary folder that goes away. */
  dataDir?: string
  /** The parent of the temporary folder: `/dev/shm` keeps the data in memory. */
  temporaryIn?: string
  heapMb?: number
  /** Prints each request and response decoded (`kafka.request.logger` at DEBUG); read them with `output()`. */
  logRequests?: boolean
  /** All that Kafka prints goes to this file too (`output()` keeps only the end). */
  logFile?: string
}

export type Kafka = AsyncDisposable & {
  /** host:port for clients. */
  bootstrap: string
  /** From the start of the process to the first Metadata answer with a broker in it. */
  startedInMs: number
  pid: number
  dataDir: string
  output(): string
  /** SIGKILL, as a crash; `close` afterwards still tidies up. */
  kill(): Promise<void>
  close(): Promise<void>
}

const clusterId = 'MkU3OEVBNTcwNTJENDM2Qk'
const startTimeoutMs = 120_000

/** Starts Apache Kafka and resolves when it answers a Metadata request with itself in it. */
export async function startKafka(options: KafkaOptions = {}): Promise<Kafka> {
  const classPath = await kafkaClassPath()
  const [freePort, controllerPort] = await freePorts(2)
  const port = options.port || freePort!
  const home = mkdtempSync(join(options.temporaryIn ?? tmpdir(), 'kafka-'))
  const dataDir = options.dataDir ?? join(home, 'data')
  const file = join(home, 'server.properties')
  writeFileSync(file, properties(port, controllerPort!, dataDir, options.configs ?? {}))
  await runChild(
    'java',
    ['-Xshare:auto', '-XX:TieredStopAtLevel=1', '-cp', classPath, 'kafka.tools.StorageTool', 'format'].concat(
      ['--ignore-formatted', '--config', file, '--cluster-id', clusterId],
    ),
  )
  const startMs = performance.now()
  const child = startChild('java', [...javaFlags(options), '-cp', classPath, 'kafka.Kafka', file], {
    logFile: options.logFile,
  })
  const bootstrap = `127.0.0.1:${port}`
  const close = async () => {
    await child.stop()
    rmSync(home, { recursive: true, force: true })
  }
  try {
    await untilAnswers(() => probeMetadata(bootstrap), { timeoutMs: startTimeoutMs, intervalMs: 5, child })
  } catch (error) {
    await close()
    throw error
  }
  const startedInMs = performance.now() - startMs
  return {
    bootstrap,
    startedInMs,
    pid: child.pid,
    dataDir,
    output: child.output,
    kill: () => kill(child),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function kill(child: Child): Promise<void> {
  child.signal('SIGKILL')
  await child.exited
}

/** The heap and the collector that Kafka's own start script asks for. */
function javaFlags({ heapMb = 512, logRequests = false }: KafkaOptions): string[] {
  return [
    `-Xmx${heapMb}m`,
    `-Xms${heapMb}m`,
    '-XX:+UseG1GC',
    '-XX:MaxGCPauseMillis=20',
    '-XX:InitiatingHeapOccupancyPercent=35',
    '-XX:+ExplicitGCInvokesConcurrent',
    '-Djava.awt.headless=true',
    `-Dmillrace.requestLevel=${logRequests ? 'DEBUG' : 'WARN'}`,
  ]
}

/** One node with Kafka's defaults, but for what a single node and a quick rebalance need. */
function properties(
  port: number,
  controllerPort: number,
  dataDir: string,
  configs: NonNullable<KafkaOptions['configs']>,
): string {
  const all = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': dataDir,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 5,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 5,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    ...configs,
  }
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

async function main(): Promise<void> {
  const configs = Object.fromEntries(
    process.argv
      .slice(2)
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
  const interrupted = new Promise((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  const port = Number(process.env.KAFKA_PORT ?? 0)
  await using kafka = await startKafka({
    configs,
    port,
    logRequests: process.env.KAFKA_LOG_FILE !== undefined,
    logFile: process.env.KAFKA_LOG_FILE,
  })
  console.log(kafka.bootstrap)
  // A pending promise alone does not keep Node running.
  const alive = setInterval(() => {}, 60_000)
  await interrupted
  clearInterval(alive)
}

if (import.meta.main) await main()
