'use client'

import dynamic from 'next/dynamic'
import { useRouter, useSearchParams } from 'next/navigation'
import { type ReactNode, useEffect, useState } from 'react'
import { useLive } from '../../lib/live/provider.tsx'
import { useClusters } from '../../lib/queries/clusters.ts'
import { withCluster } from '../ui/cluster-link.tsx'
import { Failure, Loading } from '../ui/states.tsx'
import { ConnectionBanner } from './connection.tsx'
import { apiPlace, places } from './places.ts'
import { PhoneBottom, PhoneTop, Sidebar } from './sidebar.tsx'
import { useCluster } from './use-cluster.ts'

const CommandPalette = dynamic(
  () => import('./command-palette.tsx').then((module) => module.CommandPalette),
  {
    ssr: false,
  },
)
const Toaster = dynamic(() => import('./toaster.tsx').then((module) => module.Toaster), { ssr: false })

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

/** Ctrl/Cmd-K opens the palette; `g` then a letter goes to a page; `/` goes to the page's filter. */
function useShortcuts(openPalette: () => void): void {
  const router = useRouter()
  const cluster = useSearchParams().get('cluster')
  useEffect(() => {
    let goAt = 0
    function onKeyDown(event: KeyboardEvent): void {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        openPalette()
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (document.querySelector('dialog[open]')) return
      if (event.key === '/') {
        const filter = document.querySelector<HTMLInputElement>('main input[type="search"]')
        if (!filter) return
        event.preventDefault()
        filter.focus()
        return
      }
      const place = [...places, apiPlace].find((candidate) => candidate.keys === event.key)
      if (place && event.timeStamp - goAt < 1000) {
        goAt = 0
        router.push(withCluster(place.href, cluster))
      } else if (event.key === 'g') goAt = event.timeStamp
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [router, cluster, openPalette])
}

/** A page is drawn when it is known of which cluster: a moment, as the list comes with the first answer. */
function KnownCluster({ children }: { children: ReactNode }): ReactNode {
  const { id } = useCluster()
  const { error, refetch } = useClusters()
  if (id !== '') return children
  if (error)
    return <Failure page title="Millrace does not answer" error={error} onRetry={() => void refetch()} />
  return <Loading page lines={10} label="Loading" className="mx-auto w-full max-w-[1320px] p-6" />
}

/** Rail, banner and page. */
export function Shell({ children }: { children: ReactNode }): ReactNode {
  const [paletteOpen, setPaletteOpen] = useState(false)
  const [openPalette] = useState(() => () => setPaletteOpen(true))
  useShortcuts(openPalette)
  useLive({ channel: 'clusters' })
  // Back and forward close the palette; what it opens itself, it closes for before. Closing on the new path instead
  // would take a palette away that was opened while the page was on its way.
  useEffect(() => {
    const close = () => setPaletteOpen(false)
    window.addEventListener('popstate', close)
    return () => window.removeEventListener('popstate', close)
  }, [])
  return (
    <>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-raised focus:px-3 focus:py-2"
      >
        Skip to content
      </a>
      <div className="flex min-h-dvh">
        <Sidebar onSearch={openPalette} />
        <div className="flex min-w-0 flex-1 flex-col max-md:pb-14">
          <PhoneTop onSearch={openPalette} />
          <ConnectionBanner />
          <main id="content" tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
            <KnownCluster>{children}</KnownCluster>
          </main>
        </div>
      </div>
      <PhoneBottom />
      {paletteOpen && <CommandPalette onClose={() => setPaletteOpen(false)} />}
      <Toaster />
    </>
  )
}
