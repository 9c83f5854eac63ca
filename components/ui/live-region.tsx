'use client'

import { type ReactNode, useEffect, useRef, useState } from 'react'

/** Says `text` to screen readers when it changes, at most once in `everyMs`: figures move too fast to be read out each time. */
export function LiveRegion({ text, everyMs = 10_000 }: { text: string; everyMs?: number }): ReactNode {
  const [said, setSaid] = useState('')
  const lastAt = useRef(0)
  useEffect(() => {
    const wait = Math.max(0, lastAt.current + everyMs - Date.now())
    const timer = setTimeout(() => {
      lastAt.current = Date.now()
      setSaid(text)
    }, wait)
    return () => clearTimeout(timer)
  }, [text, everyMs])
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  )
}
