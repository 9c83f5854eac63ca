'use client'

import type { ReactNode } from 'react'
import type { Overview } from '../../lib/contract/clusters.ts'
import { formatCount } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'
import { stateTone } from '../groups/state-tone.ts'
import { Trend } from '../groups/trend.tsx'
import { StateDot } from '../ui/badge.tsx'
import { ClusterLink, groupPath } from '../ui/cluster-link.tsx'
import { Panel } from '../ui/panel.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'

/** Groups that have records left to read, the furthest behind first. */
export function LaggingPanel({
  lagging,
  groups,
}: {
  lagging: Overview['lagging']
  groups: number
}): ReactNode {
  return (
    <Panel
      title="Groups behind"
      aside={
        <ClusterLink href="/groups" className="hover:text-text hover:underline">
          All {formatCount(groups)}
        </ClusterLink>
      }
      flush
    >
      {lagging.length === 0 ? (
        <p className="px-4 py-8 text-center text-sm text-faint">
          {groups === 0 ? 'No consumer group yet.' : 'Every group has read everything.'}
        </p>
      ) : (
        <Table label="Groups behind">
          <thead>
            <tr>
              <Th>Group</Th>
              <Th className="max-md:hidden">State</Th>
              <Th numeric>Lag</Th>
              <Th numeric>Behind by</Th>
              <Th numeric className="max-md:hidden">
                Trend
              </Th>
            </tr>
          </thead>
          <tbody>
            {lagging.map((group) => (
              <Tr key={group.groupId}>
                <Td className="max-w-52 truncate font-medium">
                  <ClusterLink href={groupPath(group.groupId)} className="hover:underline">
                    {group.groupId}
                  </ClusterLink>
                </Td>
                <Td className="max-md:hidden">
                  <StateDot tone={stateTone(group.state)}>{group.state}</StateDot>
                </Td>
                <Td numeric>{formatCount(group.lag)}</Td>
                <Td numeric>{group.lagSeconds === null ? '–' : formatDuration(group.lagSeconds * 1000)}</Td>
                <Td numeric className="w-32 max-md:hidden">
                  <Trend perSecond={group.trend} />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </Panel>
  )
}
