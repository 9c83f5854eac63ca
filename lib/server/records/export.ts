import type { z } from 'zod'
import type { exportQuery, KafkaRecord } from '../../contract/records.ts'
import { filter as filterSchema } from '../../contract/records.ts'
import type { Download } from '../http/router.ts'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import { KafkaError } from '../kafka/kafka-error.ts'
import { type Browsed, browseRaw } from './browse.ts'
import { compileFilter, type RecordFilter } from './filter.ts'
import { RecordCursor } from './record-reader.ts'
import { toRecord } from './to-record.ts'

type Query = z.output<typeof exportQuery>

const pageRecords = 1_000
const maxValueText = 1024 * 1024
const columns = ['partition', 'offset', 'timestamp', 'key', 'value', 'headers'] as const

/** Records from a position on, page by page, so that memory stays small however many there are. */
export async function exportRecords(
  client: KafkaClient,
  topic: string,
  query: Query,
  signal: AbortSignal,
): Promise<Download> {
  const filter = query.filter === undefined ? undefined : filterOf(query.filter, query)
  // The first page at once: an error must become a status, not a broken download.
  const first = await browseRaw(client, topic, {
    ...query,
    limit: Math.min(query.limit, pageRecords),
    raw: false,
  })
  const csv = query.format === 'csv'
  return {
    contentType: csv ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8',
    fileName: `${topic}.${query.format}`,
    chunks: csv
      ? csvChunks(records(client, topic, query, first, filter, signal))
      : jsonChunks(records(client, topic, query, first, filter, signal)),
  }
}

function filterOf(text: string, query: Query): RecordFilter {
  const [, kind, rest] = /^(text|cel):([\s\S]+)$/.exec(text) ?? []
  if (kind === undefined) throw new KafkaError('INVALID_REQUEST', 'filter begins with text: or cel:.')
  const spec = filterSchema.parse(kind === 'text' ? { kind, text: rest } : { kind, expression: rest })
  return compileFilter(spec, query)
}

async function* records(
  client: KafkaClient,
  topic: string,
  query: Query,
  first: Browsed,
  filter: RecordFilter | undefined,
  signal: AbortSignal,
): AsyncGenerator<KafkaRecord[]> {
  const decoding = { ...query, maxText: maxValueText, raw: false }
  let page: Browsed | undefined = first
  let left = query.limit
  while (page !== undefined && left > 0 && !signal.aborted) {
    const kept =
      filter === undefined
        ? page.records
        : page.records.filter((raw) => filter.matches(RecordCursor.over(raw)))
    const taken = kept.slice(0, left)
    left -= taken.length
    yield taken.map((raw) => toRecord(raw, decoding))
    const cursor: string | null = page.next
    const limit = filter === undefined ? Math.min(left, pageRecords) : pageRecords
    page =
      cursor === null || left === 0
        ? undefined
        : await browseRaw(client, topic, { ...query, position: 'cursor', cursor, limit, raw: false })
  }
}

async function* jsonChunks(pages: AsyncIterable<KafkaRecord[]>): AsyncGenerator<string> {
  let separator = '[\n'
  for await (const page of pages) {
    let text = ''
    for (const record of page) {
      text += separator + JSON.stringify(exported(record))
      separator = ',\n'
    }
    if (text !== '') yield text
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n'
}

async function* csvChunks(pages: AsyncIterable<KafkaRecord[]>): AsyncGenerator<string> {
  yield `${columns.join(',')}\r\n`
  for await (const page of pages) {
    let text = ''
    for (const record of page) {
      const row = exported(record)
      const cells = columns.map((column) => {
        const value = row[column]
        return cell(typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? ''))
      })
      text += `${cells.join(',')}\r\n`
    }
    yield text
  }
}

/** JSON values as JSON, everything else as text. */
function exported({ partition, offset, timestamp, key, value, headers }: KafkaRecord) {
  return {
    partition,
    offset,
    timestamp: new Date(timestamp).toISOString(),
    key: dataOf(key),
    value: dataOf(value),
    headers: headers.map((header) => ({ key: header.key, value: dataOf(header.value) })),
  }
}

function dataOf({ format, text, truncated }: KafkaRecord['value']): unknown {
  if (format === 'null') return null
  const structured = format === 'json' || format === 'msgpack' || format === 'cbor'
  return structured && !truncated ? JSON.parse(text) : text
}

/** A leading = + - @ would be run as a formula by spreadsheets; a quote before it keeps it text. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
