'use client'

import type { ReactNode } from 'react'
import { Failure } from '../components/ui/states.tsx'

/** What stands in the place of a page that broke; the rail stays usable. */
export default function PageError({ error, reset }: { error: Error; reset: () => void }): ReactNode {
  return <Failure page title="This page broke" error={error} onRetry={reset} className="flex-1" />
}
