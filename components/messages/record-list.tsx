'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef } from 'react'
import type { KafkaRecord } from '../../lib/contract/records.ts'
import { recordId } from './messages-view.ts'
import { RecordHeadings, RecordRow } from './record-row.tsx'

const rowHeightPx = 30
const narrowRowHeightPx = 52

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
  const virtual = useVirtualizer({
    count: records.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? narrowRowHeightPx : rowHeightPx),
    overscan: 6,
    getItemKey: (index) => recordId(records[index]!),
  })
  const { active, onKeyDown } = useRowKeys(scroller, records.length, virtual.scrollToIndex)
  const rows = virtual.getVirtualItems()
  const lastSeen = rows.at(-1)?.index ?? 0
  useEffect(() => {
    if (records.length > 0 && lastSeen >= records.length - 20) onEnd?.()
  }, [lastSeen, records.length, onEnd])
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are measured anew when their height changes
  useEffect(() => virtual.measure(), [narrow])

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <RecordHeadings />
      <div
        ref={scroller}
        role="grid"
        aria-label="Records"
        aria-rowcount={records.length}
        tabIndex={records.length === 0 ? 0 : -1}
        onKeyDown={onKeyDown}
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

/** Which row the keyboard is on, and the keys that move it. */
function useRowKeys(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  scrollTo: (index: number) => void,
): { active: RefObject<number>; onKeyDown: (event: KeyboardEvent) => void } {
  const active = useRef(0)
  function onKeyDown(event: KeyboardEvent): void {
    const perPage = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / rowHeightPx) - 1)
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: perPage,
      PageUp: -perPage,
      Home: -count,
      End: count,
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    active.current = Math.min(Math.max(0, active.current + step), count - 1)
    scrollTo(active.current)
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-row="${active.current}"]`)?.focus(),
    )
  }
  return { active, onKeyDown }
}
