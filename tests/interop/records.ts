import type { SentRecord } from './client.ts'

/**
 * Of the first record that a test writes, in ms: yesterday. What is older than a topic's retention (a week) goes with the
 * next check for it, which comes five minutes after the broker's start, in the middle of the tests.
 */
export const firstTimestampMs: number = Date.now() - 86_400_000

const base64 = (text: string) => Buffer.from(text).toString('base64')

/** A value that a codec can shrink, and one that it cannot. */
function valueAt(label: string, index: number): string | null {
  if (index % 11 === 5) return null
  if (index % 13 === 6) return ''
  if (index % 29 === 7) return base64(`${label} ${index} `.repeat(1500))
  if (index % 7 === 3) return Buffer.from(noise(index, 300)).toString('base64')
  return base64(`${label} record ${index}: Zürich → 東京`)
}

/** Bytes without a pattern, the same each time (xorshift32). */
function noise(seed: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let state = seed + 1
  for (let index = 0; index < length; index++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[index] = state & 0xff
  }
  return bytes
}

function headersAt(label: string, index: number): SentRecord['headers'] {
  const headers: SentRecord['headers'] = [['origin', base64(label)]]
  if (index % 2 === 0) return []
  if (index % 3 === 0) headers.push(['twice', base64('first')], ['twice', base64('second')])
  if (index % 5 === 0) headers.push(['empty', ''])
  if (index % 7 === 0) headers.push(['absent', null])
  return headers
}

/**
 * Records with null and empty keys and values, repeated, empty and null headers, a value of 40 KB and
 * bytes that are not text, dealt over the partitions in turn.
 */
export function makeRecords(label: string, count: number, partitions: number): SentRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    partition: index % partitions,
    key: index % 9 === 4 ? null : base64(`key-${index % 17}`),
    value: valueAt(label, index),
    headers: headersAt(label, index),
    timestamp: firstTimestampMs + index,
  }))
}

/** The records as a partition holds them: in order, with the offset that each must have. */
export function expectedInPartition(records: readonly SentRecord[], partition: number, firstOffset = 0) {
  return records
    .filter((record) => record.partition === partition)
    .map((record, index) => ({ ...record, offset: firstOffset + index }))
}
