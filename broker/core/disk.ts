import fs from 'node:fs'

/** How a file is opened: `append` and `write` create it where absent, `write` empties it first. */
export type OpenMode = 'read' | 'append' | 'write'

export type FileStat = { sizeBytes: number; modifiedMs: number; isDirectory: boolean }

export type DirectoryEntry = { name: string; isDirectory: boolean }

/**
 * The disk as the broker sees it: synchronous, by path or by descriptor, so that a test can put faults and
 * crashes in its place. Every call throws the system's own error (`code` ENOSPC, EIO, EACCES, …) when it fails.
 */
export type Disk = {
  open(path: string, mode: OpenMode): number
  close(descriptor: number): void
  /** Reads up to `length` bytes into `target` at `targetOffset`; fewer only at the end of the file. */
  read(descriptor: number, target: Buffer, targetOffset: number, length: number, position: number): number
  /** Writes all chunks one after the other from `position` on, or throws; a part may then be on disk. */
  writev(descriptor: number, chunks: readonly Buffer[], position: number): void
  truncate(descriptor: number, sizeBytes: number): void
  fsync(descriptor: number): void
  /** Like `fsync`, but off the caller's thread. */
  fsyncLater(descriptor: number): Promise<void>
  sizeBytes(descriptor: number): number
  /** The whole file, or undefined when there is none. */
  readFile(path: string): Buffer | undefined
  stat(path: string): FileStat | undefined
  readdir(path: string): DirectoryEntry[]
  mkdir(path: string): void
  rename(from: string, to: string): void
  /** Makes renames, creations and removals in `path` durable; nothing where a system cannot (Windows). */
  fsyncDirectory(path: string): void
  /** Removes a file; one that is already gone is no error. */
  unlink(path: string): void
  /** Removes a folder with all that it holds; one that is already gone is no error. */
  removeTree(path: string): void
  freeBytes(path: string): number
  /** Of the file system that `path` lies on. */
  totalBytes(path: string): number
}

const flags = {
  read: fs.constants.O_RDONLY,
  append: fs.constants.O_RDWR | fs.constants.O_CREAT,
  write: fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_TRUNC,
}

/** Writes what `fs.writevSync` left over: a short write is legal, and the next one then says why. */
function writeAll(descriptor: number, chunks: readonly Buffer[], position: number): void {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  let written =
    chunks.length === 1
      ? fs.writeSync(descriptor, chunks[0]!, 0, length, position)
      : fs.writevSync(descriptor, chunks, position)
  if (written === length) return
  const rest = Buffer.concat(chunks)
  while (written < length) {
    const more = fs.writeSync(descriptor, rest, written, length - written, position + written)
    if (more === 0) throw Object.assign(new Error('the disk took no bytes'), { code: 'EIO' })
    written += more
  }
}

function unlessMissing<T>(call: () => T): T | undefined {
  try {
    return call()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** The machine's own disk. */
export const nodeDisk: Disk = {
  open: (path, mode) => fs.openSync(path, flags[mode], 0o644),
  close: (descriptor) => fs.closeSync(descriptor),
  read(descriptor, target, targetOffset, length, position) {
    let total = 0
    while (total < length) {
      const count = fs.readSync(descriptor, target, targetOffset + total, length - total, position + total)
      if (count === 0) break
      total += count
    }
    return total
  },
  writev: writeAll,
  truncate: (descriptor, sizeBytes) => fs.ftruncateSync(descriptor, sizeBytes),
  fsync: (descriptor) => fs.fsyncSync(descriptor),
  fsyncLater: (descriptor) =>
    new Promise((resolve, reject) => fs.fsync(descriptor, (error) => (error ? reject(error) : resolve()))),
  sizeBytes: (descriptor) => fs.fstatSync(descriptor).size,
  readFile: (path) => unlessMissing(() => fs.readFileSync(path)),
  stat(path) {
    const stat = fs.statSync(path, { throwIfNoEntry: false })
    return stat && { sizeBytes: stat.size, modifiedMs: stat.mtimeMs, isDirectory: stat.isDirectory() }
  },
  readdir: (path) =>
    fs.readdirSync(path, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      isDirectory: entry.isDirectory(),
    })),
  mkdir: (path) => void fs.mkdirSync(path, { recursive: true }),
  rename: (from, to) => fs.renameSync(from, to),
  fsyncDirectory(path) {
    if (process.platform === 'win32') return
    const descriptor = fs.openSync(path, 'r')
    try {
      fs.fsyncSync(descriptor)
    } finally {
      fs.closeSync(descriptor)
    }
  },
  unlink: (path) => void unlessMissing(() => fs.unlinkSync(path)),
  removeTree: (path) => fs.rmSync(path, { recursive: true, force: true }),
  freeBytes(path) {
    const stat = fs.statfsSync(path)
    return stat.bavail * stat.bsize
  },
  totalBytes(path) {
    const stat = fs.statfsSync(path)
    return stat.blocks * stat.bsize
  },
}
