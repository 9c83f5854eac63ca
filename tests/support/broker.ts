/** Our broker as a process of its own (`node broker/cli.ts`), as a user starts it: what interop and bench test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startChild, untilAnswers } from './child.ts'
import { freePorts } from './free-port.ts'
import { probeMetadata } from './metadata-probe.ts'

export type BrokerProcessOptions = {
  /** 0 (the default) takes a free one. */
  port?: number
  /** Kept at the end when given; else a temporary folder that goes away. */
  dataDir?: string
  /** The parent of the temporary folder: `/dev/shm` keeps the data in memory. */
  temporaryIn?: string
  /** More flags for the command line. */
  args?: readonly string[]
  /** Flags for Node itself, such as `--cpu-prof`. */
  nodeFlags?: readonly string[]
}

export type BrokerProcess = AsyncDisposable & {
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

const root = resolve(import.meta.dirname, '../..')
const startTimeoutMs = 20_000

/** Starts our broker and resolves when it answers a Metadata request with itself in it. */
export async function startBrokerProcess(options: BrokerProcessOptions = {}): Promise<BrokerProcess> {
  const port = options.port || (await freePorts(1))[0]!
  const home = mkdtempSync(join(options.temporaryIn ?? tmpdir(), 'millrace-'))
  const dataDir = options.dataDir ?? join(home, 'data')
  const flags = ['--kafka-port', String(port), '--data', dataDir, ...(options.args ?? [])]
  const startMs = performance.now()
  const child = startChild(process.execPath, [...(options.nodeFlags ?? []), 'broker/cli.ts', ...flags], {
    cwd: root,
    // As `npm run broker` sets it.
    env: { NODE_COMPILE_CACHE: join(root, '.cache/compile'), ...process.env },
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
  const kill = async () => {
    child.signal('SIGKILL')
    await child.exited
  }
  return {
    bootstrap,
    startedInMs,
    pid: child.pid,
    dataDir,
    output: child.output,
    kill,
    close,
    [Symbol.asyncDispose]: close,
  }
}
