import uPlot from 'uplot'
import { formatClock } from '../format/time.ts'
import type { Aligned } from './align.ts'

export type PlotSeries = { label: string; colour: string; fill?: boolean }

export type PlotOptions = {
  width: number
  height: number
  series: readonly PlotSeries[]
  format: (value: number) => string
  /** Bytes: the axis steps by powers of two, so that its labels are round. */
  binary: boolean
  /** Called with the index under the pointer, null when it leaves. */
  onCursor: (index: number | null) => void
}

/** Canvas knows no CSS variables, so they are read from the element that the chart stands in. */
function resolve(root: Element, colour: string): string {
  const name = /^var\((--[\w-]+)\)$/.exec(colour)?.[1]
  return name ? getComputedStyle(root).getPropertyValue(name).trim() : colour
}

const binaryIncrements = Array.from({ length: 50 }, (_, power) => 2 ** power)

function clockLabels(_: uPlot, splits: number[], _axis: number, _space: number, increment: number): string[] {
  return splits.map((at) => formatClock(at * 1000).slice(0, increment < 60 ? 8 : 5))
}

/** Draws a time series; the caller keeps the instance, feeds it and destroys it. */
export function drawPlot(root: HTMLElement, options: PlotOptions, data: Aligned): uPlot {
  const line = resolve(root, 'var(--line)')
  const faint = resolve(root, 'var(--faint)')
  const font = '11px "Inter Variable", sans-serif'
  const axis = {
    stroke: faint,
    font,
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
  }
  return new uPlot(
    {
      width: options.width,
      height: options.height,
      padding: [8, 28, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
      scales: { x: { time: true }, y: { range: (_, __, highest) => [0, highest > 0 ? highest * 1.08 : 1] } },
      axes: [
        { ...axis, size: 24, gap: 6, space: 72, values: clockLabels, grid: { show: false } },
        {
          ...axis,
          size: 68,
          gap: 8,
          space: 32,
          ...(options.binary ? { incrs: binaryIncrements } : {}),
          values: (_, splits) => splits.map((value) => options.format(value)),
        },
      ],
      series: [
        {},
        ...options.series.map((series) => {
          const stroke = resolve(root, series.colour)
          return {
            label: series.label,
            stroke,
            width: 1.5,
            points: { show: false },
            ...(series.fill ? { fill: translucent(stroke) } : {}),
          }
        }),
      ],
      hooks: { setCursor: [(plot) => options.onCursor(plot.cursor.idx ?? null)] },
    },
    data as uPlot.AlignedData,
    root,
  )
}

function translucent(colour: string): string {
  return `color-mix(in oklch, ${colour} 14%, transparent)`
}
