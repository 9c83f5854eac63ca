'use client'

import type { ReactNode } from 'react'
import { useTopicProducers } from '../../lib/queries/topics.ts'
import { formatCount } from '../format/count.ts'
import { formatTimestamp } from '../format/time.ts'
import { Badge } from '../ui/badge.tsx'
import { Panel } from '../ui/panel.tsx'
import { PartitionMark } from '../ui/partition-mark.tsx'
import { Empty, Pending } from '../ui/states.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'

/** Idempotent and transactional producers that the partitions remember. */
export function ProducersTab({ cluster, topic }: { cluster: string; topic: string }): ReactNode {
  const { data, error, refetch } = useTopicProducers(cluster, topic)
  if (!data) return <Pending what="producers" error={error} onRetry={() => void refetch()} />
  if (data.producers.length === 0)
    return (
      <Empty title="No producer state">
        The broker remembers producers that are idempotent or transactional. One that sends without a producer
        id leaves no trace here.
      </Empty>
    )
  return (
    <Panel flush>
      <Table label="Producers">
        <thead>
          <tr>
            <Th>Partition</Th>
            <Th numeric>Producer id</Th>
            <Th numeric>Epoch</Th>
            <Th numeric>Last sequence</Th>
            <Th>Last record</Th>
            <Th>Transaction</Th>
          </tr>
        </thead>
        <tbody>
          {data.producers.map((producer) => (
            <Tr key={`${producer.producerId} ${producer.partition}`}>
              <Td>
                <PartitionMark partition={producer.partition} />
              </Td>
              <Td numeric className="font-medium">
                {producer.producerId}
              </Td>
              <Td numeric>{producer.producerEpoch}</Td>
              <Td numeric>{formatCount(producer.lastSequence)}</Td>
              <Td className="font-mono text-xs whitespace-nowrap text-muted">
                {formatTimestamp(producer.lastTimestamp)}
              </Td>
              <Td>
                {producer.currentTransactionStartOffset === null ? (
                  <span className="text-faint">none open</span>
                ) : (
                  <Badge tone="warm">
                    open since offset {formatCount(producer.currentTransactionStartOffset)}
                  </Badge>
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}
