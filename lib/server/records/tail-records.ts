import type { KafkaRecord } from '../../contract/records.ts'
import type { FetchedPartition } from '../kafka/fetch.ts'
import type { RecordFilter } from './filter.ts'
import { cursorsOf, offsetAfter } from './record-reader.ts'
import { type RecordDecoding, toRecord } from './to-record.ts'

/** Decoded of one fetch; a person sees no more. */
const decodedPerFetch = 200
/** Filtering may take so long of one fetch before the rest is passed over. */
const filterBudgetMs = 25

/** What a tail shows of one fetch, how many records it leaves out, and where the next fetch begins. */
export type TailRecords = { records: KafkaRecord[]; skipped: number; nextOffset: number }

/** Takes the records from `position` on. A batch that cannot be read ends the fetch; its records count as skipped. */
export function tailRecordsOf(
  fetched: Pick<FetchedPartition, 'partition' | 'records' | 'abortedTransactions'>,
  position: number,
  filter: RecordFilter | undefined,
  decoding: RecordDecoding,
): TailRecords {
  const begun = performance.now()
  const nextOffset = offsetAfter(fetched.records) ?? position
  const records: KafkaRecord[] = []
  let skipped = 0
  let seen = position
  try {
    for (const cursor of cursorsOf(fetched.records, fetched.partition, fetched.abortedTransactions)) {
      while (cursor.next()) {
        if (cursor.offset < position) continue
        seen = cursor.offset + 1
        const late = filter !== undefined && performance.now() - begun > filterBudgetMs
        if (records.length >= decodedPerFetch || late) skipped++
        else if (filter?.matches(cursor) ?? true) records.push(toRecord(cursor.record(), decoding))
      }
    }
  } catch {
    // Brokers store what a client sent: a batch whose compressed bytes are nonsense must not hold the tail up.
    skipped += Math.max(0, nextOffset - seen)
  }
  return { records, skipped, nextOffset }
}
