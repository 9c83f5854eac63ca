import clsx from 'clsx'
import type { ComponentProps, ReactNode } from 'react'
import { ScrollRegion } from './scroll-region.tsx'

/** A plain table for lists of a page or less; it scrolls sideways by itself when a phone is too narrow. */
export function Table({
  label,
  children,
  className,
}: {
  label: string
  children: ReactNode
  className?: string
}): ReactNode {
  return (
    <ScrollRegion
      label={label}
      className="relative w-full overflow-x-auto focus-visible:outline-offset-[-2px]"
    >
      <table className={clsx('w-full border-collapse text-left text-sm', className)}>
        <caption className="sr-only">{label}</caption>
        {children}
      </table>
    </ScrollRegion>
  )
}

export function Th({ className, numeric, ...rest }: ComponentProps<'th'> & { numeric?: boolean }): ReactNode {
  return (
    <th
      scope="col"
      className={clsx(
        'h-9 border-b border-line px-3 text-xs font-medium whitespace-nowrap text-faint first:pl-4 last:pr-4',
        numeric && 'text-right',
        className,
      )}
      {...rest}
    />
  )
}

export function Td({ className, numeric, ...rest }: ComponentProps<'td'> & { numeric?: boolean }): ReactNode {
  return (
    <td
      className={clsx(
        'h-9 px-3 align-middle first:pl-4 last:pr-4',
        numeric && 'text-right whitespace-nowrap tabular-nums',
        className,
      )}
      {...rest}
    />
  )
}

export function Tr({ className, ...rest }: ComponentProps<'tr'>): ReactNode {
  return <tr className={clsx('border-t border-line first:border-t-0', className)} {...rest} />
}
