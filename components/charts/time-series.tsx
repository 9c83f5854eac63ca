'use client'

import clsx from 'clsx'
import { useTheme } from 'next-themes'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import type uPlot from 'uplot'
import type { Point } from '../../lib/contract/figures.ts'
import { formatClock } from '../format/time.ts'
import { type Aligned, alignPoints, extentOf, thin } from './align.ts'

export type Series = { label: string; colour: string; points: readonly Point[]; fill?: boolean }

function summaryOf(label: string, series: readonly Series[], format: (value: number) => string): string {
  const words = series.map((one) => {
    const { last, highest, highestAt } = extentOf(one.points)
    if (highest === null || highestAt === null) return `${one.label}: no figures yet`
    const now = last === null ? 'unknown now' : `now ${format(last)}`
    return `${one.label}: ${now}, highest ${format(highest)} at ${formatClock(highestAt)}`
  })
  return `${label}. ${words.join('; ')}.`
}

/** Loads uPlot with the first chart, draws it, and redraws it for another theme, width or set of series. */
function usePlot(
  series: readonly Series[],
  data: Aligned,
  format: (value: number) => string,
  height: number,
  binary: boolean,
  onCursor: (index: number | null) => void,
): React.RefObject<HTMLDivElement | null> {
  const root = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const latest = useRef({ data, format })
  latest.current = { data, format }
  const { resolvedTheme } = useTheme()
  const shape = JSON.stringify(series.map(({ label, colour, fill }) => ({ label, colour, fill })))
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what the CSS variables say
  useEffect(() => {
    const element = root.current
    if (!element) return
    let gone = false
    const observer = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }))
    void import('./plot.ts').then(({ drawPlot }) => {
      if (gone) return
      plot.current = drawPlot(
        element,
        {
          width: element.clientWidth,
          height,
          series: JSON.parse(shape),
          format: (value) => latest.current.format(value),
          binary,
          onCursor,
        },
        latest.current.data,
      )
      observer.observe(element)
    })
    return () => {
      gone = true
      observer.disconnect()
      plot.current?.destroy()
      plot.current = null
    }
  }, [shape, height, binary, onCursor, resolvedTheme])
  useEffect(() => plot.current?.setData(data as uPlot.AlignedData), [data])
  return root
}

function Legend({
  series,
  data,
  cursor,
  format,
}: {
  series: readonly Series[]
  data: Aligned
  cursor: number | null
  format: (value: number) => string
}): ReactNode {
  const at = cursor ?? data[0].length - 1
  const time = data[0][at]
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 pt-3 text-xs">
      {series.map((one, index) => {
        const value = data[index + 1]?.[at] as number | null | undefined
        return (
          <span key={one.label} className="inline-flex items-center gap-1.5 text-muted">
            <span aria-hidden className="h-0.5 w-3 rounded-full" style={{ background: one.colour }} />
            {one.label}
            <span className="min-w-[6ch] font-medium text-text tabular-nums">
              {value === null || value === undefined ? '–' : format(value)}
            </span>
          </span>
        )
      })}
      <span className={clsx('ml-auto text-faint tabular-nums', cursor === null && 'invisible')}>
        {time === undefined ? '' : formatClock(time * 1000)}
      </span>
    </div>
  )
}

function Twin({
  label,
  series,
  format,
}: {
  label: string
  series: readonly Series[]
  format: (value: number) => string
}): ReactNode {
  const [open, setOpen] = useState(false)
  const rows = open ? thin(series[0]?.points ?? [], 16).toReversed() : []
  return (
    <details className="border-t border-line text-xs" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="px-4 py-1.5 text-faint hover:text-text">As a table</summary>
      {open && (
        <div className="max-h-64 overflow-y-auto px-4 pb-3">
          <table className="w-full text-left tabular-nums">
            <caption className="sr-only">{label}</caption>
            <thead className="text-faint">
              <tr>
                <th scope="col" className="py-1 font-medium">
                  Time
                </th>
                {series.map((one) => (
                  <th key={one.label} scope="col" className="py-1 text-right font-medium">
                    {one.label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(([at]) => (
                <tr key={at} className="border-t border-line">
                  <th scope="row" className="py-1 font-normal text-muted">
                    {formatClock(at)}
                  </th>
                  {series.map((one) => {
                    const value = one.points.find((point) => point[0] === at)?.[1]
                    return (
                      <td key={one.label} className="py-1 text-right">
                        {value === null || value === undefined ? '–' : format(value)}
                      </td>
                    )
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  )
}

/** Histories over time on one axis from zero, with a legend that reads the pointer and a table as its text twin. */
export function TimeSeries({
  label,
  series,
  format,
  height = 168,
  binary = false,
}: {
  label: string
  series: readonly Series[]
  format: (value: number) => string
  height?: number
  /** Bytes: the axis steps by powers of two. */
  binary?: boolean
}): ReactNode {
  const [cursor, setCursor] = useState<number | null>(null)
  const data = useMemo(() => alignPoints(series.map((one) => one.points)), [series])
  const root = usePlot(series, data, format, height, binary, setCursor)
  return (
    <div className="flex min-w-0 flex-col">
      <Legend series={series} data={data} cursor={cursor} format={format} />
      <div className="relative pt-1 pr-1 pb-2">
        <div
          ref={root}
          role="img"
          aria-label={summaryOf(label, series, format)}
          style={{ height }}
          className="w-full"
        />
        {data[0].length === 0 && (
          <p className="pointer-events-none absolute inset-0 flex items-center justify-center text-xs text-faint">
            Nothing measured yet
          </p>
        )}
      </div>
      <Twin label={label} series={series} format={format} />
    </div>
  )
}
