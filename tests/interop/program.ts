import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { TransactionalClient } from './client.ts'
import { verbs } from './client.ts'

const callTimeoutMs = 90_000

/** A client library in a process of its own: one JSON call a line to it, one answer a line back. */
export type Program = TransactionalClient & AsyncDisposable

/** Starts a client's program; calls are answered one after the other. */
export function startProgram(command: readonly string[], bootstrap: string): Program {
  const child = spawn(command[0]!, [...command.slice(1), bootstrap], { stdio: ['pipe', 'pipe', 'pipe'] })
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let complaints = ''
  child.stderr.on('data', (chunk) => {
    complaints = (complaints + chunk).slice(-20_000)
  })
  let previous: Promise<unknown> = Promise.resolve()
  const call = (verb: string, args: object) => {
    const answer = previous.then(() => ask(child, answers, { verb, ...args }, () => complaints))
    previous = answer.catch(() => {})
    return answer
  }
  const methods = Object.fromEntries(
    [...verbs, 'transaction'].map((verb) => [verb, (args: object) => call(verb, args)]),
  )
  return { ...asClient(methods), [Symbol.asyncDispose]: () => end(child) }
}

/** Each verb of the table is there; what a program answers is checked by the assertions on it. */
function asClient(methods: Record<string, (args: object) => Promise<unknown>>): TransactionalClient {
  return methods as unknown as TransactionalClient
}

async function ask(
  child: ChildProcessWithoutNullStreams,
  answers: AsyncIterator<string>,
  call: { verb: string },
  complaints: () => string,
): Promise<unknown> {
  child.stdin.write(`${JSON.stringify(call)}\n`)
  const timer = setTimeout(() => child.kill('SIGKILL'), callTimeoutMs)
  const { value, done } = await answers.next()
  clearTimeout(timer)
  if (done) throw new Error(`${call.verb}: the program ended or took too long\n${complaints()}`)
  const answer = JSON.parse(value) as { result?: unknown; error?: string }
  if (answer.error !== undefined) throw new Error(`${call.verb}: ${answer.error}\n${complaints()}`)
  return answer.result
}

async function end(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = new Promise((resolve) => child.once('close', resolve))
  child.stdin.end()
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await closed
  clearTimeout(timer)
}
