import { dirname } from 'node:path'
import type { DirectoryEntry, Disk, FileStat, OpenMode } from './disk.ts'

export type DiskOperation =
  | 'open'
  | 'read'
  | 'write'
  | 'truncate'
  | 'fsync'
  | 'stat'
  | 'readdir'
  | 'mkdir'
  | 'rename'
  | 'unlink'

/** One call on the disk; `count` counts the calls of all kinds from 1. */
export type DiskCall = { operation: DiskOperation; path: string; count: number }

/** `writtenBytes`: what of a write still reaches the file before it fails; default nothing. */
export type DiskFault = { code: string; writtenBytes?: number }

export type MemoryDiskOptions = {
  capacityBytes?: number
  /** Asked before each call; what it returns is thrown. May be replaced at any time. */
  fault?: (call: DiskCall) => DiskFault | undefined
  nowMs?: () => number
}

type Change = { kind: 'write'; position: number; bytes: Buffer } | { kind: 'truncate'; sizeBytes: number }

/** A file's bytes as a reader sees them, and as the last fsync left them with what came since. */
class Inode {
  bytes = Buffer.alloc(0)
  sizeBytes = 0
  modifiedMs = 0
  synced = Buffer.alloc(0)
  unsynced: Change[] = []

  write(position: number, bytes: Buffer): void {
    const end = position + bytes.length
    if (end > this.bytes.length) {
      const larger = Buffer.alloc(Math.max(end, this.bytes.length * 2))
      this.bytes.copy(larger, 0, 0, this.sizeBytes)
      this.bytes = larger
    }
    bytes.copy(this.bytes, position)
    this.sizeBytes = Math.max(this.sizeBytes, end)
  }

  truncate(sizeBytes: number): void {
    this.bytes.fill(0, Math.min(sizeBytes, this.bytes.length))
    this.write(Math.min(this.sizeBytes, sizeBytes), Buffer.alloc(Math.max(0, sizeBytes - this.sizeBytes)))
    this.sizeBytes = sizeBytes
  }

  apply(change: Change): void {
    if (change.kind === 'write') this.write(change.position, change.bytes)
    else this.truncate(change.sizeBytes)
  }
}

type Names = { files: Map<string, Inode>; folders: Set<string> }

/**
 * A disk in memory that fails and crashes on command, the same way for the same seed. Files are durable up to
 * their last fsync; names (creations, renames, removals) up to the last fsync of anything, as on a journaling file
 * system.
 */
export class MemoryDisk implements Disk {
  capacityBytes: number
  fault: MemoryDiskOptions['fault']
  readonly #nowMs: () => number
  readonly #names: Names = { files: new Map(), folders: new Set(['/']) }
  readonly #syncedNames: Names = { files: new Map(), folders: new Set(['/']) }
  #unsyncedNames: ((names: Names) => void)[] = []
  readonly #open = new Map<number, { path: string; inode: Inode }>()
  #nextDescriptor = 3
  #callCount = 0

  constructor(options: MemoryDiskOptions = {}) {
    this.capacityBytes = options.capacityBytes ?? Number.POSITIVE_INFINITY
    this.fault = options.fault
    this.#nowMs = options.nowMs ?? (() => 0)
  }

  get callCount(): number {
    return this.#callCount
  }
  get openCount(): number {
    return this.#open.size
  }
  get usedBytes(): number {
    return [...this.#names.files.values()].reduce((sum, inode) => sum + inode.sizeBytes, 0)
  }

  open(path: string, mode: OpenMode): number {
    this.#check('open', path)
    let inode = this.#names.files.get(path)
    if (!inode) {
      if (mode === 'read' || !this.#names.folders.has(dirname(path)))
        throw systemError('ENOENT', 'open', path)
      inode = new Inode()
      const created = inode
      this.#rename((names) => names.files.set(path, created))
    }
    const descriptor = this.#nextDescriptor++
    this.#open.set(descriptor, { path, inode })
    if (mode === 'write') this.#change(inode, { kind: 'truncate', sizeBytes: 0 })
    return descriptor
  }

  close(descriptor: number): void {
    this.#file(descriptor)
    this.#open.delete(descriptor)
  }

  read(descriptor: number, target: Buffer, targetOffset: number, length: number, position: number): number {
    const { inode, path } = this.#file(descriptor)
    this.#check('read', path)
    const end = Math.min(inode.sizeBytes, position + length)
    return end <= position ? 0 : inode.bytes.copy(target, targetOffset, position, end)
  }

  writev(descriptor: number, chunks: readonly Buffer[], position: number): void {
    const { inode, path } = this.#file(descriptor)
    const bytes = Buffer.concat(chunks)
    const growth = Math.max(0, position + bytes.length - inode.sizeBytes)
    const free = this.capacityBytes - (Number.isFinite(this.capacityBytes) ? this.usedBytes : 0)
    const full = growth > free ? { code: 'ENOSPC', writtenBytes: bytes.length - growth + free } : undefined
    const fault = this.#faultOf('write', path) ?? full
    const taken = fault ? bytes.subarray(0, Math.max(0, fault.writtenBytes ?? 0)) : bytes
    if (taken.length > 0) this.#change(inode, { kind: 'write', position, bytes: Buffer.from(taken) })
    if (fault) throw systemError(fault.code, 'write', path)
  }

  truncate(descriptor: number, sizeBytes: number): void {
    const { inode, path } = this.#file(descriptor)
    this.#check('truncate', path)
    this.#change(inode, { kind: 'truncate', sizeBytes })
  }

  fsync(descriptor: number): void {
    const { inode, path } = this.#file(descriptor)
    this.#check('fsync', path)
    inode.synced = Buffer.from(inode.bytes.subarray(0, inode.sizeBytes))
    inode.unsynced = []
    this.#syncNames()
  }

  async fsyncLater(descriptor: number): Promise<void> {
    this.fsync(descriptor)
  }

  sizeBytes(descriptor: number): number {
    return this.#file(descriptor).inode.sizeBytes
  }

  readFile(path: string): Buffer | undefined {
    this.#check('read', path)
    const inode = this.#names.files.get(path)
    return inode && Buffer.from(inode.bytes.subarray(0, inode.sizeBytes))
  }

  stat(path: string): FileStat | undefined {
    this.#check('stat', path)
    const inode = this.#names.files.get(path)
    if (inode) return { sizeBytes: inode.sizeBytes, modifiedMs: inode.modifiedMs, isDirectory: false }
    return this.#names.folders.has(path) ? { sizeBytes: 0, modifiedMs: 0, isDirectory: true } : undefined
  }

  readdir(path: string): DirectoryEntry[] {
    this.#check('readdir', path)
    if (!this.#names.folders.has(path)) throw systemError('ENOENT', 'readdir', path)
    const childrenOf = (paths: Iterable<string>, isDirectory: boolean) =>
      [...paths]
        .filter((child) => child !== path && dirname(child) === path)
        .map((child) => ({ name: child.slice(path.length).replace(/^\//, ''), isDirectory }))
    return [...childrenOf(this.#names.folders, true), ...childrenOf(this.#names.files.keys(), false)]
  }

  mkdir(path: string): void {
    this.#check('mkdir', path)
    this.#rename((names) => {
      for (let folder = path; !names.folders.has(folder); folder = dirname(folder)) names.folders.add(folder)
    })
  }

  rename(from: string, to: string): void {
    this.#check('rename', from)
    if (!this.#names.files.has(from) && !this.#names.folders.has(from))
      throw systemError('ENOENT', 'rename', from)
    this.#rename((names) => moveTree(names, from, to))
  }

  fsyncDirectory(path: string): void {
    this.#check('fsync', path)
    this.#syncNames()
  }

  unlink(path: string): void {
    this.#check('unlink', path)
    this.#rename((names) => names.files.delete(path))
  }

  removeTree(path: string): void {
    this.#check('unlink', path)
    this.#rename((names) => {
      for (const file of [...names.files.keys()]) if (isWithin(file, path)) names.files.delete(file)
      for (const folder of [...names.folders]) if (isWithin(folder, path)) names.folders.delete(folder)
    })
  }

  totalBytes(): number {
    return Number.isFinite(this.capacityBytes) ? this.capacityBytes : Number.MAX_SAFE_INTEGER
  }

  freeBytes(): number {
    return Number.isFinite(this.capacityBytes) ? this.capacityBytes - this.usedBytes : Number.MAX_SAFE_INTEGER
  }

  /**
   * The disk after the machine lost power: of what was not fsynced, each file keeps a random first part, the last
   * write of it torn at a random byte, or random sectors; of the names a random first part. `random` in [0, 1).
   */
  crashed(random: () => number): MemoryDisk {
    const after = new MemoryDisk({ capacityBytes: this.capacityBytes, nowMs: this.#nowMs })
    const namesKept = this.#unsyncedNames.slice(0, Math.floor(random() * (this.#unsyncedNames.length + 1)))
    for (const change of namesKept) change(this.#syncedNames)
    for (const folder of this.#syncedNames.folders) after.#adopt((names) => names.folders.add(folder))
    for (const [path, inode] of this.#syncedNames.files) {
      const survivor = survivorOf(inode, random)
      after.#adopt((names) => names.files.set(path, survivor))
    }
    return after
  }

  #adopt(change: (names: Names) => void): void {
    change(this.#names)
    change(this.#syncedNames)
  }

  #rename(change: (names: Names) => void): void {
    change(this.#names)
    this.#unsyncedNames.push(change)
  }

  #syncNames(): void {
    for (const change of this.#unsyncedNames) change(this.#syncedNames)
    this.#unsyncedNames = []
  }

  #change(inode: Inode, change: Change): void {
    inode.apply(change)
    inode.unsynced.push(change)
    inode.modifiedMs = this.#nowMs()
  }

  #file(descriptor: number): { path: string; inode: Inode } {
    const file = this.#open.get(descriptor)
    if (!file) throw systemError('EBADF', 'use', `descriptor ${descriptor}`)
    return file
  }

  #faultOf(operation: DiskOperation, path: string): DiskFault | undefined {
    return this.fault?.({ operation, path, count: ++this.#callCount })
  }

  #check(operation: DiskOperation, path: string): void {
    const fault = this.#faultOf(operation, path)
    if (fault) throw systemError(fault.code, operation, path)
  }
}

/** What a disk writes whole or not at all. */
const sectorBytes = 512

function survivorOf(inode: Inode, random: () => number): Inode {
  const survivor = new Inode()
  survivor.write(0, inode.synced)
  if (random() < 0.5) keepFirst(survivor, inode.unsynced, random)
  else keepSome(survivor, inode.unsynced, random)
  survivor.synced = Buffer.from(survivor.bytes.subarray(0, survivor.sizeBytes))
  return survivor
}

/** The changes reached the disk in their order. */
function keepFirst(survivor: Inode, changes: readonly Change[], random: () => number): void {
  const kept = Math.floor(random() * (changes.length + 1))
  for (const change of changes.slice(0, kept)) survivor.apply(change)
  const torn = changes[kept]
  if (torn?.kind !== 'write') return
  survivor.write(torn.position, torn.bytes.subarray(0, Math.floor(random() * (torn.bytes.length + 1))))
}

/** The disk took sectors in an order of its own: holes read as zeros, or as what was there before. */
function keepSome(survivor: Inode, changes: readonly Change[], random: () => number): void {
  for (const change of changes) {
    if (change.kind === 'truncate') {
      if (random() < 0.5) survivor.apply(change)
      continue
    }
    const { position, bytes } = change
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, at + sectorBytes - ((position + at) % sectorBytes))
      if (random() < 0.6) survivor.write(position + at, bytes.subarray(at, end))
      at = end
    }
  }
}

function moveTree(names: Names, from: string, to: string): void {
  for (const [path, inode] of [...names.files]) {
    if (!isWithin(path, from)) continue
    names.files.delete(path)
    names.files.set(to + path.slice(from.length), inode)
  }
  for (const folder of [...names.folders]) {
    if (!isWithin(folder, from)) continue
    names.folders.delete(folder)
    names.folders.add(to + folder.slice(from.length))
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

function systemError(code: string, operation: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${operation} '${path}'`), { code })
}
