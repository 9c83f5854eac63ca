'use client'

import { Monitor, Moon, Sun } from 'lucide-react'
import { useTheme } from 'next-themes'
import { type ReactNode, useSyncExternalStore } from 'react'
import { IconButton } from '../ui/button.tsx'

const order = ['system', 'light', 'dark'] as const
const words = { system: 'as the system', light: 'light', dark: 'dark' }

/** Turns through system, light and dark. */
export function ThemeSwitch(): ReactNode {
  const { theme, setTheme } = useTheme()
  // The server does not know the theme; until the page is alive the neutral icon stands.
  const alive = useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  )
  const now = alive && (theme === 'light' || theme === 'dark') ? theme : 'system'
  const next = order[(order.indexOf(now) + 1) % order.length]!
  const Icon = { system: Monitor, light: Sun, dark: Moon }[now]
  return (
    <IconButton
      size="sm"
      label={`Theme: ${words[now]}. Change to ${words[next]}`}
      onClick={() => setTheme(next)}
    >
      <Icon aria-hidden className="size-4" />
    </IconButton>
  )
}
