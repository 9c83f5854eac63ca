'use client'

import { type ReactNode, useId, useRef, useState } from 'react'
import { createPortal } from 'react-dom'

/** Words that appear on hover and on focus, and leave on Escape. The trigger is a button so that a keyboard reaches it. */
export function Hint({
  children,
  label,
  className,
}: {
  children: ReactNode
  label: ReactNode
  className?: string
}): ReactNode {
  const id = useId()
  const ref = useRef<HTMLButtonElement>(null)
  const [at, setAt] = useState<{ x: number; y: number; above: boolean } | null>(null)
  function show(): void {
    const box = ref.current?.getBoundingClientRect()
    if (!box) return
    const above = box.bottom + 120 > window.innerHeight
    const x = Math.min(Math.max(box.left + box.width / 2, 148), window.innerWidth - 148)
    setAt({ x, y: above ? box.top - 6 : box.bottom + 6, above })
  }
  const hide = () => setAt(null)
  return (
    <>
      <button
        ref={ref}
        type="button"
        aria-describedby={at ? id : undefined}
        onMouseEnter={show}
        onMouseLeave={hide}
        onFocus={show}
        onBlur={hide}
        onClick={show}
        onKeyDown={(event) => {
          if (event.key === 'Escape') hide()
        }}
        className={
          className ?? 'cursor-help underline decoration-line-strong decoration-dotted underline-offset-3'
        }
      >
        {children}
      </button>
      {at &&
        createPortal(
          <div
            role="tooltip"
            id={id}
            style={{ left: at.x, top: at.y, transform: `translate(-50%, ${at.above ? '-100%' : '0'})` }}
            className="pointer-events-none fixed z-50 w-max max-w-72 animate-[arrive_120ms] rounded-md border border-line-strong bg-raised px-2.5 py-1.5 text-xs text-text shadow-lift"
          >
            {label}
          </div>,
          document.body,
        )}
    </>
  )
}
