import clsx from 'clsx'
import { ArrowDownRight, ArrowRight, ArrowUpRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { formatRate } from '../format/count.ts'

const steadyBelow = 1
/** `align-top`: the arrow has no baseline, and words beside it would stand higher than their neighbours. */
const line = 'inline-flex items-center gap-1 align-top'

/** How the lag changes: growing, shrinking or still, by how many records a second. */
export function Trend({ perSecond }: { perSecond: number | null }): ReactNode {
  if (perSecond === null) return <span className="text-faint">–</span>
  if (Math.abs(perSecond) < steadyBelow)
    return (
      <span className={clsx(line, 'text-faint')}>
        <ArrowRight aria-hidden className="size-3.5" />
        steady
      </span>
    )
  const grows = perSecond > 0
  const Arrow = grows ? ArrowUpRight : ArrowDownRight
  return (
    <span className={clsx(line, grows ? 'text-warm' : 'text-flow')}>
      <Arrow aria-hidden className="size-3.5" />
      <span className="sr-only">{grows ? 'growing by' : 'shrinking by'}</span>
      {formatRate(Math.abs(perSecond))}/s
    </span>
  )
}
