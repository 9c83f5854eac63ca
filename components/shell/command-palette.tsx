'use client'

import { Command } from 'cmdk'
import { CornerDownLeft, type LucideIcon, Moon, Plus, Rows3, Server, Sun, UsersRound } from 'lucide-react'
import { useRouter, useSearchParams } from 'next/navigation'
import { useTheme } from 'next-themes'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { useBrokers } from '../../lib/queries/brokers.ts'
import { useGroups } from '../../lib/queries/groups.ts'
import { useTopics } from '../../lib/queries/topics.ts'
import { plural } from '../format/count.ts'
import { groupPath, topicPath, withCluster } from '../ui/cluster-link.tsx'
import { wordsOf } from '../ui/word-filter.ts'
import { apiPlace, places } from './places.ts'
import { useCluster } from './use-cluster.ts'

type Entry = { id: string; text: string; note?: string; icon: LucideIcon; run: () => void }

const shownPerKind = 8

/** Names that hold all the words typed; those that begin with the first one come first, then the shorter. */
export function bestMatches(names: readonly string[], typed: string, limit: number): string[] {
  const words = wordsOf(typed)
  const found: { name: string; rank: number }[] = []
  for (const name of names) {
    const lower = name.toLowerCase()
    if (!words.every((word) => lower.includes(word))) continue
    const at = words[0] === undefined ? 0 : lower.indexOf(words[0])
    found.push({ name, rank: Math.min(at, 1) * 1000 + name.length })
  }
  return found
    .sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map((match) => match.name)
}

function useEntries(typed: string, close: () => void): { heading: string; entries: Entry[] }[] {
  const { id } = useCluster()
  const router = useRouter()
  const chosen = useSearchParams().get('cluster')
  const { resolvedTheme, setTheme } = useTheme()
  const topics = useTopics(id).data?.topics.name
  const groups = useGroups(id).data?.groups
  const brokers = useBrokers(id).data?.brokers
  return useMemo(() => {
    const go = (path: string) => () => {
      close()
      router.push(withCluster(path, chosen))
    }
    const holds = (text: string) => bestMatches([text], typed, 1).length === 1
    const pages = [...places, apiPlace].map((place) => ({
      id: `page ${place.href}`,
      text: place.label,
      note: `g ${place.keys}`,
      icon: place.icon,
      run: go(place.href),
    }))
    const actions: Entry[] = [
      { id: 'create-topic', text: 'Create a topic', icon: Plus, run: go('/topics?create=true') },
      {
        id: 'theme',
        text: resolvedTheme === 'dark' ? 'Light theme' : 'Dark theme',
        icon: resolvedTheme === 'dark' ? Sun : Moon,
        run: () => {
          setTheme(resolvedTheme === 'dark' ? 'light' : 'dark')
          close()
        },
      },
    ]
    return [
      {
        heading: 'Topics',
        entries: bestMatches(topics ?? [], typed, shownPerKind).map((name) => ({
          id: `topic ${name}`,
          text: name,
          icon: Rows3,
          run: go(topicPath(name)),
        })),
      },
      {
        heading: 'Groups',
        entries: bestMatches(
          (groups ?? []).map((group) => group.groupId),
          typed,
          shownPerKind,
        ).map((name) => ({ id: `group ${name}`, text: name, icon: UsersRound, run: go(groupPath(name)) })),
      },
      {
        heading: 'Brokers',
        entries: (brokers ?? [])
          .map((broker) => ({
            id: `broker ${broker.brokerId}`,
            text: `Broker ${broker.brokerId}`,
            note: `${broker.host}:${broker.port}`,
            icon: Server,
            run: go(`/brokers/${broker.brokerId}`),
          }))
          .filter((entry) => holds(`${entry.text} ${entry.note}`))
          .slice(0, shownPerKind),
      },
      { heading: 'Actions', entries: actions.filter((entry) => holds(entry.text)) },
      { heading: 'Pages', entries: pages.filter((entry) => holds(entry.text)) },
    ].filter((section) => section.entries.length > 0)
  }, [topics, groups, brokers, typed, close, router, chosen, resolvedTheme, setTheme])
}

/** Finds topics, groups, brokers, pages and actions. Opened with Ctrl/Cmd-K. */
export function CommandPalette({ onClose }: { onClose: () => void }): ReactNode {
  const ref = useRef<HTMLDialogElement>(null)
  const [typed, setTyped] = useState('')
  const [selected, setSelected] = useState('')
  const sections = useEntries(typed, onClose)
  const count = sections.reduce((sum, section) => sum + section.entries.length, 0)
  const first = sections[0]?.entries[0]?.id ?? ''
  // The best match is what Enter takes, also when names arrive after the first key.
  useEffect(() => setSelected(first), [first])
  useEffect(() => {
    const dialog = ref.current
    if (dialog && !dialog.open) dialog.showModal()
    dialog?.querySelector('input')?.focus()
    return () => dialog?.close()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click only closes on the backdrop; Escape is the keyboard's way
    <dialog
      ref={ref}
      aria-label="Go to"
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose()
      }}
      className="mt-[12dvh] w-[calc(100vw-2rem)] max-w-xl animate-[arrive_120ms] rounded-lg border border-line bg-raised p-0 shadow-lift max-md:mt-2"
    >
      <Command shouldFilter={false} loop label="Go to" value={selected} onValueChange={setSelected}>
        <Command.Input
          value={typed}
          onValueChange={setTyped}
          placeholder="Topic, group, broker, page or action"
          className="h-12 w-full border-b border-line bg-transparent px-4 text-base outline-none"
        />
        <Command.List className="max-h-[min(26rem,70dvh)] overflow-y-auto p-1.5" aria-label="Results">
          {count === 0 && (
            <div role="presentation" className="px-3 py-8 text-center text-sm text-muted">
              Nothing is called “{typed}”.
            </div>
          )}
          {sections.map((section) => (
            <Command.Group
              key={section.heading}
              heading={section.heading}
              className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-faint"
            >
              {section.entries.map((entry) => (
                <Command.Item
                  key={entry.id}
                  value={entry.id}
                  onSelect={entry.run}
                  className="group flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm data-[selected=true]:bg-hover max-md:h-11"
                >
                  <entry.icon aria-hidden className="size-4 shrink-0 text-faint" strokeWidth={1.75} />
                  <span className="min-w-0 flex-1 truncate">{entry.text}</span>
                  {entry.note && <span className="font-mono text-2xs text-faint">{entry.note}</span>}
                  <CornerDownLeft
                    aria-hidden
                    className="invisible size-3.5 text-faint group-data-[selected=true]:visible"
                  />
                </Command.Item>
              ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
      <p role="status" className="sr-only">
        {plural(count, 'result')}
      </p>
    </dialog>
  )
}
