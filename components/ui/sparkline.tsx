import type { ReactNode } from 'react'
import type { Point } from '../../lib/contract/figures.ts'

function pathOf(points: readonly Point[], width: number, height: number): string {
  const first = points[0]?.[0] ?? 0
  const span = Math.max(1, (points.at(-1)?.[0] ?? 1) - first)
  const top = Math.max(1e-9, ...points.map((point) => point[1] ?? 0))
  let path = ''
  let drawing = false
  for (const [at, value] of points) {
    if (value === null) {
      drawing = false
      continue
    }
    const x = ((at - first) / span) * width
    const y = height - 1 - (value / top) * (height - 2)
    path += `${drawing ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`
    drawing = true
  }
  return path
}

/** A small trend line without axes. The figure beside it is its text twin, so it is hidden from screen readers. */
export function Sparkline({
  points,
  width = 96,
  height = 28,
  colour = 'var(--flow-bright)',
}: {
  points: readonly Point[]
  width?: number
  height?: number
  colour?: string
}): ReactNode {
  return (
    <svg
      aria-hidden
      width={width}
      height={height}
      className="shrink-0 overflow-visible"
      viewBox={`0 0 ${width} ${height}`}
    >
      <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} stroke="var(--line)" />
      {points.length > 1 && (
        <path
          d={pathOf(points, width, height)}
          fill="none"
          stroke={colour}
          strokeWidth="1.25"
          strokeLinejoin="round"
        />
      )}
    </svg>
  )
}
