import { join } from 'node:path'
import type { Disk } from '../../core/disk.ts'
import { scanBatches } from '../batch-scanner.ts'
import { FileCache } from '../file-cache.ts'
import { diskCall } from '../log-error.ts'
import { parseSegmentFile } from '../segment-files.ts'

const unfinished = /\.(deleted|tmp)$/

/**
 * Completes or undoes what a crash left of a removal or a cleaning, in `names`, the files of a partition's folder.
 * A segment is swapped in when its .log.swap is there and none of its files is still .cleaned: then all of them
 * are whole, since they were fsynced before the first was renamed. The order here counts: a crash may come again.
 */
export function recoverSwaps(disk: Disk, dir: string, names: Set<string>): void {
  const unlink = (name: string): void => {
    diskCall('delete', join(dir, name), () => disk.unlink(join(dir, name)))
    names.delete(name)
  }
  const withSuffix = (suffix: string) => [...names].filter((name) => name.endsWith(suffix)).sort()
  const cleanedBases = new Set(withSuffix('.cleaned').map((name) => baseOf(name, '.cleaned')))
  for (const name of withSuffix('.swap')) if (cleanedBases.has(baseOf(name, '.swap'))) unlink(name)
  for (const name of withSuffix('.cleaned')) unlink(name)
  for (const name of names) if (unfinished.test(name)) unlink(name)

  const swaps = withSuffix('.swap')
  for (const name of swaps.filter((each) => each.endsWith('.log.swap'))) {
    const baseOffset = baseOf(name, '.swap')
    const endOffset = Math.max(endOffsetOf(disk, join(dir, name)), baseOffset + 1)
    for (const live of [...names]) {
      const file = parseSegmentFile(live)
      if (file && file.kind !== 'snapshot' && file.baseOffset >= baseOffset && file.baseOffset < endOffset)
        unlink(live)
    }
  }
  // The .log first: with it in its place, the others are only renamed the next time, and nothing is removed.
  swaps.sort((a, b) => Number(b.endsWith('.log.swap')) - Number(a.endsWith('.log.swap')))
  for (const name of swaps) {
    const live = name.slice(0, -'.swap'.length)
    diskCall('rename', join(dir, name), () => disk.rename(join(dir, name), join(dir, live)))
    names.delete(name)
    names.add(live)
  }
}

function baseOf(name: string, suffix: string): number {
  return parseSegmentFile(name.slice(0, -suffix.length))?.baseOffset ?? -1
}

/** Offset after the last batch of a file; 0 when there is none. */
function endOffsetOf(disk: Disk, path: string): number {
  const sizeBytes = diskCall('stat', path, () => disk.stat(path)?.sizeBytes ?? 0)
  const cache = new FileCache(disk, 1)
  let endOffset = 0
  try {
    for (const { batch } of scanBatches(cache.file(path), 0, sizeBytes, 'header'))
      endOffset = batch.nextOffset
  } finally {
    cache.close()
  }
  return endOffset
}
