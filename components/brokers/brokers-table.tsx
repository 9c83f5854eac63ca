'use client'

import type { ReactNode } from 'react'
import type { BrokerRow } from '../../lib/contract/brokers.ts'
import { formatBytes } from '../format/bytes.ts'
import { formatCount, formatRate } from '../format/count.ts'
import { Badge, StateDot } from '../ui/badge.tsx'
import { ClusterLink } from '../ui/cluster-link.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'

function rate(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? '–' : `${formatBytes(bytesPerSecond)}/s`
}

/** Brokers with what they lead and what flows through them. */
export function BrokersTable({ brokers }: { brokers: readonly BrokerRow[] }): ReactNode {
  return (
    <Table label="Brokers">
      <thead>
        <tr>
          <Th>Broker</Th>
          <Th>State</Th>
          <Th className="max-md:hidden">Address</Th>
          <Th numeric>Leaders</Th>
          <Th numeric>Replicas</Th>
          <Th numeric>On disk</Th>
          <Th numeric>Connections</Th>
          <Th numeric>Requests</Th>
          <Th numeric>In</Th>
          <Th numeric>Out</Th>
        </tr>
      </thead>
      <tbody>
        {brokers.map((broker) => (
          <Tr key={broker.brokerId} className="hover:bg-hover">
            <Td className="font-medium whitespace-nowrap">
              <span className="inline-flex items-center gap-2">
                <ClusterLink href={`/brokers/${broker.brokerId}`} className="hover:underline">
                  Broker {broker.brokerId}
                </ClusterLink>
                {broker.controller && <Badge tone="flow">controller</Badge>}
                {broker.rack !== null && <Badge title="Rack">{broker.rack}</Badge>}
              </span>
            </Td>
            <Td>
              <StateDot tone={broker.online ? 'flow' : 'loss'}>
                {broker.online ? 'online' : 'offline'}
              </StateDot>
            </Td>
            <Td className="font-mono text-xs whitespace-nowrap max-md:hidden">
              {broker.host}:{broker.port}
            </Td>
            <Td numeric>{formatCount(broker.leaders)}</Td>
            <Td numeric>{formatCount(broker.replicas)}</Td>
            <Td numeric>{formatBytes(broker.sizeBytes)}</Td>
            <Td numeric>{formatCount(broker.connections)}</Td>
            <Td numeric>
              {broker.requestsPerSecond === null ? '–' : `${formatRate(broker.requestsPerSecond)}/s`}
            </Td>
            <Td numeric>{rate(broker.bytesInPerSecond)}</Td>
            <Td numeric>{rate(broker.bytesOutPerSecond)}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}
