import { type Entry, type Ledger, Violation } from '../ledger.ts'
import type { PartitionContents } from './partition-contents.ts'

export type LogRules = {
  /** Compaction leaves gaps, and takes records that a newer one of their key replaces. */
  readonly isCompacted: boolean
  /** A power cut took what the coordinator had not flushed: an epoch may have been given out twice, acks mean little. */
  readonly hasLostEpochs: boolean
  /** What an earlier check read: a log never changes what it has given out. */
  readonly before?: PartitionContents
}

/** What any reader may rely on in one partition. Throws Violation. */
export function checkLog(ledger: Ledger, contents: PartitionContents, rules: LogRules): void {
  checkOffsets(contents, rules)
  checkStart(ledger, contents)
  checkNothingInvented(ledger, contents)
  if (!rules.hasLostEpochs) {
    checkNothingLost(ledger, contents, rules)
    checkOnceAndInOrder(ledger, contents)
  }
  if (rules.before) checkUnchanged(contents, rules.before)
}

function checkOffsets(
  { partition, batches, logStartOffset, highWatermark }: PartitionContents,
  rules: LogRules,
): void {
  let next = logStartOffset
  for (const { first, last } of batches) {
    const isNext = rules.isCompacted ? first >= next : first <= next && last >= next
    if (!isNext) throw new Violation(`${partition}: offset ${first} comes where ${next} should`)
    next = last + 1
  }
  if (rules.isCompacted ? next > highWatermark : next !== highWatermark)
    throw new Violation(`${partition}: records end at ${next}, the high watermark is ${highWatermark}`)
}

function checkStart(ledger: Ledger, { partition, logStartOffset }: PartitionContents): void {
  if (logStartOffset <= ledger.deletedBelow(partition)) return
  throw new Violation(`${partition} begins at ${logStartOffset}, and nobody asked for that`)
}

/** Each record was sent by a producer, and not refused each time that it was. */
function checkNothingInvented(ledger: Ledger, { partition, records }: PartitionContents): void {
  for (const { offset, key, value } of records) {
    const entry = ledger.entry(partition, value)
    if (!entry) throw new Violation(`${partition}: nobody sent '${value}' at ${offset}`)
    if (entry.key !== key)
      throw new Violation(`${partition}: '${value}' has the key ${key}, not ${entry.key}`)
    if (entry.offsets.size === 0 && !entry.isUncertain)
      throw new Violation(`${partition}: '${value}' was refused and is there at ${offset}`)
  }
}

/** What was acknowledged is at the offset that was told, unless compaction could take it. */
function checkNothingLost(ledger: Ledger, contents: PartitionContents, rules: LogRules): void {
  const { partition, records, logStartOffset } = contents
  const byOffset = new Map(records.map((record) => [record.offset, record.value]))
  const latestOfKey = new Map(records.map(({ key, offset }) => [key, offset]))
  for (const { value, key, offsets } of ledger.entriesOf(partition)) {
    for (const offset of offsets) {
      const found = byOffset.get(offset)
      const mayBeGone = rules.isCompacted && found === undefined && (latestOfKey.get(key) ?? -1) > offset
      if (found === value || mayBeGone || offset < logStartOffset) continue
      throw new Violation(
        `${partition}: '${value}' was acknowledged at ${offset}, where there is ${found ?? 'nothing'}`,
      )
    }
  }
}

/** Exactly once where it is promised, and in the order in which each producer sent. */
function checkOnceAndInOrder(ledger: Ledger, { partition, records }: PartitionContents): void {
  const last = new Map<string, Entry>()
  const seen = new Set<string>()
  for (const { value, offset } of records) {
    const entry = ledger.entry(partition, value)!
    if (entry.guarantee === 'at least once') continue
    if (seen.has(value)) throw new Violation(`${partition}: '${value}' is there twice, again at ${offset}`)
    seen.add(value)
    const before = last.get(entry.producer)
    if (before && before.position > entry.position)
      throw new Violation(`${partition}: '${value}' at ${offset} comes after '${before.value}'`)
    last.set(entry.producer, entry)
  }
}

function checkUnchanged(contents: PartitionContents, before: PartitionContents): void {
  const { partition, records, highWatermark } = contents
  if (highWatermark < before.highWatermark)
    throw new Violation(`${partition} ended at ${before.highWatermark} before, now at ${highWatermark}`)
  const known = new Map(before.records.map(({ offset, value }) => [offset, value]))
  for (const { offset, value } of records) {
    const earlier = known.get(offset)
    if (earlier !== undefined && earlier !== value)
      throw new Violation(`${partition}: at ${offset} there was '${earlier}' before, now '${value}'`)
  }
}
