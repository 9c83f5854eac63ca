'use client'

import clsx from 'clsx'
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'

export type TabItem<Value extends string> = { value: Value; label: string; count?: number | undefined }

/** A tab list with roving focus: arrows move, Home and End jump; the panel is the caller's `<TabPanel>`. */
export function Tabs<Value extends string>({
  label,
  value,
  items,
  onChange,
  className,
}: {
  label: string
  value: Value
  items: readonly TabItem<Value>[]
  onChange: (value: Value) => void
  className?: string
}): ReactNode {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    ref.current
      ?.querySelector(`[data-tab="${value}"]`)
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [value])
  function onKeyDown(event: KeyboardEvent): void {
    const at = items.findIndex((item) => item.value === value)
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    const item = items[(next + items.length) % items.length]
    if (!item) return
    onChange(item.value)
    ref.current?.querySelector<HTMLElement>(`[data-tab="${item.value}"]`)?.focus()
  }
  return (
    <div
      ref={ref}
      role="tablist"
      aria-label={label}
      onKeyDown={onKeyDown}
      className={clsx('flex gap-1 overflow-x-auto border-b border-line [scrollbar-width:none]', className)}
    >
      {items.map((item) => (
        <button
          key={item.value}
          type="button"
          role="tab"
          id={`tab-${item.value}`}
          data-tab={item.value}
          aria-selected={item.value === value}
          aria-controls={item.value === value ? `panel-${item.value}` : undefined}
          tabIndex={item.value === value ? 0 : -1}
          onClick={() => onChange(item.value)}
          className={clsx(
            '-mb-px flex h-9 shrink-0 items-center gap-1.5 border-b-2 px-2.5 text-sm transition-colors duration-100 focus-visible:outline-offset-[-2px] max-md:h-11',
            item.value === value
              ? 'border-flow font-medium text-text'
              : 'border-transparent text-muted hover:text-text',
          )}
        >
          {item.label}
          {item.count !== undefined && <span className="text-xs text-faint">{item.count}</span>}
        </button>
      ))}
    </div>
  )
}

export function TabPanel({
  value,
  children,
  className,
}: {
  value: string
  children: ReactNode
  className?: string
}): ReactNode {
  return (
    <div role="tabpanel" id={`panel-${value}`} aria-labelledby={`tab-${value}`} className={className}>
      {children}
    </div>
  )
}
