import type { ReactNode } from 'react'
import type { Datum } from '../../lib/contract/records.ts'
import { formatBytes } from '../format/bytes.ts'

const previewLength = 240

/** One line of a key or value, for a row. Null and empty look different from text, and from each other. */
export function DatumPreview({ datum }: { datum: Datum }): ReactNode {
  if (datum.format === 'null') return <em className="text-faint not-italic">null</em>
  if (datum.format === 'empty') return <em className="text-faint not-italic">empty</em>
  const line = datum.text.length > previewLength ? datum.text.slice(0, previewLength) : datum.text
  return <>{line.replace(/\s+/g, ' ')}</>
}

/** `JSON · 1.2 KiB`, with what did not fit in its tooltip. */
export function DatumFormat({ datum }: { datum: Datum }): ReactNode {
  const tried = datum.tried.map((attempt) => `${formatName(attempt.format)}: ${attempt.reason}`).join('\n')
  return (
    <span className="text-xs text-faint" title={tried === '' ? undefined : `Tried before:\n${tried}`}>
      {formatName(datum.format)}
      {datum.size !== null && datum.size > 0 && ` · ${formatBytes(datum.size)}`}
    </span>
  )
}

const names: Record<Datum['format'], string> = {
  null: 'null',
  empty: 'empty',
  json: 'JSON',
  utf8: 'UTF-8',
  hex: 'hex',
  msgpack: 'MessagePack',
  cbor: 'CBOR',
  xml: 'XML',
  number: 'number',
}

function formatName(format: Datum['format']): string {
  return names[format]
}
