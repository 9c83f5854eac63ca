import clsx from 'clsx'
import { Search } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'

const box =
  'w-full rounded-md border border-line-strong bg-panel text-sm text-text transition-colors duration-100 ' +
  'hover:border-faint focus-visible:border-flow focus-visible:outline-1 focus-visible:outline-offset-0 ' +
  'disabled:opacity-50 aria-[invalid=true]:border-loss max-md:text-base'

export function Input({ className, ...rest }: ComponentProps<'input'>): ReactNode {
  return (
    <input
      autoComplete="off"
      spellCheck={false}
      className={clsx(box, 'h-8 px-2.5 max-md:h-10', className)}
      {...rest}
    />
  )
}

export function Textarea({ className, ...rest }: ComponentProps<'textarea'>): ReactNode {
  return (
    <textarea
      spellCheck={false}
      className={clsx(box, 'resize-y px-2.5 py-1.5 font-mono text-xs leading-5', className)}
      {...rest}
    />
  )
}

/** A native select: every platform's own list, keyboard and screen reader included; only the arrow is ours. */
export function Select({ className, children, ...rest }: ComponentProps<'select'>): ReactNode {
  return (
    <select className={clsx(box, 'select-arrow h-8 truncate pr-7 pl-2.5 max-md:h-10', className)} {...rest}>
      {children}
    </select>
  )
}

/** A type-to-filter box. Escape empties it. */
export function SearchInput({
  value,
  onChange,
  label,
  className,
  ...rest
}: Omit<ComponentProps<'input'>, 'value' | 'onChange'> & {
  value: string
  onChange: (value: string) => void
  label: string
}): ReactNode {
  return (
    <div className={clsx('relative', className)}>
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-faint"
      />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && value) {
            event.preventDefault()
            onChange('')
          }
        }}
        className={clsx(box, 'h-8 pr-2.5 pl-8 max-md:h-10 [&::-webkit-search-cancel-button]:hidden')}
        {...rest}
      />
    </div>
  )
}
