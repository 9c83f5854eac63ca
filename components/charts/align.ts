import type { Point } from '../../lib/contract/figures.ts'

/** Several histories on one time axis: `[seconds, first, second, …]`, null where one has no point. */
export type Aligned = [number[], ...(number | null)[][]]

/** Joins histories by time, ascending. Times are turned into seconds, as uPlot wants them. */
export function alignPoints(histories: readonly (readonly Point[])[]): Aligned {
  const times = new Set<number>()
  for (const history of histories) for (const [at] of history) times.add(at)
  const axis = [...times].sort((a, b) => a - b)
  const position = new Map(axis.map((at, index) => [at, index]))
  const columns = histories.map((history) => {
    const column = new Array<number | null>(axis.length).fill(null)
    for (const [at, value] of history) column[position.get(at)!] = value
    return column
  })
  return [axis.map((at) => at / 1000), ...columns]
}

export type Extent = { last: number | null; highest: number | null; highestAt: number | null }

/** What a history says in words: its last value, its highest one and when that was. */
export function extentOf(points: readonly Point[]): Extent {
  let highest: number | null = null
  let highestAt: number | null = null
  for (const [at, value] of points) {
    if (value !== null && (highest === null || value > highest)) {
      highest = value
      highestAt = at
    }
  }
  return { last: points.at(-1)?.[1] ?? null, highest, highestAt }
}

/** At most `limit` points, evenly chosen, the last one among them: for the table beside a chart. */
export function thin(points: readonly Point[], limit: number): Point[] {
  if (points.length <= limit) return [...points]
  const step = (points.length - 1) / (limit - 1)
  return Array.from({ length: limit }, (_, index) => points[Math.round(index * step)]!)
}
