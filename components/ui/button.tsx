import clsx from 'clsx'
import type { ComponentProps, ReactNode } from 'react'

export type ButtonTone = 'primary' | 'plain' | 'quiet' | 'danger'

const tones: Record<ButtonTone, string> = {
  primary: 'bg-flow text-flow-ink border-transparent hover:brightness-110 active:brightness-95 font-medium',
  plain: 'bg-panel text-text border-line-strong hover:bg-hover',
  quiet: 'bg-transparent text-muted border-transparent hover:bg-hover hover:text-text',
  danger: 'bg-loss text-loss-ink border-transparent hover:brightness-110 font-medium',
}

/** The classes of a button, for links that act as one. */
export function buttonClass(tone: ButtonTone = 'plain', size: 'sm' | 'md' = 'md'): string {
  return clsx(
    'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border whitespace-nowrap select-none',
    'transition-[background-color,color,filter] duration-100 disabled:cursor-not-allowed disabled:opacity-45',
    size === 'sm' ? 'h-7 px-2 text-xs' : 'h-8 px-3 text-sm',
    'max-md:min-h-10',
    tones[tone],
  )
}

/** A button. While `busy` it keeps its width and cannot be pressed twice. */
export function Button({
  tone = 'plain',
  size = 'md',
  busy = false,
  className,
  children,
  type = 'button',
  disabled,
  ...rest
}: ComponentProps<'button'> & { tone?: ButtonTone; size?: 'sm' | 'md'; busy?: boolean }): ReactNode {
  return (
    <button
      type={type}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={clsx(buttonClass(tone, size), busy && 'animate-[breathe_1s_infinite]', className)}
      {...rest}
    >
      {children}
    </button>
  )
}

/** A square button with an icon only; `label` is its name for everyone who cannot see the icon. */
export function IconButton({
  label,
  className,
  children,
  tone = 'quiet',
  size = 'md',
  ...rest
}: Omit<ComponentProps<'button'>, 'aria-label'> & {
  label: string
  tone?: ButtonTone
  size?: 'sm' | 'md'
}): ReactNode {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={clsx(
        buttonClass(tone, size),
        '!px-0',
        size === 'sm' ? 'w-7' : 'w-8',
        'max-md:min-w-10',
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  )
}
