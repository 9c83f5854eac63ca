import { type LucideIcon, Moon, Plus, Rows3, Server, Sun, UsersRound } from 'lucide-react'
import { useRouter, useSearchParams } from 'next/navigation'
import { useTheme } from 'next-themes'
import { useMemo } from 'react'
import { useBrokers } from '../../lib/queries/brokers.ts'
import { useGroups } from '../../lib/queries/groups.ts'
import { useTopics } from '../../lib/queries/topics.ts'
import { groupPath, topicPath, withCluster } from '../ui/cluster-link.tsx'
import { wordFilter } from '../ui/word-filter.ts'
import { bestMatches } from './best-matches.ts'
import { apiPlace, places } from './places.ts'
import { useCluster } from './use-cluster.ts'

export type PaletteEntry = { id: string; text: string; note?: string; icon: LucideIcon; run: () => void }
export type PaletteSection = { heading: string; entries: PaletteEntry[] }

const shownPerKind = 8

/** All that the palette finds for what is typed, under headings; a heading without entries is left out. */
export function usePaletteSections(typed: string, close: () => void): PaletteSection[] {
  const go = useGo(close)
  const named = useNamed(typed, go)
  const actions = useActions(go, close)
  return useMemo(() => {
    const holds = wordFilter(typed)
    return [
      ...named,
      { heading: 'Actions', entries: actions.filter((entry) => holds(entry.text)) },
      { heading: 'Pages', entries: pagesOf(go).filter((entry) => holds(entry.text)) },
    ].filter((section) => section.entries.length > 0)
  }, [named, actions, typed, go])
}

type Go = (path: string) => () => void

/** Closes the palette and goes to a page of the cluster that is looked at. */
function useGo(close: () => void): Go {
  const router = useRouter()
  const chosen = useSearchParams().get('cluster')
  return useMemo(
    () => (path) => () => {
      close()
      router.push(withCluster(path, chosen))
    },
    [close, router, chosen],
  )
}

/** What has a name of its own: topics, groups, brokers. */
function useNamed(typed: string, go: Go): PaletteSection[] {
  const { id } = useCluster()
  const topics = useTopics(id).data?.topics.name
  const groups = useGroups(id).data?.groups
  const brokers = useBrokers(id).data?.brokers
  return useMemo(() => {
    const holds = wordFilter(typed)
    const topicNames = bestMatches(topics ?? [], typed, shownPerKind)
    const groupIds = (groups ?? []).map((group) => group.groupId)
    const brokerEntries = (brokers ?? []).map(({ brokerId, host, port }) => ({
      id: `broker ${brokerId}`,
      text: `Broker ${brokerId}`,
      note: `${host}:${port}`,
      icon: Server,
      run: go(`/brokers/${brokerId}`),
    }))
    return [
      {
        heading: 'Topics',
        entries: topicNames.map((name) => ({
          id: `topic ${name}`,
          text: name,
          icon: Rows3,
          run: go(topicPath(name)),
        })),
      },
      {
        heading: 'Groups',
        entries: bestMatches(groupIds, typed, shownPerKind).map((name) => ({
          id: `group ${name}`,
          text: name,
          icon: UsersRound,
          run: go(groupPath(name)),
        })),
      },
      {
        heading: 'Brokers',
        entries: brokerEntries.filter((entry) => holds(`${entry.text} ${entry.note}`)).slice(0, shownPerKind),
      },
    ]
  }, [topics, groups, brokers, typed, go])
}

function useActions(go: Go, close: () => void): PaletteEntry[] {
  const { resolvedTheme, setTheme } = useTheme()
  const dark = resolvedTheme === 'dark'
  return useMemo(
    () => [
      { id: 'create-topic', text: 'Create a topic', icon: Plus, run: go('/topics?create=true') },
      {
        id: 'theme',
        text: dark ? 'Light theme' : 'Dark theme',
        icon: dark ? Sun : Moon,
        run: () => {
          setTheme(dark ? 'light' : 'dark')
          close()
        },
      },
    ],
    [go, close, dark, setTheme],
  )
}

function pagesOf(go: Go): PaletteEntry[] {
  return [...places, apiPlace].map((place) => ({
    id: `page ${place.href}`,
    text: place.label,
    note: `g ${place.keys}`,
    icon: place.icon,
    run: go(place.href),
  }))
}
