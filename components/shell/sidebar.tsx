'use client'

import clsx from 'clsx'
import { Search } from 'lucide-react'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { ClusterLink } from '../ui/cluster-link.tsx'
import { ClusterSelect, ClusterSwitcher } from './cluster-switcher.tsx'
import { ConnectionDot } from './connection.tsx'
import { Mark } from './mark.tsx'
import { apiPlace, isAt, type Place, places } from './places.ts'
import { ThemeSwitch } from './theme-switch.tsx'

function PlaceLink({ place, pathname }: { place: Place; pathname: string }): ReactNode {
  const current = isAt(pathname, place.href)
  const Icon = place.icon
  return (
    <ClusterLink
      href={place.href}
      aria-current={current ? 'page' : undefined}
      className={clsx(
        'flex h-8 items-center gap-2.5 rounded-md px-2 text-sm transition-colors duration-100',
        current ? 'bg-flow-wash font-medium text-text' : 'text-muted hover:bg-hover hover:text-text',
      )}
    >
      <Icon aria-hidden className={clsx('size-4', current && 'text-flow')} strokeWidth={1.75} />
      {place.label}
    </ClusterLink>
  )
}

/** The rail on wide screens. */
export function Sidebar({ onSearch }: { onSearch: () => void }): ReactNode {
  const pathname = usePathname()
  return (
    <aside className="sticky top-0 flex h-dvh w-52 shrink-0 flex-col gap-4 border-r border-line bg-rail px-3 py-4 max-md:hidden">
      <ClusterLink
        href="/"
        className="flex items-center gap-2 rounded-md px-2 text-base font-semibold tracking-tight"
      >
        <Mark />
        Millrace
      </ClusterLink>
      <ClusterSwitcher />
      <button
        type="button"
        onClick={onSearch}
        aria-keyshortcuts="Control+K Meta+K"
        className="flex h-8 items-center gap-2 rounded-md border border-line bg-panel px-2 text-sm text-muted hover:border-line-strong hover:text-text"
      >
        <Search aria-hidden className="size-3.5" />
        <span className="flex-1 text-left">Go to…</span>
        <kbd className="text-2xs text-faint">Ctrl K</kbd>
      </button>
      <nav aria-label="Main" className="flex flex-1 flex-col gap-0.5">
        {places.map((place) => (
          <PlaceLink key={place.href} place={place} pathname={pathname} />
        ))}
        <span className="flex-1" />
        <PlaceLink place={apiPlace} pathname={pathname} />
      </nav>
      <div className="flex items-center justify-between border-t border-line pt-3 pl-2 text-xs text-muted">
        <ConnectionDot />
        <ThemeSwitch />
      </div>
    </aside>
  )
}

/** Top and bottom bars on phones. */
export function PhoneTop({ onSearch }: { onSearch: () => void }): ReactNode {
  return (
    <header className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b border-line bg-rail px-4 md:hidden">
      <ClusterLink
        href="/"
        aria-label="Millrace, overview"
        className="flex h-11 items-center gap-2 font-semibold"
      >
        <Mark />
        <span className="max-[420px]:has-[+select]:hidden">Millrace</span>
      </ClusterLink>
      <span className="flex-1" />
      <ClusterSelect />
      <span className="text-xs text-muted">
        <ConnectionDot />
      </span>
      <ThemeSwitch />
      <button
        type="button"
        aria-label="Go to…"
        onClick={onSearch}
        className="flex size-10 items-center justify-center rounded-md text-muted"
      >
        <Search aria-hidden className="size-4.5" />
      </button>
    </header>
  )
}

export function PhoneBottom(): ReactNode {
  const pathname = usePathname()
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 grid grid-cols-5 border-t border-line bg-rail pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {places.map(({ href, label, icon: Icon }) => {
        const current = isAt(pathname, href)
        return (
          <ClusterLink
            key={href}
            href={href}
            aria-current={current ? 'page' : undefined}
            className={clsx(
              'flex h-14 flex-col items-center justify-center gap-0.5 text-2xs',
              current ? 'font-medium text-flow' : 'text-muted',
            )}
          >
            <Icon aria-hidden className="size-5" strokeWidth={1.75} />
            {label}
          </ClusterLink>
        )
      })}
    </nav>
  )
}
