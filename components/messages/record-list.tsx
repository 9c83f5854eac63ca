'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import clsx from 'clsx'
import { type KeyboardEvent, memo, type ReactNode, useEffect, useRef } from 'react'
import type { KafkaRecord } from '../../lib/contract/records.ts'
import { formatBytes } from '../format/bytes.ts'
import { keyColour } from '../format/colour.ts'
import { formatTimestamp } from '../format/time.ts'
import { PartitionMark } from '../ui/partition-mark.tsx'
import { DatumPreview } from './datum-text.tsx'
import { recordId } from './messages-view.ts'

const rowHeightPx = 30
const narrowRowHeightPx = 52
const columns =
  'md:grid md:grid-cols-[4.25rem_7rem_11.75rem_minmax(6rem,1fr)_minmax(10rem,3.2fr)_4.5rem] md:items-center md:gap-3'

/**
 * Records one a line, drawn only where they are seen. Arrow keys, Page Up and Down, Home and End move; Enter opens.
 * `onEnd` is called when the end comes into sight.
 */
export function RecordList({
  records,
  openId,
  onOpen,
  onEnd,
  footer,
  narrow,
}: {
  records: readonly KafkaRecord[]
  openId: string | null
  onOpen: (record: KafkaRecord) => void
  onEnd?: () => void
  footer?: ReactNode
  narrow: boolean
}): ReactNode {
  const scroller = useRef<HTMLDivElement>(null)
  const active = useRef(0)
  const virtual = useVirtualizer({
    count: records.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? narrowRowHeightPx : rowHeightPx),
    overscan: 6,
    getItemKey: (index) => recordId(records[index]!),
  })
  const rows = virtual.getVirtualItems()
  const lastSeen = rows.at(-1)?.index ?? 0
  useEffect(() => {
    if (records.length > 0 && lastSeen >= records.length - 20) onEnd?.()
  }, [lastSeen, records.length, onEnd])
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are measured anew when their height changes
  useEffect(() => virtual.measure(), [narrow])

  function move(event: KeyboardEvent): void {
    const perPage = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / rowHeightPx) - 1)
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: perPage,
      PageUp: -perPage,
      Home: -records.length,
      End: records.length,
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    active.current = Math.min(Math.max(0, active.current + step), records.length - 1)
    virtual.scrollToIndex(active.current)
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-row="${active.current}"]`)?.focus(),
    )
  }

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className={clsx('hidden h-8 border-b border-line px-3 text-xs text-faint', columns)} aria-hidden>
        <span>Partition</span>
        <span className="text-right">Offset</span>
        <span>Timestamp</span>
        <span>Key</span>
        <span>Value</span>
        <span className="text-right">Size</span>
      </div>
      <div
        ref={scroller}
        role="grid"
        aria-label="Records"
        aria-rowcount={records.length}
        tabIndex={records.length === 0 ? 0 : -1}
        onKeyDown={move}
        className="scroll-shade min-h-0 flex-1 overflow-y-auto"
      >
        <div className="relative" style={{ height: virtual.getTotalSize() }} role="rowgroup">
          {rows.map((row) => {
            const record = records[row.index]!
            return (
              <RecordRow
                key={row.key}
                record={record}
                index={row.index}
                startPx={row.start}
                heightPx={row.size}
                open={openId === recordId(record)}
                reachable={row.index === Math.min(active.current, records.length - 1)}
                onOpen={(opened) => {
                  active.current = row.index
                  onOpen(opened)
                }}
              />
            )
          })}
        </div>
        {footer}
      </div>
    </div>
  )
}

const RecordRow = memo(
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
