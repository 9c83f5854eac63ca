import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { faultLoadCommand } from '../install.ts'

export const libraries = ['java', 'franz', 'confluent'] as const
export type Library = (typeof libraries)[number]

/** What a program of `library` does until it is ended; see the programs (FaultLoad.java, faults.py, go/faults). */
export type LoadSpec = {
  library: Library
  /** Of the client; the first word of each value; the transactional id. */
  name: string
  topic: string
  requestTimeoutMs?: number
} & (
  | ({ role: 'produce' | 'transact' } & Writing)
  | {
      role: 'transform'
      to: string
      group: string
      protocol: 'classic' | 'consumer'
      assignor?: string
      /** How many threads take part, each a member with a transactional id of its own. */
      instances: number
    }
  | { role: 'members'; group: string; assignor?: string }
)

type Writing = {
  partitions: number
  /** Different keys; the record's number decides. */
  keys?: number
  paddingBytes?: number
  /** After ten records, or a transaction. */
  pauseMs?: number
}

/** Words of a line that the program printed, such as `acked 17 0 12`. */
export type LoadEvent = readonly string[]

/** A client library at work in a process of its own. */
export type Load = AsyncDisposable & {
  name: string
  events: readonly LoadEvent[]
  of(word: string): LoadEvent[]
  command(line: string): void
  /** Lets it finish what it began; throws when it does not within a minute, or could not do its work. */
  end(): Promise<void>
}

const endTimeoutMs = 60_000
const keptComplaints = 10_000

export async function startLoad(bootstrap: string, spec: LoadSpec): Promise<Load> {
  const { library, ...work } = spec
  const command = await faultLoadCommand(library)
  const child = spawn(command[0]!, [...command.slice(1), JSON.stringify({ bootstrap, ...work })])
  const dieTogether = () => void child.kill('SIGKILL')
  process.once('exit', dieTogether)
  const closed = once(child, 'close').then(() => process.removeListener('exit', dieTogether))
  const events: LoadEvent[] = []
  let complaints = ''
  createInterface({ input: child.stdout }).on('line', (line) => events.push(line.split(' ')))
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString('utf8')).slice(-keptComplaints)
  })
  // A program that is gone is noticed by its events.
  child.stdin.on('error', () => {})
  const of = (word: string) => events.filter((event) => event[0] === word)
  return {
    name: spec.name,
    events,
    of,
    command: (line) => void child.stdin.write(`${line}\n`),
    end: async () => {
      const isInTime = await endWithin(child, closed)
      const failures = of('failed').map((words) => words.join(' '))
      if (isInTime && events.at(-1)?.[0] === 'ended' && failures.length === 0) return
      throw new Error(
        `${spec.name} did not do its work: ${failures.slice(0, 5).join('; ')}\n` +
          `its last events: ${events
            .slice(-5)
            .map((words) => words.join(' '))
            .join('; ')}\n${complaints}`,
      )
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await closed
    },
  }
}

async function endWithin(child: ChildProcessWithoutNullStreams, closed: Promise<unknown>): Promise<boolean> {
  child.stdin.end()
  let isInTime = true
  const timer = setTimeout(() => {
    isInTime = false
    child.kill('SIGKILL')
  }, endTimeoutMs)
  await closed
  clearTimeout(timer)
  return isInTime
}
