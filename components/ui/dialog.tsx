'use client'

import clsx from 'clsx'
import { X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { IconButton } from './button.tsx'

/**
 * A modal over the browser's own `<dialog>`: focus trap, Escape, inert background and top layer are native.
 * Mounted only while open, so its state starts anew each time.
 */
export function Dialog({
  title,
  description,
  onClose,
  children,
  footer,
  width = 'md',
  tone = 'plain',
}: {
  title: ReactNode
  description?: ReactNode
  onClose: () => void
  children?: ReactNode
  footer?: ReactNode
  width?: 'md' | 'lg' | 'xl'
  tone?: 'plain' | 'danger'
}): ReactNode {
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    const before = document.activeElement
    if (!dialog.open) dialog.showModal()
    dialog.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    return () => {
      dialog.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click only closes on the backdrop; Escape is the keyboard's way
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose()
      }}
      className={clsx(
        'w-[calc(100vw-2rem)] rounded-lg border border-line bg-panel p-0 text-sm shadow-lift outline-none',
        'animate-[slide-up_160ms_var(--ease-settle)] max-md:mb-4 max-md:w-[calc(100vw-1rem)] max-md:max-w-none',
        width === 'md' && 'max-w-lg',
        width === 'lg' && 'max-w-2xl',
        width === 'xl' && 'max-w-5xl',
      )}
    >
      <div className="flex max-h-[calc(100dvh-4rem)] flex-col">
        <header className="flex items-start gap-3 border-b border-line px-5 py-3.5">
          <div className="min-w-0 flex-1">
            <h2 id={titleId} className={clsx('text-base font-semibold', tone === 'danger' && 'text-loss')}>
              {title}
            </h2>
            {description && <p className="mt-0.5 text-sm text-muted">{description}</p>}
          </div>
          <IconButton label="Close" size="sm" onClick={onClose} className="-my-1.5 -mr-1.5 max-md:-my-2">
            <X className="size-4" aria-hidden />
          </IconButton>
        </header>
        {children && (
          <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-5 py-4">{children}</div>
        )}
        {footer && (
          <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">
            {footer}
          </footer>
        )}
      </div>
    </dialog>
  )
}
