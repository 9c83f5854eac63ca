'use client'

import { type ReactNode, useMemo } from 'react'
import type { TopicColumns } from '../../lib/contract/topics.ts'
import { useLive } from '../../lib/live/provider.tsx'
import { useTopics } from '../../lib/queries/topics.ts'
import { formatCount, formatRate } from '../format/count.ts'
import { ClusterLink, topicPath } from '../ui/cluster-link.tsx'
import { Panel } from '../ui/panel.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'

const shown = 6

/** Positions of the topics with most records a second, at rest ones left out. One pass, for there may be ten thousand. */
export function busiestTopics(topics: TopicColumns, limit: number): number[] {
  const best: number[] = []
  const rate = (at: number) => topics.recordsPerSecond[at] ?? 0
  for (let at = 0; at < topics.name.length; at++) {
    if (rate(at) <= 0) continue
    let place = best.length
    while (place > 0 && rate(best[place - 1]!) < rate(at)) place--
    if (place >= limit) continue
    best.splice(place, 0, at)
    if (best.length > limit) best.pop()
  }
  return best
}

/** Where the records go: the topics that are written to right now, by rate. */
export function BusiestPanel({ cluster, total }: { cluster: string; total: number }): ReactNode {
  useLive({ channel: 'topics', cluster })
  const topics = useTopics(cluster).data?.topics
  const busiest = useMemo(() => (topics ? busiestTopics(topics, shown) : []), [topics])
  const most = topics && busiest.length > 0 ? (topics.recordsPerSecond[busiest[0]!] ?? 1) : 1
  return (
    <Panel
      title="Topics in flow"
      aside={
        <ClusterLink href="/topics" className="hover:text-text hover:underline">
          All {formatCount(total)}
        </ClusterLink>
      }
      flush
    >
      {!topics || busiest.length === 0 ? (
        <p className="px-4 py-8 text-center text-sm text-faint">Nothing is being written.</p>
      ) : (
        <Table label="Topics in flow">
          <thead>
            <tr>
              <Th>Topic</Th>
              <Th className="w-2/5 max-md:hidden">
                <span className="sr-only">Drawn</span>
              </Th>
              <Th numeric>Records in</Th>
              <Th numeric>Kept</Th>
            </tr>
          </thead>
          <tbody>
            {busiest.map((at) => (
              <Tr key={topics.name[at]}>
                <Td className="max-w-52 truncate font-medium">
                  <ClusterLink href={topicPath(topics.name[at]!, 'partitions')} className="hover:underline">
                    {topics.name[at]}
                  </ClusterLink>
                </Td>
                <Td className="max-md:hidden">
                  <span
                    aria-hidden
                    className="block h-1.5 rounded-[1px] bg-flow-bright transition-[width] duration-150"
                    style={{ width: `${((topics.recordsPerSecond[at] ?? 0) / most) * 100}%` }}
                  />
                </Td>
                <Td numeric className="text-flow">
                  {formatRate(topics.recordsPerSecond[at])}/s
                </Td>
                <Td numeric>{formatCount(topics.records[at])}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </Panel>
  )
}
