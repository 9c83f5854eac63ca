import type { ReactNode } from 'react'
import { formatCount } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'
import { isBehind } from './behind.ts'

type Lagging = { lag: number | null; lagSeconds: number | null }

/** Unread records; warm once that is more than a reader on its way. */
export function LagFigure({ lag, lagSeconds }: Lagging): ReactNode {
  return <span className={isBehind(lag, lagSeconds) ? 'font-medium text-warm' : ''}>{formatCount(lag)}</span>
}

/** The age of the oldest unread record. */
export function behindBy({ lagSeconds }: Pick<Lagging, 'lagSeconds'>): string {
  return lagSeconds === null ? '–' : formatDuration(lagSeconds * 1000)
}
