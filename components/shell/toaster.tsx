'use client'

import { useTheme } from 'next-themes'
import type { ReactNode } from 'react'
import { Toaster as SonnerToaster } from 'sonner'

/** Where short notices appear: what was done, or why it was not. */
export function Toaster(): ReactNode {
  const { resolvedTheme } = useTheme()
  return (
    <SonnerToaster
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-right"
      closeButton
      toastOptions={{
        style: {
          background: 'var(--raised)',
          color: 'var(--text)',
          border: '1px solid var(--line-strong)',
          borderRadius: '5px',
          boxShadow: 'var(--lift)',
          font: 'inherit',
        },
      }}
    />
  )
}
