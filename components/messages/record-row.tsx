import clsx from 'clsx'
import { memo, type ReactNode } from 'react'
import type { KafkaRecord } from '../../lib/contract/records.ts'
import { formatBytes } from '../format/bytes.ts'
import { keyColour } from '../format/colour.ts'
import { formatTimestamp } from '../format/time.ts'
import { PartitionMark } from '../ui/partition-mark.tsx'
import { DatumPreview } from './datum-text.tsx'

const columns =
  'md:grid md:grid-cols-[4.25rem_7rem_11.75rem_minmax(6rem,1fr)_minmax(10rem,3.2fr)_4.5rem] md:items-center md:gap-3'

/** Above the list where it has columns; each row says for itself what it is. */
export function RecordHeadings(): ReactNode {
  return (
    <div className={clsx('hidden h-8 border-b border-line px-3 text-xs text-faint', columns)} aria-hidden>
      <span>Partition</span>
      <span className="text-right">Offset</span>
      <span>Timestamp</span>
      <span>Key</span>
      <span>Value</span>
      <span className="text-right">Size</span>
    </div>
  )
}

export const RecordRow = memo(
  function RecordRow({
    record,
    index,
    startPx,
    heightPx,
    open,
    reachable,
    onOpen,
  }: {
    record: KafkaRecord
    index: number
    startPx: number
    heightPx: number
    open: boolean
    reachable: boolean
    onOpen: (record: KafkaRecord) => void
  }): ReactNode {
    return (
      <div
        role="row"
        data-row={index}
        aria-rowindex={index + 1}
        aria-selected={open}
        tabIndex={reachable ? 0 : -1}
        onClick={() => onOpen(record)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== ' ') return
          event.preventDefault()
          onOpen(record)
        }}
        style={{ height: heightPx, transform: `translateY(${startPx}px)` }}
        className={clsx(
          'absolute inset-x-0 top-0 cursor-pointer border-b border-line px-3 text-xs hover:bg-hover focus-visible:outline-offset-[-2px]',
          columns,
          open && 'bg-flow-wash hover:bg-flow-wash',
        )}
      >
        <Cells record={record} />
      </div>
    )
  },
  (before, after) =>
    before.record === after.record &&
    before.startPx === after.startPx &&
    before.heightPx === after.heightPx &&
    before.open === after.open &&
    before.reachable === after.reachable,
)

/** Six columns where there is room, two lines on a phone. */
function Cells({ record }: { record: KafkaRecord }): ReactNode {
  const key = <KeyCell record={record} />
  return (
    <>
      <div role="gridcell" className="max-md:absolute max-md:top-2 max-md:left-3">
        <PartitionMark partition={record.partition} />
      </div>
      <div role="gridcell" className="text-right font-mono max-md:absolute max-md:top-2 max-md:left-14">
        {record.offset}
      </div>
      <div
        role="gridcell"
        className="truncate font-mono text-muted max-md:absolute max-md:top-2 max-md:right-3 max-md:text-2xs"
      >
        {formatTimestamp(record.timestamp)}
      </div>
      <div
        role="gridcell"
        className="truncate font-mono max-md:absolute max-md:top-7 max-md:left-3 max-md:max-w-[32%]"
      >
        {key}
      </div>
      <div
        role="gridcell"
        className="truncate font-mono text-text max-md:absolute max-md:top-7 max-md:right-3 max-md:left-[38%]"
      >
        <DatumPreview datum={record.value} />
      </div>
      <div role="gridcell" className="truncate text-right text-faint max-md:hidden">
        {formatBytes(record.size)}
      </div>
    </>
  )
}

function KeyCell({ record }: { record: KafkaRecord }): ReactNode {
  const hasKey = record.key.format !== 'null'
  return (
    <span className="inline-flex max-w-full items-center gap-1.5">
      {hasKey && (
        <span
          aria-hidden
          className="size-2 shrink-0 rounded-[2px]"
          style={{ background: keyColour(record.key.text) }}
        />
      )}
      <span className="truncate">
        <DatumPreview datum={record.key} />
      </span>
    </span>
  )
}
