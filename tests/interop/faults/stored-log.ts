import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { endTransactionMarkerOf } from '../../../broker/records/control-record.ts'
import { recordsOf } from '../../../broker/records/record.ts'
import { batchFaultAt, RecordBatch } from '../../../broker/records/record-batch.ts'

export type StoredRecord = {
  offset: number
  key: string
  value: string
  /** How its transaction ended; a plain record counts as committed. */
  outcome: 'committed' | 'aborted' | 'open'
}

export type StoredLog = {
  records: StoredRecord[]
  logStartOffset: number
  logEndOffset: number
  /** Places where an offset is missing, as compaction leaves them: `from-to`. */
  gaps: string[]
}

/**
 * Decodes a partition's segment files, each batch checked: CRC, offsets that only grow. The last batch may be on its
 * way into the file. Without a folder (the broker makes it with the first record) the log is empty.
 */
export function readStoredLog(dataDir: string, topic: string, partition: number): StoredLog {
  const folder = join(dataDir, `${topic}-${partition}`)
  const files = (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.endsWith('.log')).sort()
  const log: StoredLog = { records: [], logStartOffset: -1, logEndOffset: 0, gaps: [] }
  const open = new Map<number, StoredRecord[]>()
  for (const name of files) {
    const bytes = readFileSync(join(folder, name))
    for (let at = 0; at < bytes.length; ) {
      const fault = batchFaultAt(bytes, at)
      if (fault?.reason === 'cut' && name === files.at(-1)) break
      if (fault) throw new Error(`${join(folder, name)}: ${fault.message}`)
      const batch = new RecordBatch(bytes, at)
      addBatch(log, open, batch, name)
      at += batch.sizeBytes
    }
  }
  return log
}

function addBatch(log: StoredLog, open: Map<number, StoredRecord[]>, batch: RecordBatch, file: string): void {
  if (log.logStartOffset < 0) log.logStartOffset = log.logEndOffset = batch.baseOffset
  if (batch.baseOffset < log.logEndOffset)
    throw new Error(`${file}: a batch at ${batch.baseOffset} comes after ${log.logEndOffset}`)
  if (batch.baseOffset > log.logEndOffset) log.gaps.push(`${log.logEndOffset}-${batch.baseOffset}`)
  log.logEndOffset = batch.nextOffset
  if (batch.isControl) {
    const outcome = endTransactionMarkerOf(batch)?.type === 'commit' ? 'committed' : 'aborted'
    for (const record of open.get(batch.producerId) ?? []) record.outcome = outcome
    open.delete(batch.producerId)
    return
  }
  const records = [...recordsOf(batch)].map(
    ({ offset, key, value }): StoredRecord => ({
      offset,
      key: key?.toString() ?? '',
      value: value?.toString() ?? '',
      outcome: batch.isTransactional ? 'open' : 'committed',
    }),
  )
  log.records.push(...records)
  if (batch.isTransactional) open.set(batch.producerId, [...(open.get(batch.producerId) ?? []), ...records])
}

/** The logs of all partitions of a topic, each without gaps from offset 0 on. */
export function readWholeTopic(dataDir: string, topic: string, partitions: number): StoredLog[] {
  return Array.from({ length: partitions }, (_, partition) => {
    const log = readStoredLog(dataDir, topic, partition)
    if (log.gaps.length > 0 || log.logStartOffset > 0)
      throw new Error(`${topic}-${partition} starts at ${log.logStartOffset}, gaps: ${log.gaps.join(', ')}`)
    return log
  })
}
