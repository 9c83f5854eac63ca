import clsx from 'clsx'
import type { ReactNode } from 'react'

/** A titled area with a hairline around it. */
export function Panel({
  title,
  aside,
  children,
  className,
  flush = false,
}: {
  title?: ReactNode
  aside?: ReactNode
  children: ReactNode
  className?: string
  /** Without inner padding: for tables and charts that reach the edge. */
  flush?: boolean
}): ReactNode {
  return (
    <section className={clsx('flex min-w-0 flex-col rounded-lg border border-line bg-panel', className)}>
      {(title || aside) && (
        <header className="flex min-h-10 flex-wrap items-center justify-between gap-x-3 gap-y-1 border-b border-line px-4 py-1.5">
          {title && <h2 className="text-sm font-semibold">{title}</h2>}
          {aside && (
            <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted tabular-nums [&>span]:whitespace-nowrap">
              {aside}
            </div>
          )}
        </header>
      )}
      <div className={clsx('min-w-0 flex-1', !flush && 'p-4')}>{children}</div>
    </section>
  )
}

/** The head of a page: where one is, its one-line state and what can be done. */
export function PageHead({
  title,
  above,
  meta,
  actions,
}: {
  title: ReactNode
  above?: ReactNode
  meta?: ReactNode
  actions?: ReactNode
}): ReactNode {
  return (
    <header className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-4 gap-y-1">
      <div className="min-w-0">
        {above && <div className="mb-0.5 text-xs text-muted">{above}</div>}
        <h1 className="text-xl font-semibold tracking-tight break-all">{title}</h1>
      </div>
      {actions && (
        <div className="flex flex-wrap items-center justify-end gap-2 self-end md:row-span-2">{actions}</div>
      )}
      {meta && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted tabular-nums max-md:col-span-2 md:col-start-1 md:row-start-2">
          {meta}
        </div>
      )}
    </header>
  )
}

/** The column that a page's content stands in. */
export function PageBody({ children }: { children: ReactNode }): ReactNode {
  return (
    <div className="mx-auto flex w-full max-w-[1320px] flex-col gap-5 px-6 py-6 max-md:px-4 max-md:py-4">
      {children}
    </div>
  )
}
