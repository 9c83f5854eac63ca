import type { Disk } from '../core/disk.ts'
import { diskCall } from './log-error.ts'

const version = 0

/**
 * Replaces a file in one step: written beside it, renamed over it; fsynced between where `durable`. Without it a
 * crash of the machine, not of the process, can leave an empty file.
 */
export function replaceFile(disk: Disk, path: string, bytes: Buffer, durable = true): void {
  diskCall('write', path, () => {
    const temporary = `${path}.tmp`
    const descriptor = disk.open(temporary, 'write')
    try {
      disk.writev(descriptor, [bytes], 0)
      if (durable) disk.fsync(descriptor)
    } finally {
      disk.close(descriptor)
    }
    disk.rename(temporary, path)
  })
}

/** Kafka's checkpoint text: a version line, a line with the count, and one line an entry. */
export function encodeCheckpoint(lines: readonly string[]): Buffer {
  return Buffer.from(`${[version, lines.length, ...lines].join('\n')}\n`)
}

/** The entry lines, split at blanks; undefined when the text is damaged, or its last line may be torn. */
export function decodeCheckpoint(bytes: Buffer): string[][] | undefined {
  const [head, count, ...lines] = bytes.toString('utf8').split('\n')
  if (lines.pop() !== '') return undefined
  if (Number(head) !== version || count === undefined || Number(count) !== lines.length) return undefined
  return lines.map((line) => line.split(' '))
}

/** `recovery-point-offset-checkpoint` and its like: topic, partition and offset a line. */
export function writeOffsetCheckpoint(
  disk: Disk,
  path: string,
  offsets: ReadonlyMap<string, number>,
  durable = true,
): void {
  const lines = [...offsets].map(([partitionDir, offset]) => {
    const { topic, partition } = parsePartitionDir(partitionDir)!
    return `${topic} ${partition} ${offset}`
  })
  replaceFile(disk, path, encodeCheckpoint(lines), durable)
}

/** Offsets by partition folder name; empty when the file is absent or damaged, which recovery makes good. */
export function readOffsetCheckpoint(disk: Disk, path: string): Map<string, number> {
  const bytes = diskCall('read', path, () => disk.readFile(path))
  const entries = (bytes && decodeCheckpoint(bytes)) ?? []
  if (!entries.every(isOffsetEntry)) return new Map()
  return new Map(entries.map(([topic, partition, offset]) => [`${topic}-${partition}`, Number(offset)]))
}

function isOffsetEntry([topic, partition, offset]: readonly string[]): boolean {
  return parsePartitionDir(`${topic}-${partition}`) !== undefined && /^\d+$/.test(offset ?? '')
}

/** Topic and partition of a folder name such as `orders-3`; undefined for any other name. */
export function parsePartitionDir(name: string): { topic: string; partition: number } | undefined {
  const match = /^([a-zA-Z0-9._-]{1,249})-(\d{1,10})$/.exec(name)
  return match ? { topic: match[1]!, partition: Number(match[2]) } : undefined
}
