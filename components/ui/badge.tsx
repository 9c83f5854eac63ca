import clsx from 'clsx'
import type { ReactNode } from 'react'

export type BadgeTone = 'neutral' | 'flow' | 'warm' | 'loss'

const tones: Record<BadgeTone, string> = {
  neutral: 'border-line text-muted bg-sunken',
  flow: 'border-transparent text-flow bg-flow-wash',
  warm: 'border-transparent text-warm bg-warm-wash',
  loss: 'border-transparent text-loss bg-loss-wash',
}

/** A word about a state. Never colour alone: the word says it. */
export function Badge({
  tone = 'neutral',
  title,
  children,
}: {
  tone?: BadgeTone
  title?: string
  children: ReactNode
}): ReactNode {
  return (
    <span
      title={title}
      className={clsx(
        'inline-flex h-5 shrink-0 items-center gap-1 rounded-sm border px-1.5 text-2xs font-medium whitespace-nowrap',
        tones[tone],
      )}
    >
      {children}
    </span>
  )
}

/** A dot with its state as a word beside it. */
export function StateDot({ tone, children }: { tone: BadgeTone; children: ReactNode }): ReactNode {
  return (
    <span className="inline-flex items-center gap-1.5 align-top whitespace-nowrap">
      <span
        aria-hidden
        className={clsx(
          'size-1.5 rounded-full',
          tone === 'neutral' && 'bg-faint',
          tone === 'flow' && 'bg-flow-bright',
          tone === 'warm' && 'bg-warm-mark',
          tone === 'loss' && 'bg-loss',
        )}
      />
      {children}
    </span>
  )
}

/** Whether a figure is the broker's own (exact) or worked out over the protocol (estimate). */
export function Fidelity({ exact }: { exact: boolean }): ReactNode {
  return exact ? (
    <Badge tone="flow" title="Told by the broker itself">
      exact
    </Badge>
  ) : (
    <Badge title="Worked out over the Kafka protocol; transaction markers and compaction may blur it">
      estimate
    </Badge>
  )
}
