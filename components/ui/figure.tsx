import clsx from 'clsx'
import type { ReactNode } from 'react'

/** A live figure that never changes its width: `width` is in digits. */
export function Figure({
  children,
  width,
  unit,
  className,
}: {
  children: ReactNode
  width: number
  unit?: string
  className?: string
}): ReactNode {
  return (
    <span
      className={clsx(
        'inline-flex items-baseline justify-end gap-1 whitespace-nowrap tabular-nums',
        className,
      )}
    >
      <span className="inline-block text-right" style={{ minWidth: `${width}ch` }}>
        {children}
      </span>
      {unit && <span className="text-faint">{unit}</span>}
    </span>
  )
}

/** A label with a large figure under it, and room for a drawing at its side. */
export function Stat({
  label,
  value,
  unit,
  note,
  tone = 'plain',
  drawing,
}: {
  label: ReactNode
  value: ReactNode
  unit?: string | undefined
  note?: ReactNode
  tone?: 'plain' | 'warm' | 'loss'
  drawing?: ReactNode
}): ReactNode {
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-1 px-4 py-3">
      <dt className="eyebrow whitespace-nowrap">{label}</dt>
      <dd className="flex items-end justify-between gap-3">
        <span className="min-w-0">
          <span
            className={clsx(
              'text-xl leading-7 font-semibold tracking-tight whitespace-nowrap tabular-nums',
              tone === 'warm' && 'text-warm',
              tone === 'loss' && 'text-loss',
            )}
          >
            {value}
            {unit && <span className="ml-1 text-xs font-normal tracking-normal text-faint">{unit}</span>}
          </span>
          <span className="block min-h-4 text-xs text-faint sm:truncate">{note}</span>
        </span>
        {drawing}
      </dd>
    </div>
  )
}

/** A row of figures, hairlines between; two in a row on a phone. */
export function StatRow({ children }: { children: ReactNode }): ReactNode {
  return (
    <dl className="grid grid-cols-2 overflow-hidden rounded-lg border border-line bg-line [&>*]:bg-panel max-sm:[&>*:last-child:nth-child(odd)]:col-span-2 gap-px sm:grid-cols-[repeat(auto-fit,minmax(9.5rem,1fr))]">
      {children}
    </dl>
  )
}
