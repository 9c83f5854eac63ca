import type { ProduceRecord } from '../../lib/contract/records.ts'

/** The server takes so many records in one call. */
export const mostLines = 10_000

export type ParsedLines = { records: ProduceRecord[]; mistakes: { line: number; message: string }[] }

/**
 * One record a line: a JSON object with a `value` (and, where wanted, `key`, `headers`, `partition`, `timestamp`)
 * as our own export writes it, or any other text as the value; with a separator, what stands before it is the key.
 * Blank lines are passed over.
 */
export function parseLines(text: string, separator: string): ParsedLines {
  const records: ProduceRecord[] = []
  const mistakes: ParsedLines['mistakes'] = []
  const lines = text.split(/\r?\n/)
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const parsed = parseLine(line, separator)
    if (typeof parsed === 'string') mistakes.push({ line: index + 1, message: parsed })
    else records.push(parsed)
  }
  if (records.length > mostLines) {
    mistakes.push({
      line: mostLines + 1,
      message: `At most ${mostLines.toLocaleString('en-GB')} records at once; split the file.`,
    })
  }
  return { records, mistakes }
}

function parseLine(line: string, separator: string): ProduceRecord | string {
  const envelope = envelopeIn(line)
  if (envelope !== null) return recordOf(envelope)
  if (separator === '') return { key: null, value: line }
  const at = line.indexOf(separator)
  if (at < 0) return `No key: there is no “${separator}” in this line.`
  return { key: line.slice(0, at), value: line.slice(at + separator.length) }
}

type Envelope = Record<string, unknown> & { value: unknown }

function envelopeIn(line: string): Envelope | null {
  if (!line.trimStart().startsWith('{')) return null
  try {
    const parsed: unknown = JSON.parse(line)
    return typeof parsed === 'object' && parsed !== null && 'value' in parsed ? (parsed as Envelope) : null
  } catch {
    return null
  }
}

function recordOf(envelope: Envelope): ProduceRecord | string {
  const { key, value, headers, partition, timestamp } = envelope
  if (partition !== undefined && !isCount(partition)) return 'partition must be a whole number from 0.'
  if (timestamp !== undefined && !isCount(timestamp)) return 'timestamp must be milliseconds since 1970.'
  return {
    key: textOf(key),
    value: textOf(value),
    headers: headersOf(headers),
    ...(partition === undefined ? {} : { partition: partition as number }),
    ...(timestamp === undefined ? {} : { timestamp: timestamp as number }),
  }
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

/** Strings as they are, null as null, everything else as JSON. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function headersOf(headers: unknown): { key: string; value: string | null }[] {
  if (typeof headers !== 'object' || headers === null) return []
  if (Array.isArray(headers)) {
    return headers.flatMap((header: unknown) =>
      typeof header === 'object' && header !== null && 'key' in header
        ? [{ key: String(header.key), value: textOf('value' in header ? header.value : null) }]
        : [],
    )
  }
  return Object.entries(headers).map(([key, value]) => ({ key, value: textOf(value) }))
}
