import type { MemoryDisk } from '../../broker/core/memory-disk.ts'
import { batchesOf } from '../../broker/records/record-batch.ts'

/** Where a log was cut by damage that took records: its partition, and the first offset that is gone. */
export type LostTail = { readonly partition: string; readonly endOffset: number }

type Change = (bytes: Buffer) => Buffer

/** Offset of the CRC in a batch: what lies before it, but for the length, is not covered by it. */
const crcAt = 17
const lengthAt = 8

/**
 * Damages one file as a crash, or a bad disk, may: torn, grown by zeros or noise, a bit flipped. Indexes, snapshots and
 * checkpoints can all be made anew from the log; of a log, the partitions in `mayLose` may lose the last batch.
 */
export function damageOneFile(
  disk: MemoryDisk,
  random: () => number,
  mayLose: readonly string[],
): LostTail | undefined {
  const partitions = disk
    .readdir('/data')
    .filter(({ name, isDirectory }) => isDirectory && /-\d+$/.test(name) && !name.startsWith('__cluster'))
    .map(({ name }) => name)
  const partition = pick(partitions, random)
  if (partition === undefined) return undefined
  const folder = `/data/${partition}`
  const names = disk.readdir(folder).map(({ name }) => name)
  const segments = names.filter((name) => /^\d{20}\.log$/.test(name)).sort()
  const last = segments.at(-1)?.replace(/\.log$/, '')
  const choice = random()
  if (choice < 0.15) rewrite(disk, '/data/recovery-point-offset-checkpoint', torn(random))
  else if (choice < 0.25) rewrite(disk, '/data/replication-offset-checkpoint', torn(random))
  else if (choice < 0.35) rewrite(disk, `${folder}/leader-epoch-checkpoint`, torn(random))
  else if (choice < 0.5) {
    const snapshot = pick(
      names.filter((name) => name.endsWith('.snapshot')),
      random,
    )
    if (snapshot) rewrite(disk, `${folder}/${snapshot}`, anyDamage(random))
  } else if (last === undefined) return undefined
  else if (choice < 0.75) {
    const kind = pick(['index', 'timeindex', 'txnindex'], random)!
    rewrite(disk, `${folder}/${last}.${kind}`, anyDamage(random))
  } else if (choice < 0.85 || !mayLose.includes(partition)) {
    rewrite(disk, `${folder}/${last}.log`, grown(random))
  } else return damageLastBatch(disk, partition, `${folder}/${last}.log`, random)
  return undefined
}

function damageLastBatch(
  disk: MemoryDisk,
  partition: string,
  path: string,
  random: () => number,
): LostTail | undefined {
  const bytes = disk.readFile(path)
  const batch = bytes && [...batchesOf(bytes)].at(-1)
  if (!bytes || !batch) return undefined
  const { start, sizeBytes, baseOffset } = batch
  if (random() < 0.5) {
    const kept = start + Math.floor(random() * sizeBytes)
    rewrite(disk, path, (all) => all.subarray(0, kept))
  } else {
    const from = random() < 0.2 ? lengthAt : crcAt
    const at = start + from + Math.floor(random() * (from === lengthAt ? 4 : sizeBytes - crcAt))
    rewrite(disk, path, (all) => flipped(all, at, random))
  }
  return { partition, endOffset: baseOffset }
}

function anyDamage(random: () => number): Change {
  const flip: Change = (bytes) => flipped(bytes, Math.floor(random() * bytes.length), random)
  return pick([torn(random), grown(random), flip], random)!
}

function torn(random: () => number): Change {
  return (bytes) => bytes.subarray(0, Math.floor(random() * bytes.length))
}

function grown(random: () => number): Change {
  const length = 1 + Math.floor(random() * 300)
  const filler = random() < 0.5 ? 0 : 0xa5
  return (bytes) => Buffer.concat([bytes, Buffer.alloc(length, filler)])
}

function flipped(bytes: Buffer, at: number, random: () => number): Buffer {
  if (at < bytes.length) bytes[at]! ^= 1 << Math.floor(random() * 8)
  return bytes
}

function rewrite(disk: MemoryDisk, path: string, change: Change): void {
  const bytes = disk.readFile(path)
  if (bytes === undefined) return
  const descriptor = disk.open(path, 'write')
  disk.writev(descriptor, [change(bytes)], 0)
  disk.fsync(descriptor)
  disk.close(descriptor)
}

function pick<T>(values: readonly T[], random: () => number): T | undefined {
  return values[Math.floor(random() * values.length)]
}
