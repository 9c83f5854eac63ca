'use client'

import clsx from 'clsx'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'

/** A menu behind a button; arrow keys, type-ahead and Escape as one expects. */
export function Menu({
  trigger,
  children,
  align = 'end',
  defaultOpen = false,
}: {
  trigger: ReactNode
  children: ReactNode
  align?: 'start' | 'end'
  defaultOpen?: boolean
}): ReactNode {
  return (
    <DropdownMenu.Root modal={false} defaultOpen={defaultOpen}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          className="z-40 min-w-44 animate-[arrive_120ms] rounded-md border border-line bg-raised p-1 text-sm shadow-lift"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

export function MenuItem({
  onSelect,
  children,
  tone = 'plain',
  disabled,
}: {
  onSelect: () => void
  children: ReactNode
  tone?: 'plain' | 'danger'
  disabled?: boolean
}): ReactNode {
  return (
    <DropdownMenu.Item
      disabled={disabled ?? false}
      onSelect={onSelect}
      className={clsx(
        'flex h-8 cursor-pointer items-center gap-2 rounded-sm px-2 outline-none select-none data-highlighted:bg-hover data-disabled:opacity-45 max-md:h-11',
        tone === 'danger' && 'text-loss',
      )}
    >
      {children}
    </DropdownMenu.Item>
  )
}

export function MenuSeparator(): ReactNode {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />
}
