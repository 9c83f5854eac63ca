'use client'

import type { ReactNode } from 'react'
import type { TopicConsumer } from '../../lib/contract/topics.ts'
import { useTopicConsumers } from '../../lib/queries/topics.ts'
import { partitionColour } from '../format/colour.ts'
import { formatCount, plural } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'
import { stateTone } from '../groups/state-tone.ts'
import { Fidelity, StateDot } from '../ui/badge.tsx'
import { ClusterLink, groupPath } from '../ui/cluster-link.tsx'
import { Panel } from '../ui/panel.tsx'
import { PartitionMark } from '../ui/partition-mark.tsx'
import { Empty, Pending } from '../ui/states.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'

function ConsumerPanel({ consumer, exact }: { consumer: TopicConsumer; exact: boolean }): ReactNode {
  const most = Math.max(1, ...consumer.partitions.map((partition) => partition.lag ?? 0))
  return (
    <Panel
      flush
      title={
        <ClusterLink href={groupPath(consumer.groupId)} className="hover:underline">
          {consumer.groupId}
        </ClusterLink>
      }
      aside={
        <>
          <StateDot tone={stateTone(consumer.state)}>{consumer.state}</StateDot>
          <span>{plural(consumer.members, 'member')}</span>
          <span>
            lag <span className="font-medium text-text tabular-nums">{formatCount(consumer.lag)}</span>
            {consumer.lagSeconds !== null &&
              consumer.lagSeconds > 0 &&
              ` (${formatDuration(consumer.lagSeconds * 1000)})`}
          </span>
          <Fidelity exact={exact} />
        </>
      }
    >
      <Table label={`Partitions read by ${consumer.groupId}`}>
        <thead>
          <tr>
            <Th className="w-1/5">Partition</Th>
            <Th numeric className="w-1/6">
              Committed offset
            </Th>
            <Th numeric className="w-1/12">
              Lag
            </Th>
            <Th className="w-1/5 max-md:hidden">
              <span className="sr-only">Drawn</span>
            </Th>
            <Th className="w-1/5">Client</Th>
            <Th className="max-md:hidden">Host</Th>
          </tr>
        </thead>
        <tbody>
          {consumer.partitions.map((partition) => (
            <Tr key={partition.partition}>
              <Td>
                <PartitionMark partition={partition.partition} />
              </Td>
              <Td numeric>{formatCount(partition.committedOffset)}</Td>
              <Td numeric>{formatCount(partition.lag)}</Td>
              <Td className="max-md:hidden">
                <span
                  aria-hidden
                  className="block h-1.5 rounded-[1px]"
                  style={{
                    width: `${((partition.lag ?? 0) / most) * 100}%`,
                    background: partitionColour(partition.partition),
                  }}
                />
              </Td>
              <Td className="max-w-56 truncate">
                {partition.clientId ?? <span className="text-faint">nobody</span>}
              </Td>
              <Td className="font-mono text-xs text-muted max-md:hidden">{partition.host ?? '–'}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}

/** Who reads the topic, and how far each of them is. */
export function ConsumersTab({ cluster, topic }: { cluster: string; topic: string }): ReactNode {
  const { data, error, refetch } = useTopicConsumers(cluster, topic)
  if (!data) return <Pending what="consumers" error={error} onRetry={() => void refetch()} />
  if (data.consumers.length === 0)
    return (
      <Empty title="Nobody reads this topic">
        A consumer group appears here with its first committed offset, or as soon as a member is given a
        partition.
      </Empty>
    )
  return (
    <div className="flex flex-col gap-4">
      {data.consumers.map((consumer) => (
        <ConsumerPanel key={consumer.groupId} consumer={consumer} exact={data.precision === 'exact'} />
      ))}
    </div>
  )
}
