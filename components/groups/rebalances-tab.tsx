'use client'

import clsx from 'clsx'
import type { ReactNode } from 'react'
import type { RebalanceStep } from '../../lib/contract/groups.ts'
import { useRebalances } from '../../lib/queries/groups.ts'
import { formatDuration, formatTimestamp } from '../format/time.ts'
import { Badge, Fidelity } from '../ui/badge.tsx'
import { Panel } from '../ui/panel.tsx'
import { Empty, Pending } from '../ui/states.tsx'

const words: Record<RebalanceStep['kind'], string> = {
  joined: 'joined',
  left: 'left',
  expired: 'expired',
  fenced: 'fenced',
  rebalanceStarted: 'rebalance',
  assignmentComputed: 'assignment',
  synced: 'synced',
  revoking: 'revoking',
  assigned: 'assigned',
  stateChanged: 'state',
}

const tones: Partial<Record<RebalanceStep['kind'], 'flow' | 'warm' | 'loss'>> = {
  joined: 'flow',
  assigned: 'flow',
  synced: 'flow',
  left: 'warm',
  rebalanceStarted: 'warm',
  revoking: 'warm',
  expired: 'loss',
  fenced: 'loss',
}

type Rebalance = { startedAt: number; endedAt: number | null; steps: RebalanceStep[] }

/** Steps that finish a rebalance; the coordinator tells of them just after the group is stable again. */
const closing: readonly RebalanceStep['kind'][] = ['synced', 'assigned', 'assignmentComputed']

/** Cuts the timeline into rebalances: each from what disturbed the group to its being at rest again. */
export function rebalancesOf(steps: readonly RebalanceStep[]): Rebalance[] {
  const rebalances: Rebalance[] = []
  for (const step of steps) {
    const last = rebalances.at(-1)
    const rebalance =
      last && (last.endedAt === null || closing.includes(step.kind))
        ? last
        : { startedAt: step.at, endedAt: null, steps: [] }
    if (rebalance !== last) rebalances.push(rebalance)
    rebalance.steps.push(step)
    if (step.state === 'Stable' || step.state === 'Empty' || step.state === 'Dead')
      rebalance.endedAt = step.at
    else if (rebalance.endedAt !== null) rebalance.endedAt = step.at
  }
  return rebalances
}

function Step({ step, startedAt }: { step: RebalanceStep; startedAt: number }): ReactNode {
  return (
    <li className="grid grid-cols-[4.5rem_6.5rem_minmax(0,1fr)] items-baseline gap-x-3 gap-y-1 max-md:grid-cols-[3.5rem_minmax(0,1fr)] px-4 py-1 text-sm">
      <span className="text-right text-xs text-faint tabular-nums">
        +{formatDuration(step.at - startedAt)}
      </span>
      <span>
        <Badge tone={tones[step.kind] ?? 'neutral'}>{words[step.kind]}</Badge>
      </span>
      <span className="min-w-0 break-words max-md:col-start-2">
        {step.text}
        {step.assignment && step.assignment.length > 0 && (
          <span className="block text-xs text-muted">
            {step.assignment.map((entry) => `${entry.topic}: ${entry.partitions.join(', ')}`).join('; ')}
          </span>
        )}
      </span>
    </li>
  )
}

/** Steps as ticks on a line from start to end, so that the slow part is seen. */
function Line({ rebalance }: { rebalance: Rebalance }): ReactNode {
  const last = rebalance.steps.at(-1)!.at
  const span = Math.max(1, last - rebalance.startedAt)
  return (
    <div aria-hidden className="relative mx-4 my-3 h-3">
      <span className="absolute inset-x-0 top-1/2 h-px bg-line-strong" />
      {rebalance.steps.map((step, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: steps never change their place
          key={index}
          className={clsx(
            'absolute top-0 h-3 w-0.5',
            { flow: 'bg-flow-bright', warm: 'bg-warm-mark', loss: 'bg-loss', none: 'bg-faint' }[
              tones[step.kind] ?? 'none'
            ],
          )}
          style={{ left: `${((step.at - rebalance.startedAt) / span) * 100}%` }}
        />
      ))}
    </div>
  )
}

function RebalancePanel({ rebalance, exact }: { rebalance: Rebalance; exact: boolean }): ReactNode {
  return (
    <Panel
      flush
      title={<span className="font-mono text-xs">{formatTimestamp(rebalance.startedAt)}</span>}
      aside={
        <>
          {rebalance.endedAt === null ? (
            <Badge tone="warm">under way</Badge>
          ) : (
            <span>
              took{' '}
              <span className="font-medium text-text tabular-nums">
                {formatDuration(rebalance.endedAt - rebalance.startedAt)}
              </span>
            </span>
          )}
          <Fidelity exact={exact} />
        </>
      }
    >
      <Line rebalance={rebalance} />
      <ol className="pb-2">
        {rebalance.steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps never change their place
          <Step key={index} step={step} startedAt={rebalance.startedAt} />
        ))}
      </ol>
    </Panel>
  )
}

/** What the coordinator did, rebalance by rebalance, newest first. */
export function RebalancesTab({ cluster, group }: { cluster: string; group: string }): ReactNode {
  const { data, error, refetch } = useRebalances(cluster, group)
  if (!data) return <Pending what="rebalances" error={error} onRetry={() => void refetch()} />
  const rebalances = rebalancesOf(data.steps).reverse()
  if (rebalances.length === 0)
    return (
      <Empty title="No rebalance seen">
        Members joining or leaving show here, step by step, from when the dashboard started.
      </Empty>
    )
  return (
    <div className="flex flex-col gap-4">
      {rebalances.map((rebalance) => (
        <RebalancePanel key={rebalance.startedAt} rebalance={rebalance} exact={data.precision === 'exact'} />
      ))}
    </div>
  )
}
