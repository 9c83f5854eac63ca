import clsx from 'clsx'
import { CircleAlert, CloudOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'

function Frame({ children, className }: { children: ReactNode; className?: string | undefined }): ReactNode {
  return (
    <div
      className={clsx('flex flex-col items-center justify-center gap-2 px-6 py-12 text-center', className)}
    >
      {children}
    </div>
  )
}

function Title({ page, children }: { page: boolean; children: ReactNode }): ReactNode {
  const Tag = page ? 'h1' : 'p'
  return <Tag className="text-base font-medium">{children}</Tag>
}

/** Nothing there, on purpose: says what would be here and how to get it. */
export function Empty({
  title,
  children,
  action,
  page = false,
  className,
}: {
  title: string
  /** It stands for the whole page, so its title is the page's heading. */
  page?: boolean
  children?: ReactNode
  action?: ReactNode
  className?: string
}): ReactNode {
  return (
    <Frame className={className}>
      <EmptyLanes />
      <Title page={page}>{title}</Title>
      {children && <div className="max-w-md text-sm text-muted">{children}</div>}
      {action && <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div>}
    </Frame>
  )
}

/** Three lanes without a record. */
function EmptyLanes(): ReactNode {
  return (
    <svg aria-hidden width="72" height="32" viewBox="0 0 72 32" className="mb-1 text-line-strong">
      {[6, 16, 26].map((y, lane) => (
        <g key={y}>
          <line x1="0" x2="72" y1={y} y2={y} stroke="currentColor" strokeDasharray="2 3" />
          <rect x={8 + lane * 20} y={y - 3} width="6" height="6" rx="1" fill="none" stroke="currentColor" />
        </g>
      ))}
    </svg>
  )
}

/** Something failed: what, in the server's own words, and the way to try again. */
export function Failure({
  title,
  error,
  onRetry,
  page = false,
  className,
}: {
  title: string
  page?: boolean
  error: { message: string; code?: string } | null
  onRetry?: () => void
  className?: string
}): ReactNode {
  return (
    <Frame className={className}>
      <CircleAlert aria-hidden className="size-6 text-loss" />
      <div role="alert">
        <Title page={page}>{title}</Title>
        {error && <p className="mt-1 max-w-lg text-sm text-muted">{error.message}</p>}
        {error?.code && <p className="mt-1 font-mono text-xs text-faint">{error.code}</p>}
      </div>
      {onRetry && (
        <Button className="mt-2" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Frame>
  )
}

/** The server or the cluster is away; the figures on the page are the last known ones. */
export function Offline({ title, children }: { title: string; children?: ReactNode }): ReactNode {
  return (
    <div
      role="status"
      className="flex items-start gap-2.5 border-b border-line bg-warm-wash px-6 py-2 text-sm max-md:px-4"
    >
      <CloudOff aria-hidden className="mt-0.5 size-4 shrink-0 text-warm" />
      <p>
        <span className="font-medium">{title}</span>
        {children && <span className="text-muted"> {children}</span>}
      </p>
    </div>
  )
}

/** Still lines in the place of what comes; nothing shifts when it is there. */
export function Loading({
  lines = 6,
  label = 'Loading',
  page = false,
  className,
}: {
  lines?: number
  label?: string
  page?: boolean
  className?: string
}): ReactNode {
  return (
    <div role="status" className={clsx('flex flex-col gap-3 p-4', className)}>
      {page ? <h1 className="sr-only">{label}</h1> : <span className="sr-only">{label}</span>}
      {Array.from({ length: lines }, (_, line) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity
          key={line}
          aria-hidden
          className="h-3 animate-[breathe_1.6s_ease-in-out_infinite] rounded-sm bg-hover"
          style={{ width: `${88 - ((line * 37) % 46)}%`, animationDelay: `${line * 90}ms` }}
        />
      ))}
    </div>
  )
}

/** In the place of what was not read yet: still lines, or why it could not be read. */
export function Pending({
  what,
  error,
  onRetry,
  lines = 6,
}: {
  /** As in “The producers could not be read”. */
  what: string
  error: { message: string; code?: string } | null
  onRetry: () => void
  lines?: number
}): ReactNode {
  return error ? (
    <Failure title={`The ${what} could not be read`} error={error} onRetry={onRetry} />
  ) : (
    <Loading lines={lines} label={`Loading ${what}`} />
  )
}
