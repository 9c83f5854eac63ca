'use client'

import { Repeat, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { urlOf } from '../../lib/contract/call.ts'
import type { Datum, KafkaRecord } from '../../lib/contract/records.ts'
import { type RecordDecoders, useWholeRecord } from '../../lib/queries/records.ts'
import { formatBytes } from '../format/bytes.ts'
import { formatAgo, formatTimestamp } from '../format/time.ts'
import { Badge } from '../ui/badge.tsx'
import { Button, buttonClass, IconButton } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { PartitionMark } from '../ui/partition-mark.tsx'
import { DatumFormat, DatumPreview } from './datum-text.tsx'
import { indentJson, JsonText } from './json-text.tsx'
import { Visibility } from './visibility.tsx'

/** Text beyond this is offered as a download instead of being laid out. */
const shownLength = 300_000

const structured: readonly Datum['format'][] = ['json', 'msgpack', 'cbor']

/** Everything about one record: value, key, headers, where it lies and who may see it. */
export function RecordDetail({
  cluster,
  topic,
  record,
  decoders,
  onClose,
  onProduceAgain,
}: {
  cluster: string
  topic: string
  record: KafkaRecord
  decoders: RecordDecoders
  onClose: () => void
  onProduceAgain: (record: KafkaRecord) => void
}): ReactNode {
  const [whole, setWhole] = useState(false)
  const full = useWholeRecord(cluster, topic, record, decoders, whole)
  const shown = full.data ?? record
  const truncated = shown.key.truncated || shown.value.truncated
  return (
    <aside
      aria-label={`Record ${record.offset} of partition ${record.partition}`}
      className="flex min-h-0 flex-col border-line bg-panel md:border-l"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <header className="flex h-10 shrink-0 items-center gap-3 border-b border-line pr-2 pl-4">
        <h2 className="flex min-w-0 flex-1 items-center gap-3 text-sm font-semibold">
          <PartitionMark partition={record.partition} />
          <span className="truncate font-mono">offset {record.offset}</span>
        </h2>
        <Button size="sm" tone="quiet" onClick={() => onProduceAgain(shown)}>
          <Repeat aria-hidden className="size-3.5" />
          Produce again
        </Button>
        <IconButton label="Close record" size="sm" onClick={onClose}>
          <X aria-hidden className="size-4" />
        </IconButton>
      </header>
      <div className="scroll-shade flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto p-4">
        {truncated && (
          <div className="flex flex-wrap items-center gap-2 rounded-md border border-line bg-sunken px-3 py-2 text-xs text-muted">
            <span className="min-w-0 flex-1">Only the beginning is shown.</span>
            <Button size="sm" busy={full.isFetching} onClick={() => setWhole(true)}>
              Load the whole record
            </Button>
            {full.error && <span className="text-loss">{full.error.message}</span>}
          </div>
        )}
        <DatumView
          title="Value"
          datum={shown.value}
          downloadUrl={downloadUrl(cluster, topic, record, 'value')}
        />
        <DatumView title="Key" datum={shown.key} downloadUrl={downloadUrl(cluster, topic, record, 'key')} />
        <Headers record={shown} />
        <Facts record={record} />
        <Visibility cluster={cluster} topic={topic} record={record} />
      </div>
    </aside>
  )
}

function downloadUrl(cluster: string, topic: string, record: KafkaRecord, part: 'key' | 'value'): string {
  return urlOf('GET /api/clusters/{cluster}/topics/{topic}/partitions/{partition}/records/{offset}/value', {
    params: { cluster, topic, partition: record.partition, offset: record.offset },
    query: { part },
  })
}

function DatumView({
  title,
  datum,
  downloadUrl,
}: {
  title: string
  datum: Datum
  downloadUrl: string
}): ReactNode {
  const isEmpty = datum.format === 'null' || datum.format === 'empty'
  const text = structured.includes(datum.format) && !datum.truncated ? indentJson(datum.text) : datum.text
  const shown = text.length > shownLength ? text.slice(0, shownLength) : text
  return (
    <section aria-label={title} className="flex flex-col gap-1.5">
      <div className="flex items-center gap-2">
        <h3 className="text-xs font-semibold text-muted">{title}</h3>
        <DatumFormat datum={datum} />
        <span className="flex-1" />
        {!isEmpty && (
          <a
            href={downloadUrl}
            download
            className={buttonClass('quiet', 'sm')}
            title={`Download the ${title.toLowerCase()}'s bytes`}
          >
            Download
          </a>
        )}
        {!isEmpty && <CopyButton text={text} label={`Copy ${title.toLowerCase()}`} />}
      </div>
      {isEmpty ? (
        <p className="text-xs text-faint">
          {datum.format === 'null'
            ? title === 'Value'
              ? 'null: a tombstone, which deletes this key where the topic is compacted.'
              : 'null: no key, so the producer chose the partition.'
            : 'Empty: zero bytes, not null.'}
        </p>
      ) : (
        <section
          aria-label={`${title} text`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
          className="max-h-[46vh] overflow-auto rounded-md border border-line bg-sunken px-3 py-2"
        >
          <pre className="text-xs leading-5 break-words whitespace-pre-wrap">
            {structured.includes(datum.format) ? <JsonText text={shown} /> : shown}
          </pre>
        </section>
      )}
      {shown.length < text.length && (
        <p className="text-xs text-faint">
          Shown up to {formatBytes(shownLength)} of {formatBytes(text.length)}; the download has all of it.
        </p>
      )}
    </section>
  )
}

function Headers({ record }: { record: KafkaRecord }): ReactNode {
  if (record.headers.length === 0) return null
  return (
    <section aria-label="Headers" className="flex flex-col gap-1.5">
      <h3 className="text-xs font-semibold text-muted">Headers</h3>
      <dl className="hairline-rows overflow-hidden rounded-md border border-line text-xs">
        {record.headers.map((header, index) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: a header's key may come twice; its place is its identity
            key={index}
            className="grid grid-cols-[minmax(5rem,1fr)_2fr] items-center gap-3 px-3 py-1"
          >
            <dt className="truncate font-mono text-muted">{header.key}</dt>
            <dd className="flex items-center gap-3">
              <span className="min-w-0 flex-1 font-mono break-all">
                <DatumPreview datum={header.value} />
              </span>
              <CopyButton text={header.value.text} label={`Copy header ${header.key}`} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Facts({ record }: { record: KafkaRecord }): ReactNode {
  const facts: [string, ReactNode][] = [
    [
      record.timestampType,
      `${formatTimestamp(record.timestamp)} (${formatAgo(record.timestamp, Date.now())})`,
    ],
    ['Size', `${formatBytes(record.size)} uncompressed`],
    ['Compression', record.compression],
  ]
  if (record.producerId >= 0) {
    facts.push([
      'Producer',
      `id ${record.producerId}, epoch ${record.producerEpoch}, sequence ${record.sequence}`,
    ])
  }
  return (
    <section aria-label="Facts" className="flex flex-col gap-1.5">
      <h3 className="flex items-center gap-2 text-xs font-semibold text-muted">
        Stored as {record.isTransactional && <Badge tone="warm">transactional</Badge>}
      </h3>
      <dl className="grid grid-cols-[8rem_1fr] gap-x-3 gap-y-1 text-xs">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-faint">{name}</dt>
            <dd className="break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
