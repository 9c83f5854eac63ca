import type { CommittedReader } from '../clients/committed-reader.ts'
import type { TransactionalProducer } from '../clients/transactional-producer.ts'
import { Violation } from '../ledger.ts'
import type { PartitionContents } from './partition-contents.ts'

/** Once all transactions are over nothing holds readers up. Throws Violation. */
export function checkNothingStuck({ partition, lastStableOffset, highWatermark }: PartitionContents): void {
  if (lastStableOffset === highWatermark) return
  throw new Violation(`${partition}: the last stable offset stays at ${lastStableOffset} of ${highWatermark}`)
}

/** Committed transactions are there as a whole, others not at all. Throws Violation. */
export function checkAtomic(
  producers: readonly TransactionalProducer[],
  committed: ReadonlySet<string>,
): void {
  for (const { name, transactions } of producers) {
    for (const { number, values, outcome } of transactions) {
      const found = values.filter((value) => committed.has(value)).length
      const isWhole = found === values.length
      const isRight = outcome === 'committed' ? isWhole : found === 0 || (outcome === 'unknown' && isWhole)
      if (isRight) continue
      throw new Violation(
        `${name}:${number} is ${outcome}, and ${found} of ${values.length} records are visible`,
      )
    }
  }
}

/** A reader that was there all along was never given what is not committed in the end. Throws Violation. */
export function checkNoDirtyRead(reader: CommittedReader, committed: ReadonlyMap<number, string>): void {
  for (const [offset, value] of reader.seen) {
    const found = committed.get(offset)
    if (found === value) continue
    throw new Violation(
      `the ${reader.name} was given '${value}' at ${offset}, where now is ${found ?? 'nothing'}`,
    )
  }
}

/** The offsets that `producer`'s group may have, which it commits with its transactions; -1 is none. */
export function possibleOffsets({ transactions }: TransactionalProducer): Set<number> {
  const withOffsets = transactions.filter(({ offset }) => offset !== undefined)
  const certain = withOffsets.findLast(({ outcome }) => outcome === 'committed')?.offset ?? -1
  const uncertain = withOffsets.filter(({ outcome, offset }) => outcome === 'unknown' && offset! > certain)
  return new Set([certain, ...uncertain.map(({ offset }) => offset!)])
}
