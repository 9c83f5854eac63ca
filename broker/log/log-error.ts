const advice: Record<string, string> = {
  ENOSPC:
    'The disk is full: free some space, or lower the retention of large topics, then restart the broker',
  EDQUOT: 'The disk quota is used up: raise it or free some space, then restart the broker',
  EACCES: 'The broker may not use this file: give its user read and write access, then restart the broker',
  EPERM: 'The broker may not use this file: give its user read and write access, then restart the broker',
  EROFS: 'The file system is mounted read-only: remount it writable, then restart the broker',
  EIO: 'The disk reports a fault: check it (system log, SMART), then restart the broker',
  EMFILE: 'Too many open files: raise the limit (ulimit -n), then restart the broker',
  ENFILE: 'Too many open files on this machine: raise the limit, then restart the broker',
  ENOENT: 'A file of the log is gone: put it back, or delete the partition folder to start it empty',
}

/** The disk failed under a log: which file, the system's code, and what a person can do. */
export class LogIoError extends Error {
  override name = 'LogIoError'
  readonly code: string
  readonly path: string

  constructor(action: string, path: string, cause: unknown) {
    const { code = 'EIO', message } = cause as NodeJS.ErrnoException
    super(
      `Cannot ${action} ${path}: ${message}. ${advice[code] ?? 'Check the disk, then restart the broker'}.`,
      { cause },
    )
    this.code = code
    this.path = path
  }
}

/** What the disk holds is no log: where, what was found, and what a person can do. */
export class LogCorruptError extends Error {
  override name = 'LogCorruptError'
  readonly code = 'CORRUPT_LOG'
  readonly path: string
  readonly position: number

  constructor(path: string, position: number, found: string, advice: string) {
    super(`${path} is corrupt at byte ${position}: ${found}. ${advice}`)
    this.path = path
    this.position = position
  }
}

/** Runs a disk call; what it throws becomes a LogIoError. */
export function diskCall<T>(action: string, path: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw error instanceof LogIoError ? error : new LogIoError(action, path, error)
  }
}
