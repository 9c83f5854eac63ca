'use client'

import { useWindowVirtualizer } from '@tanstack/react-virtual'
import clsx from 'clsx'
import { ArrowDown, ArrowUp } from 'lucide-react'
import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'

export type Column<Row> = {
  id: string
  header: string
  /** The header is there for screen readers only. */
  quietHeader?: boolean
  /** CSS grid track: `minmax(0,1fr)`, `6rem`. */
  width: string
  /** Another track on phones. */
  phoneWidth?: string
  cell: (row: Row) => ReactNode
  align?: 'left' | 'right'
  /** Makes the header a button. */
  sortable?: boolean
  /** Left out on phones. */
  wideOnly?: boolean
}

export type Sort = { column: string; descending: boolean }

const rowHeight = 36
const phoneRowHeight = 44

function tracks<Row>(columns: readonly Column<Row>[]): CSSProperties {
  return {
    '--tracks': columns.map((column) => column.width).join(' '),
    '--phone-tracks': columns
      .filter((column) => !column.wideOnly)
      .map((column) => column.phoneWidth ?? column.width)
      .join(' '),
  } as CSSProperties
}

const grid =
  'grid items-center gap-x-4 px-4 [grid-template-columns:var(--tracks)] max-md:gap-x-3 max-md:[grid-template-columns:var(--phone-tracks)]'

/** `before`: figures end where the words after them begin; those stand off a little. */
function cellClass<Row>(column: Column<Row>, before: Column<Row> | undefined): string {
  return clsx(
    'min-w-0 truncate',
    column.align === 'right' && 'text-right tabular-nums',
    column.wideOnly && 'max-md:hidden',
    column.align !== 'right' && before?.align === 'right' && 'md:pl-3',
  )
}

function HeaderCell<Row>({
  column,
  before,
  sort,
  onSort,
}: {
  column: Column<Row>
  before: Column<Row> | undefined
  sort: Sort | undefined
  onSort: ((sort: Sort) => void) | undefined
}): ReactNode {
  const sorted = sort?.column === column.id
  const Arrow = sort?.descending ? ArrowDown : ArrowUp
  return (
    <div
      role="columnheader"
      aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : undefined}
      className={cellClass(column, before)}
    >
      {column.sortable && onSort ? (
        <button
          type="button"
          onClick={() =>
            onSort({ column: column.id, descending: sorted ? !sort.descending : column.align === 'right' })
          }
          className={clsx(
            'inline-flex h-8 items-center gap-1 font-medium hover:text-text',
            column.align === 'right' && 'flex-row-reverse',
            sorted ? 'text-text' : 'text-faint',
          )}
        >
          {column.header}
          <Arrow aria-hidden className={clsx('size-3', !sorted && 'invisible')} />
        </button>
      ) : (
        <span className={column.quietHeader ? 'sr-only' : 'font-medium text-faint'}>{column.header}</span>
      )}
    </div>
  )
}

function Headings<Row>({
  columns,
  sort,
  onSort,
}: {
  columns: readonly Column<Row>[]
  sort: Sort | undefined
  onSort: ((sort: Sort) => void) | undefined
}): ReactNode {
  return (
    <div
      role="rowgroup"
      className="sticky top-0 z-10 rounded-t-lg border-b border-line bg-panel max-md:top-12"
    >
      <div role="row" aria-rowindex={1} className={clsx(grid, 'h-9 text-xs')}>
        {columns.map((column, at) => (
          <HeaderCell key={column.id} column={column} before={columns[at - 1]} sort={sort} onSort={onSort} />
        ))}
      </div>
    </div>
  )
}

/** Arrow keys move between the rows' first links, so that a long list needs no long tabbing. */
function moveBetweenRows(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]')
  const next = event.key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling
  const link = next?.querySelector<HTMLElement>('a, button')
  if (!link) return
  event.preventDefault()
  link.focus()
  next?.scrollIntoView({ block: 'nearest' })
}

/** Where the rows begin on the page, which moves when something above them does, and whether it is a phone's. */
function usePlace(ref: RefObject<HTMLElement | null>): { scrollMargin: number; phone: boolean } {
  const [scrollMargin, setScrollMargin] = useState(0)
  const [phone, setPhone] = useState(false)
  useLayoutEffect(() => {
    const media = window.matchMedia('(max-width: 767px)')
    const measure = () => {
      setPhone(media.matches)
      setScrollMargin((ref.current?.getBoundingClientRect().top ?? 0) + window.scrollY)
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [ref])
  return { scrollMargin, phone }
}

/**
 * A table that draws only the rows on the screen and scrolls with the page: ten thousand rows cost as much as forty.
 * Columns are grid tracks; those marked `wideOnly` are not there on phones.
 */
export function DataTable<Row>({
  label,
  columns,
  rows,
  rowKey,
  sort,
  onSort,
  empty,
  className,
}: {
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string | number
  sort?: Sort
  onSort?: (sort: Sort) => void
  empty?: ReactNode
  className?: string
}): ReactNode {
  const ref = useRef<HTMLDivElement>(null)
  const { scrollMargin, phone } = usePlace(ref)
  const height = phone ? phoneRowHeight : rowHeight
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => height,
    overscan: 12,
    scrollMargin,
    initialRect: { width: 1440, height: 900 },
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height must be measured anew
  useLayoutEffect(() => virtualizer.measure(), [height, virtualizer])
  return (
    <div
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      style={tracks(columns)}
      className={clsx('text-sm', className)}
    >
      <Headings columns={columns} sort={sort} onSort={onSort} />
      {rows.length === 0 && empty}
      <div
        role="rowgroup"
        ref={ref}
        onKeyDown={moveBetweenRows}
        className="relative"
        style={{ height: rows.length === 0 ? 0 : virtualizer.getTotalSize() }}
      >
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index]
          if (row === undefined) return null
          return (
            <DataRow
              key={rowKey(row)}
              columns={columns}
              row={row}
              index={item.index}
              style={{ height: item.size, transform: `translateY(${item.start - scrollMargin}px)` }}
            />
          )
        })}
      </div>
    </div>
  )
}

function DataRow<Row>({
  columns,
  row,
  index,
  style,
}: {
  columns: readonly Column<Row>[]
  row: Row
  index: number
  style: CSSProperties
}): ReactNode {
  return (
    <div
      role="row"
      data-row
      aria-rowindex={index + 2}
      className={clsx(grid, 'absolute inset-x-0 top-0 hover:bg-hover', index > 0 && 'border-t border-line')}
      style={style}
    >
      {columns.map((column, at) => (
        <div key={column.id} role="cell" className={cellClass(column, columns[at - 1])}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  )
}
