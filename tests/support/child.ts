import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const keptOutputCharacters = 2_000_000

/** A process that this test started, with what it printed so far. */
export type Child = AsyncDisposable & {
  pid: number
  /** Standard output and standard error, interleaved; the last two million characters at least. */
  output(): string
  exitCode(): number | null
  /** Resolves with the exit code, or −1 when a signal ended it. */
  exited: Promise<number>
  signal(name: NodeJS.Signals): void
  /** Ends it: SIGTERM, and SIGKILL when it is still there after `graceMs`. */
  stop(graceMs?: number): Promise<void>
}

export type ChildOptions = SpawnOptions & {
  /** Everything printed goes to this file too. */
  logFile?: string | undefined
  /** What it reads on standard input; without it there is none. */
  input?: string | undefined
}

/** Starts a process whose output is kept for error messages. It dies with this one. */
export function startChild(command: string, args: readonly string[], options: ChildOptions = {}): Child {
  const stdin = options.input === undefined ? 'ignore' : 'pipe'
  const child = spawn(command, args, { stdio: [stdin, 'pipe', 'pipe'], ...options })
  child.stdin?.end(options.input)
  const file = options.logFile ? createWriteStream(options.logFile) : undefined
  let output = ''
  const keep = (chunk: Buffer) => {
    output += chunk.toString('utf8')
    if (output.length > 2 * keptOutputCharacters) output = output.slice(-keptOutputCharacters)
    file?.write(chunk)
  }
  const dieTogether = () => void child.kill('SIGKILL')
  process.once('exit', dieTogether)
  child.once('close', () => {
    process.removeListener('exit', dieTogether)
    file?.end()
  })
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  const exited = whenExited(child, (message) => keep(Buffer.from(message)))
  const stop = async (graceMs = 10_000) => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await exited
      clearTimeout(timer)
    }
  }
  return {
    pid: child.pid ?? -1,
    output: () => output,
    exitCode: () => child.exitCode ?? (child.signalCode === null ? null : -1),
    exited,
    signal: (name) => void child.kill(name),
    stop,
    [Symbol.asyncDispose]: () => stop(),
  }
}

function whenExited(child: ChildProcess, note: (message: string) => void): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      note(`${error.message}\n`)
      resolve(-1)
    })
    child.once('close', (code) => resolve(code ?? -1))
  })
}

/** Runs a command to its end. Throws with its output when it fails or takes longer than `timeoutMs`. */
export async function runChild(
  command: string,
  args: readonly string[],
  options: ChildOptions & { timeoutMs?: number } = {},
): Promise<string> {
  const { timeoutMs = 120_000, ...spawnOptions } = options
  await using child = startChild(command, args, spawnOptions)
  const timer = setTimeout(() => void child.stop(0), timeoutMs)
  const code = await child.exited
  clearTimeout(timer)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${child.output()}`)
  return child.output()
}

/** Asks `probe` until it answers something; throws when `timeoutMs` passed or the child ended. */
export async function untilAnswers<Answer>(
  probe: () => Promise<Answer | undefined>,
  { timeoutMs, intervalMs = 50, child }: { timeoutMs: number; intervalMs?: number; child?: Child },
): Promise<Answer> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const answer = await probe()
    if (answer !== undefined) return answer
    if (child && child.exitCode() !== null) throw new Error(`the process ended early\n${child.output()}`)
    if (Date.now() > deadline) throw new Error(`no answer in ${timeoutMs} ms\n${child?.output() ?? ''}`)
    await delay(intervalMs)
  }
}
