'use client'

import { Pause, Play, RotateCw, Square } from 'lucide-react'
import type { ReactNode } from 'react'
import type { SearchProgress } from '../../lib/contract/records.ts'
import { formatCompact, formatCount, formatRate, plural } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'
import { StateDot } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Figure } from '../ui/figure.tsx'
import { LiveRegion } from '../ui/live-region.tsx'
import type { Search } from './use-search.ts'
import { type Tail, tailKept } from './use-tail.ts'

function Line({ children }: { children: ReactNode }): ReactNode {
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line bg-sunken px-3 py-1 text-xs text-muted">
      {children}
    </div>
  )
}

const stateWords: Record<SearchProgress['state'], string> = {
  running: 'Searching',
  done: 'Searched all',
  stopped: 'Stopped',
  limit: 'Enough found',
  failed: 'Failed',
}

/** How far a search is, how fast, and the way to stop it. */
export function SearchLine({ search }: { search: Search }): ReactNode {
  const { progress } = search
  if (search.error) return <Line>{<span className="text-loss">{search.error}</span>}</Line>
  if (!progress) return <Line>Starting the search…</Line>
  const running = progress.state === 'running'
  const share = Math.min(1, progress.recordsScanned / Math.max(1, progress.recordsTotal))
  return (
    <Line>
      <StateDot tone={running ? 'warm' : progress.state === 'failed' ? 'loss' : 'flow'}>
        {stateWords[progress.state]}
      </StateDot>
      <progress
        className="h-1.5 w-36 appearance-none overflow-hidden rounded-full bg-line [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-flow-bright"
        value={progress.state === 'done' ? 1 : share}
        aria-label="Searched"
      />
      <Figure width={6} unit="hits">
        {formatCount(progress.hits)}
      </Figure>
      <span>
        {formatCompact(progress.recordsScanned)} of {formatCompact(progress.recordsTotal)} records
      </span>
      <Figure width={5} unit="records/s">
        {formatRate(progress.recordsPerSecond)}
      </Figure>
      <span className="text-faint">{formatDuration(progress.elapsedMs)}</span>
      {progress.errors > 0 && (
        <span className="text-warm" title={progress.firstError ?? undefined}>
          {plural(progress.errors, 'record')} on which the expression failed: {progress.firstError}
        </span>
      )}
      <span className="flex-1" />
      {running ? (
        <Button size="sm" onClick={search.stop}>
          <Square aria-hidden className="size-3" />
          Stop
        </Button>
      ) : (
        <Button size="sm" tone="quiet" onClick={search.again}>
          <RotateCw aria-hidden className="size-3" />
          Search again
        </Button>
      )}
      <LiveRegion text={`${stateWords[progress.state]}, ${plural(progress.hits, 'hit')}`} />
    </Line>
  )
}

/** Whether the tail flows, what came and what was left out. */
export function TailLine({ tail }: { tail: Tail }): ReactNode {
  if (tail.error) return <Line>{<span className="text-loss">{tail.error}</span>}</Line>
  return (
    <Line>
      <StateDot tone={tail.paused ? 'neutral' : 'flow'}>{tail.paused ? 'Paused' : 'Live'}</StateDot>
      <Figure width={6} unit="records since you opened this">
        {formatCount(tail.seen)}
      </Figure>
      {tail.skipped > 0 && (
        <span className="text-warm">
          {formatCount(tail.skipped)} not shown: more arrived than a person can read
        </span>
      )}
      {tail.records.length >= tailKept && (
        <span className="text-faint">newest {formatCount(tailKept)} kept</span>
      )}
      <span className="flex-1" />
      <Button size="sm" tone="quiet" onClick={tail.clear} disabled={tail.records.length === 0}>
        Clear
      </Button>
      <Button size="sm" onClick={tail.paused ? tail.resume : tail.pause}>
        {tail.paused ? <Play aria-hidden className="size-3" /> : <Pause aria-hidden className="size-3" />}
        {tail.paused ? 'Resume' : 'Pause'}
      </Button>
      <LiveRegion text={tail.paused ? 'Tail paused' : `${plural(tail.seen, 'record')} arrived`} />
    </Line>
  )
}

/** What the pages that were read say of themselves. */
export function BrowseLine({
  notes,
  loaded,
  fresh,
  onFresh,
}: {
  notes: readonly string[]
  loaded: number
  /** Records that came after the first page was read. */
  fresh: number
  onFresh: () => void
}): ReactNode {
  if (notes.length === 0 && fresh === 0) return null
  return (
    <Line>
      {notes.map((note) => (
        <span key={note}>{note}</span>
      ))}
      <span className="flex-1" />
      {fresh > 0 && (
        <Button size="sm" onClick={onFresh}>
          Show {plural(fresh, 'new record')}
        </Button>
      )}
      <LiveRegion text={`${plural(loaded, 'record')} shown, ${plural(fresh, 'new record')}`} />
    </Line>
  )
}
