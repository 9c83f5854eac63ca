'use client'

import {
  ArrowLeftRight,
  CircleAlert,
  CirclePlus,
  type LucideIcon,
  Plug,
  Rows3,
  Server,
  Trash2,
  Unplug,
  UserMinus,
  UsersRound,
} from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import type { Activity } from '../../lib/contract/clusters.ts'
import { formatAgo } from '../format/time.ts'
import { ClusterLink, groupPath, topicPath } from '../ui/cluster-link.tsx'
import { Panel } from '../ui/panel.tsx'
import { ScrollRegion } from '../ui/scroll-region.tsx'
import { WholeWords } from '../ui/whole-words.tsx'

const icons: Record<Activity['kind'], LucideIcon> = {
  clientConnected: Plug,
  clientDisconnected: Unplug,
  topicCreated: CirclePlus,
  topicDeleted: Trash2,
  partitionsAdded: Rows3,
  groupRebalanced: ArrowLeftRight,
  groupEmpty: UserMinus,
  groupCreated: UsersRound,
  groupDeleted: Trash2,
  partitionOffline: CircleAlert,
  brokerOnline: Server,
  brokerOffline: CircleAlert,
}
const losses: readonly Activity['kind'][] = ['partitionOffline', 'brokerOffline']

function pathOf({ kind, subject }: Activity): string | null {
  switch (kind) {
    case 'clientConnected':
      return '/clients'
    case 'topicCreated':
    case 'partitionsAdded':
      return topicPath(subject)
    case 'groupRebalanced':
    case 'groupEmpty':
    case 'groupCreated':
      return groupPath(subject)
    default:
      return null
  }
}

/** The text stands after the subject, in one line. */
function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}

function useNow(everyMs: number): number | null {
  const [now, setNow] = useState<number | null>(null)
  useEffect(() => {
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

function Line({ activity, now }: { activity: Activity; now: number | null }): ReactNode {
  const Icon = icons[activity.kind]
  const path = pathOf(activity)
  return (
    <li className="flex animate-[arrive_160ms] items-start gap-2.5 px-4 py-1.5 text-sm">
      <Icon
        aria-hidden
        strokeWidth={1.75}
        className={
          losses.includes(activity.kind)
            ? 'mt-0.5 size-4 shrink-0 text-loss'
            : 'mt-0.5 size-4 shrink-0 text-faint'
        }
      />
      <span className="min-w-0 flex-1 break-words">
        {path ? (
          <ClusterLink href={path} className="font-medium hover:underline">
            {activity.subject}
          </ClusterLink>
        ) : (
          <span className="font-medium">{activity.subject}</span>
        )}{' '}
        <span className="text-muted">
          <WholeWords text={lowerFirst(activity.text)} />
        </span>
      </span>
      <time
        dateTime={new Date(activity.at).toISOString()}
        className="shrink-0 text-xs leading-5 text-faint tabular-nums"
      >
        {now === null ? '' : formatAgo(activity.at, now)}
      </time>
    </li>
  )
}

/** What just happened on the cluster, newest first. */
export function ActivityPanel({ activity }: { activity: readonly Activity[] }): ReactNode {
  const now = useNow(1000)
  const newestFirst = [...activity].sort((a, b) => b.at - a.at)
  return (
    <Panel title="What just happened" flush>
      {newestFirst.length === 0 ? (
        <p className="px-4 py-8 text-center text-sm text-faint">Nothing since the dashboard started.</p>
      ) : (
        <ScrollRegion
          label="Latest events"
          className="max-h-[26rem] overflow-y-auto py-1.5 focus-visible:outline-offset-[-2px]"
        >
          <ul>
            {newestFirst.map((one) => (
              <Line key={`${one.at} ${one.kind} ${one.subject} ${one.text}`} activity={one} now={now} />
            ))}
          </ul>
        </ScrollRegion>
      )}
    </Panel>
  )
}
