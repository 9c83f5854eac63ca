import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Kafka's own name; its lock and ours exclude each other where file locks are POSIX ones. */
const lockFile = '.lock'
const holderFile = '.lock-holder.json'

export type LockHolder = { pid: number; sinceMs: number }

/** Another process, or another broker in this one, holds the data folder. */
export class FolderLockedError extends Error {
  override name = 'FolderLockedError'
  readonly code = 'EFOLDERLOCKED'
  readonly path: string
  /** undefined: the holder left no note. */
  readonly holder: LockHolder | undefined

  constructor(path: string, holder: LockHolder | undefined) {
    const who = holder
      ? `process ${holder.pid} since ${new Date(holder.sinceMs).toISOString()}`
      : 'another process'
    super(`The data folder ${path} is in use by ${who}. Stop it, or choose another data folder.`)
    this.path = path
    this.holder = holder
  }
}

export type FolderLock = { release(): void }

/**
 * Takes the folder for this process. The lock is the operating system's (through SQLite, the one that Node brings
 * on Linux, macOS and Windows), so it ends with its process however that dies, and no pid is ever guessed from.
 * @throws FolderLockedError
 */
export function lockFolder(path: string): FolderLock {
  const database = new DatabaseSync(join(path, lockFile))
  const holderPath = join(path, holderFile)
  try {
    database.exec('PRAGMA journal_mode = OFF; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (isBusy(error)) throw new FolderLockedError(path, readHolder(holderPath))
    throw error
  }
  writeFileSync(holderPath, JSON.stringify({ pid: process.pid, sinceMs: Date.now() } satisfies LockHolder))
  return {
    release() {
      rmSync(holderPath, { force: true })
      database.close()
    },
  }
}

const sqliteBusy = 5

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy
}

function readHolder(path: string): LockHolder | undefined {
  if (!existsSync(path)) return undefined
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof parsed !== 'object' || parsed === null || !('pid' in parsed) || !('sinceMs' in parsed))
      return undefined
    return { pid: Number(parsed.pid), sinceMs: Number(parsed.sinceMs) }
  } catch {
    // A note half written by a process that is just starting: the lock itself is what counts.
    return undefined
  }
}
